import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouter } from '@tanstack/react-router';
import { personQuery, signOutPerson } from '../session/person.ts';
import { Notice, OwnLinks } from '../shell/brand.tsx';
import { type PlaceGroup, Shell } from '../shell/shell.tsx';
import { shellTexts } from '../shell/shell.texts.ts';
import { SignedIn, SignInAgain } from '../shell/who.tsx';
import { useTexts } from '../texts.ts';
import { useKeptLanguage } from './keep-language.ts';
import { teamQuery } from './team/team-queries.ts';
import { portalTexts } from './portal.texts.ts';
import { SignInForm } from './sign-in/sign-in-form.tsx';

/** The frame of the Portal: its pages, and who looks at them. What is open to anybody is shown without. */
export function PortalShell() {
  const texts = useTexts(portalTexts);
  const { data: person } = useQuery(personQuery);
  // Nobody is offered what is not turned on.
  const hasTeams = useQuery({ ...teamQuery, enabled: person !== undefined }).data?.is_on === true;
  useKeptLanguage();
  const groups: readonly PlaceGroup[] = [
    { places: [{ to: '/portal', name: texts.home, icon: 'home', isMain: true }] },
    {
      name: texts.money,
      places: [
        {
          to: '/portal/top-up',
          name: texts.topUp,
          icon: 'card',
          isMain: true,
          also: ['/portal/topup', '/portal/plans'],
        },
        { to: '/portal/billing', name: texts.billing, icon: 'bill', also: ['/portal/proof'] },
      ],
    },
    {
      name: texts.use,
      places: [
        { to: '/portal/keys', name: texts.keys, icon: 'key', isMain: true },
        { to: '/portal/connect', name: texts.connect, icon: 'plug' },
        { to: '/portal/playground', name: texts.playground, icon: 'chat' },
        { to: '/portal/usage', name: texts.usage, icon: 'chart' },
        { to: '/portal/logs', name: texts.logs, icon: 'list', isMain: true },
        { to: '/portal/models', name: texts.models, icon: 'tag' },
      ],
    },
    {
      name: texts.account,
      places: [
        ...(hasTeams ? [{ to: '/portal/team', name: texts.team, icon: 'users' } as const] : []),
        { to: '/portal/alerts', name: texts.alerts, icon: 'bell' },
        { to: '/portal/settings', name: texts.settings, icon: 'tune' },
      ],
    },
  ];
  return (
    <Shell home="/portal" groups={groups} links={<OwnLinks />} foot={<Foot name={person?.username} />}>
      <Notice />
      {person?.session?.return_url && <WayBack url={person.session.return_url} />}
      <Outlet />
      <SignInAgain>
        <SignInForm />
      </SignInAgain>
    </Shell>
  );
}

/** The way back to the front end that sent the person here. */
function WayBack({ url }: { readonly url: string }) {
  const { backTo } = useTexts(portalTexts);
  return (
    <p className="small">
      <a href={url} rel="noreferrer">
        {backTo(new URL(url).host)}
      </a>
    </p>
  );
}

function Foot({ name }: { readonly name: string | undefined }) {
  const { signIn } = useTexts(shellTexts);
  const router = useRouter();
  if (name === undefined)
    return (
      <span>
        <Link to="/portal/sign-in">{signIn}</Link>
      </span>
    );
  const leave = async () => {
    await signOutPerson();
    await router.navigate({ to: '/portal/sign-in' });
  };
  return <SignedIn name={name} leave={leave} />;
}

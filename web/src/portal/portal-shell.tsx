import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouter } from '@tanstack/react-router';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { useSessionEnded } from '../session/expiry.ts';
import { personQuery, signOutPerson } from '../session/person.ts';
import { type PlaceGroup, Shell } from '../shell/shell.tsx';
import { shellTexts } from '../shell/shell.texts.ts';
import { useTexts } from '../texts.ts';
import { portalTexts } from './portal.texts.ts';
import { SignInForm } from './sign-in/sign-in-form.tsx';
import { signInTexts } from './sign-in/sign-in.texts.ts';

/** The frame of the Portal: its pages, and who looks at them. What is open to anybody is shown without. */
export function PortalShell() {
  const texts = useTexts(portalTexts);
  const { data: person } = useQuery(personQuery);
  const groups: readonly PlaceGroup[] = [
    { name: texts.use, places: [{ to: '/portal/models', name: texts.models, icon: 'tag', isMain: true }] },
    {
      name: texts.account,
      places: [{ to: '/portal/settings', name: texts.settings, icon: 'tune', isMain: true }],
    },
  ];
  return (
    <Shell home="/portal" groups={groups} foot={<Foot name={person?.username} />}>
      <Outlet />
      <SignInAgain />
    </Shell>
  );
}

function Foot({ name }: { readonly name: string | undefined }) {
  const texts = useTexts(shellTexts);
  const { signIn } = useTexts(portalTexts);
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
  return (
    <>
      <span title={name}>{name}</span>
      <button
        className="button quiet small icon-only"
        type="button"
        aria-label={texts.signOut}
        title={texts.signOut}
        onClick={() => void leave()}
      >
        <Icon name="back" />
      </button>
    </>
  );
}

/** Over the page, which keeps what was typed in it. */
function SignInAgain() {
  const texts = useTexts(signInTexts);
  if (!useSessionEnded()) return null;
  return (
    <Dialog title={texts.again}>
      <div className="dialog-body">
        <p className="muted">{texts.ended}</p>
        <SignInForm />
      </div>
    </Dialog>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouter } from '@tanstack/react-router';
import { Failure } from '../parts/failure.tsx';
import { Icon } from '../parts/icon.tsx';
import { operatorQuery, signOutOperator } from '../session/operator.ts';
import { type Place, type PlaceGroup, Shell } from '../shell/shell.tsx';
import { SignedIn, SignInAgain } from '../shell/who.tsx';
import { useTexts } from '../texts.ts';
import { adminTexts } from './admin.texts.ts';
import { FreshProof } from './parts/fresh-proof.tsx';
import { useMay } from './parts/may.ts';
import { OperatorSignInForm } from './sign-in/sign-in-form.tsx';

interface GuardedPlace extends Place {
  /** The permission without which the page is not offered. */
  readonly needs?: string;
}

const placeGroups = (
  texts: (typeof adminTexts)['en'],
): readonly { readonly name?: string; readonly places: readonly GuardedPlace[] }[] => [
  {
    places: [{ to: '/admin', name: texts.overview, icon: 'home', isMain: true }],
  },
  {
    name: texts.run,
    places: [
      { to: '/admin/users', name: texts.users, icon: 'users', isMain: true, needs: 'users:read' },
      { to: '/admin/channels', name: texts.channels, icon: 'route', isMain: true, needs: 'channels:read' },
      { to: '/admin/prices', name: texts.prices, icon: 'tag', needs: 'prices:read' },
      { to: '/admin/alerts', name: texts.alerts, icon: 'bell', needs: 'alerts:read' },
    ],
  },
  {
    name: texts.money,
    places: [
      {
        to: '/admin/payments',
        name: texts.payments,
        icon: 'card',
        needs: 'payments:read',
        also: [
          ...['/admin/orders', '/admin/order-flags', '/admin/grants', '/admin/codes', '/admin/plans'],
          ...['/admin/teams', '/admin/payment-providers'],
        ],
      },
      { to: '/admin/ledger', name: texts.ledger, icon: 'book', isMain: true, needs: 'audit:read' },
      { to: '/admin/usage', name: texts.usage, icon: 'chart', needs: 'usage:read' },
      { to: '/admin/logs', name: texts.logs, icon: 'list', needs: 'usage:read' },
    ],
  },
  {
    name: texts.service,
    places: [
      { to: '/admin/operators', name: texts.operators, icon: 'shield', needs: 'operators:read' },
      { to: '/admin/service-keys', name: texts.serviceKeys, icon: 'key', needs: 'service-keys:read' },
      { to: '/admin/acts', name: texts.acts, icon: 'clock', needs: 'acts:read' },
      { to: '/admin/mail', name: texts.mail, icon: 'mail', needs: 'mail:read' },
      { to: '/admin/outbox', name: texts.outbox, icon: 'plug', needs: 'mail:read' },
      { to: '/admin/system', name: texts.system, icon: 'server', needs: 'system:read' },
      { to: '/admin/settings', name: texts.settings, icon: 'tune', needs: 'settings:read' },
      { to: '/admin/account', name: texts.account, icon: 'lock' },
    ],
  },
];

/** The frame of Admin: its pages, and who looks at them. */
export function AdminShell() {
  const texts = useTexts(adminTexts);
  const { data: operator, error, refetch } = useQuery(operatorQuery);
  const may = useMay();
  const groups = placeGroups(texts)
    .map(({ places, ...group }): PlaceGroup => ({
      ...group,
      places: places.filter(({ needs }) => needs === undefined || may(needs)),
    }))
    .filter(({ places }) => places.length > 0);
  return (
    <Shell home="/admin" console="Admin" groups={groups} foot={<Foot name={operator?.name} />}>
      {operator?.owes_second_factor && (
        <div className="banner warning">
          <Icon name="shield" />
          <p>{texts.owesFactor}</p>
          <Link className="button small" to="/admin/account">
            {texts.account}
          </Link>
        </div>
      )}
      {operator ? <Outlet /> : error && <Failure error={error} retry={() => void refetch()} />}
      <FreshProof />
      <SignInAgain>
        <OperatorSignInForm />
      </SignInAgain>
    </Shell>
  );
}

function Foot({ name }: { readonly name: string | undefined }) {
  const router = useRouter();
  if (name === undefined) return null;
  const leave = async () => {
    await signOutOperator();
    await router.navigate({ to: '/admin/sign-in' });
  };
  return <SignedIn name={name} leave={leave} />;
}

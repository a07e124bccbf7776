import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouter } from '@tanstack/react-router';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { Icon } from '../parts/icon.tsx';
import { useSessionEnded } from '../session/expiry.ts';
import { operatorQuery, signOutOperator } from '../session/operator.ts';
import { type PlaceGroup, Shell } from '../shell/shell.tsx';
import { shellTexts } from '../shell/shell.texts.ts';
import { useTexts } from '../texts.ts';
import { adminTexts } from './admin.texts.ts';
import { useMay } from './parts/may.ts';
import { OperatorSignInForm } from './sign-in/sign-in-form.tsx';
import { signInTexts } from './sign-in/sign-in.texts.ts';

/** The frame of Admin: its pages, and who looks at them. */
export function AdminShell() {
  const texts = useTexts(adminTexts);
  const { data: operator, error, refetch } = useQuery(operatorQuery);
  const may = useMay();
  const groups: readonly PlaceGroup[] = [
    {
      places: [
        { to: '/admin', name: texts.account, icon: 'home', isMain: true },
        { to: '/admin/usage', name: texts.usage, icon: 'chart', isMain: true },
      ],
    },
    {
      name: texts.run,
      places: [
        { to: '/admin/users', name: texts.users, icon: 'users', isMain: true, needs: 'users:read' } as const,
        {
          to: '/admin/channels',
          name: texts.channels,
          icon: 'route',
          isMain: true,
          needs: 'channels:read',
        } as const,
      ].filter(({ needs }) => may(needs)),
    },
  ];
  return (
    <Shell home="/admin" console="Admin" groups={groups} foot={<Foot name={operator?.name} />}>
      {operator ? <Outlet /> : error && <Failure error={error} retry={() => void refetch()} />}
      <SignInAgain />
    </Shell>
  );
}

function Foot({ name }: { readonly name: string | undefined }) {
  const texts = useTexts(shellTexts);
  const router = useRouter();
  const leave = async () => {
    await signOutOperator();
    await router.navigate({ to: '/admin/sign-in' });
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
        <OperatorSignInForm />
      </div>
    </Dialog>
  );
}

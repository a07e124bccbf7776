import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouter } from '@tanstack/react-router';
import { Failure } from '../parts/failure.tsx';
import { operatorQuery, signOutOperator } from '../session/operator.ts';
import { type PlaceGroup, Shell } from '../shell/shell.tsx';
import { SignedIn, SignInAgain } from '../shell/who.tsx';
import { useTexts } from '../texts.ts';
import { adminTexts } from './admin.texts.ts';
import { useMay } from './parts/may.ts';
import { OperatorSignInForm } from './sign-in/sign-in-form.tsx';

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

import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { usePageTitle } from '../../parts/page-head.tsx';
import { Gate } from '../../shell/gate.tsx';
import { useTexts } from '../../texts.ts';
import { OperatorSignInForm } from './sign-in-form.tsx';
import { signInTexts } from './sign-in.texts.ts';

const route = getRouteApi('/admin/sign-in');

export function AdminSignInPage() {
  const texts = useTexts(signInTexts);
  const { next } = route.useSearch();
  const router = useRouter();
  usePageTitle(texts.title);
  return (
    <Gate>
      <div className="stack">
        <h1>{texts.title}</h1>
        <OperatorSignInForm onDone={() => router.history.replace(next ?? '/admin')} />
        <p className="small muted">
          <Link to="/portal">{texts.toPortal}</Link>
        </p>
      </div>
    </Gate>
  );
}

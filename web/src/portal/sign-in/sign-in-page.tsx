import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { usePageTitle } from '../../parts/page-head.tsx';
import { Gate } from '../../shell/gate.tsx';
import { useTexts } from '../../texts.ts';
import { ProviderButtons } from './provider-buttons.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { signInTexts } from './sign-in.texts.ts';

const route = getRouteApi('/portal/sign-in');

export function SignInPage() {
  const texts = useTexts(signInTexts);
  const { next } = route.useSearch();
  const router = useRouter();
  usePageTitle(texts.title);
  return (
    <Gate>
      <div className="stack">
        <h1>{texts.title}</h1>
        <SignInForm onDone={() => router.history.replace(next ?? '/portal')} />
        <ProviderButtons next={next} />
        <p className="small muted">
          {texts.noAccount} <Link to="/portal/register">{texts.register}</Link>
        </p>
      </div>
    </Gate>
  );
}

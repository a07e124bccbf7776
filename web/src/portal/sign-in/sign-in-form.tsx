import { Link } from '@tanstack/react-router';
import { signInPerson } from '../../session/person.ts';
import { CredentialsForm } from '../../shell/credentials-form.tsx';
import { useTexts } from '../../texts.ts';
import { PasskeyButton } from '../../factors/passkey-button.tsx';
import { signInByPasskey } from '../../session/passkeys.ts';
import { signInTexts } from './sign-in.texts.ts';

/** Name or address, and password. */
export function SignInForm({ onDone }: { readonly onDone?: () => void }) {
  const texts = useTexts(signInTexts);
  const forgot = (
    <Link className="small" to="/portal/forgot">
      {texts.forgot}
    </Link>
  );
  return (
    <div className="stack">
      <CredentialsForm
        login={{ name: 'login', label: texts.login }}
        signIn={signInPerson}
        beside={forgot}
        onDone={onDone}
      />
      <PasskeyButton signIn={signInByPasskey} onDone={onDone} />
    </div>
  );
}

import { PasskeyButton } from '../../factors/passkey-button.tsx';
import { signInOperator, signInOperatorByPasskey } from '../../session/operator.ts';
import { CredentialsForm } from '../../shell/credentials-form.tsx';
import { useTexts } from '../../texts.ts';
import { signInTexts } from './sign-in.texts.ts';

/** Name and password of an operator, or a passkey. */
export function OperatorSignInForm({ onDone }: { readonly onDone?: () => void }) {
  const { name } = useTexts(signInTexts);
  return (
    <div className="stack">
      <CredentialsForm login={{ name: 'name', label: name }} signIn={signInOperator} onDone={onDone} />
      <PasskeyButton signIn={signInOperatorByPasskey} onDone={onDone} />
    </div>
  );
}

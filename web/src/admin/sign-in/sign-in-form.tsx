import { signInOperator } from '../../session/operator.ts';
import { CredentialsForm } from '../../shell/credentials-form.tsx';
import { useTexts } from '../../texts.ts';
import { signInTexts } from './sign-in.texts.ts';

/** Name and password of an operator. */
export function OperatorSignInForm({ onDone }: { readonly onDone?: () => void }) {
  const { name } = useTexts(signInTexts);
  return <CredentialsForm login={{ name: 'name', label: name }} signIn={signInOperator} onDone={onDone} />;
}

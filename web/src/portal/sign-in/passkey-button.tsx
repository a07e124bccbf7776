import { useMutation } from '@tanstack/react-query';
import { FormFailure } from '../../parts/failure.tsx';
import { Icon } from '../../parts/icon.tsx';
import { canPasskeys, signInByPasskey, wasLeft } from '../../session/passkeys.ts';
import { useTexts } from '../../texts.ts';
import { signInTexts } from './sign-in.texts.ts';

/** Where the browser has passkeys, and the service at this address. */
export function PasskeyButton({ onDone }: { readonly onDone?: (() => void) | undefined }) {
  const texts = useTexts(signInTexts);
  const { mutate, error, isPending } = useMutation({
    mutationFn: signInByPasskey,
    meta: { signsIn: true },
    ...(onDone && { onSuccess: onDone }),
  });
  if (!canPasskeys()) return null;
  return (
    <div className="stack">
      {!wasLeft(error) && <FormFailure error={error} fields={[]} />}
      <button className="button wide" type="button" disabled={isPending} onClick={() => mutate()}>
        <Icon name="key" />
        {texts.passkey}
      </button>
    </div>
  );
}

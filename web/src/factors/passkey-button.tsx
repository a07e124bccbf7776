import { useMutation } from '@tanstack/react-query';
import { FormFailure } from '../parts/failure.tsx';
import { Icon } from '../parts/icon.tsx';
import { canPasskeys, wasLeft } from '../session/passkeys.ts';
import { useTexts } from '../texts.ts';
import { passkeyTexts } from './passkeys.texts.ts';

interface PasskeyButtonProps {
  readonly signIn: () => Promise<void>;
  readonly onDone?: (() => void) | undefined;
}

/** Where the browser has passkeys, and the service at this address. */
export function PasskeyButton({ signIn, onDone }: PasskeyButtonProps) {
  const texts = useTexts(passkeyTexts);
  const { mutate, error, isPending } = useMutation({
    mutationFn: signIn,
    meta: { signsIn: true },
    ...(onDone && { onSuccess: onDone }),
  });
  if (!canPasskeys()) return null;
  return (
    <div className="stack">
      {!wasLeft(error) && <FormFailure error={error} fields={[]} />}
      <button className="button wide" type="button" disabled={isPending} onClick={() => mutate()}>
        <Icon name="key" />
        {texts.signIn}
      </button>
    </div>
  );
}

import { useMutation } from '@tanstack/react-query';
import { download } from '../format/download.ts';
import { useTexts } from '../texts.ts';
import { Icon } from './icon.tsx';
import { partTexts } from './parts.texts.ts';
import { say } from './toasts.tsx';

interface ProofButtonProps {
  /** Of the file, without its end. */
  readonly name: string;
  readonly read: () => Promise<string>;
  /** What the button says to who does not see it: of which of many. Then the sign stands alone. */
  readonly of?: string;
}

/** Keeps a signed receipt as a file; where there is none yet, says why. */
export function ProofButton({ name, read, of }: ProofButtonProps) {
  const texts = useTexts(partTexts);
  const reading = useMutation({
    mutationFn: read,
    onSuccess: (text) => download(`${name.replaceAll(/[^\w.-]/g, '_')}.tlog-proof`, text, 'text/plain'),
    onError: ({ message }) => say(message || texts.offline),
  });
  return (
    <button
      className={`button ${of === undefined ? '' : 'icon-only quiet small'}`}
      type="button"
      aria-label={of && texts.receiptOf(of)}
      title={of && texts.receiptOf(of)}
      disabled={reading.isPending}
      onClick={() => reading.mutate()}
    >
      <Icon name="shield" small={of !== undefined} />
      {of === undefined && texts.receipt}
    </button>
  );
}

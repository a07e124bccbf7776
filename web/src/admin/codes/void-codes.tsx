import { answer, api } from '../../api/client.ts';
import { count } from '../../format/numbers.ts';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import type { CodeBatch } from './code-queries.ts';
import { codesTexts } from './codes.texts.ts';

interface VoidBatchProps {
  readonly batch: CodeBatch;
  readonly onClose: () => void;
}

/** Those of its codes that were not used are worth nothing any more. */
export function VoidBatch({ batch, onClose }: VoidBatchProps) {
  const texts = useTexts(codesTexts);
  return (
    <ActDialog
      title={texts.voidOf(batch.name)}
      effect={texts.voidEffect(count(batch.codes - batch.used - batch.voided))}
      action={texts.voidBatch}
      isDanger
      act={(reason) =>
        answer(
          api.POST('/api/admin/codes/{batch_id}/void', {
            params: { path: { batch_id: batch.batch_id } },
            body: { reason },
          }),
        )
      }
      said={texts.voided}
      onClose={onClose}
    />
  );
}

/** One that got into the wrong hands. */
export function VoidCode({ code, onClose }: { readonly code: string; readonly onClose: () => void }) {
  const texts = useTexts(codesTexts);
  return (
    <ActDialog
      title={texts.voidCode}
      effect={texts.voidCodeEffect}
      action={texts.voidBatch}
      isDanger
      act={(reason) => answer(api.POST('/api/admin/codes/void', { body: { code, reason } }))}
      said={texts.codeVoided}
      onClose={onClose}
    />
  );
}

import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Field } from '../../parts/field.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { newId } from '../parts/new-id.ts';
import { userTexts } from './user.texts.ts';

/** Corrects a balance; a large correction then waits for another operator. */
export function AdjustDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const texts = useTexts(userTexts);
  const [amount, setAmount] = useState('');
  const [adjustmentId] = useState(() => newId('adj'));
  return (
    <ActDialog
      title={texts.adjust}
      effect={texts.adjustEffect(id)}
      action={texts.adjust}
      fields={['amount_usd']}
      act={(reason) =>
        answer(
          api.POST('/api/admin/users/{external_user_id}/adjust', {
            params: { path: { external_user_id: id } },
            body: { amount_usd: amount.trim().replace('−', '-'), reason, adjustment_id: adjustmentId },
          }),
        )
      }
      said={({ data }) => texts.adjusted[data.status]}
      onClose={onClose}
    >
      {(errorOf) => (
        <Field
          label={texts.amount}
          hint={texts.amountHint}
          prefix="$"
          inputMode="decimal"
          value={amount}
          error={errorOf('amount_usd')}
          onChange={({ target }) => setAmount(target.value)}
        />
      )}
    </ActDialog>
  );
}

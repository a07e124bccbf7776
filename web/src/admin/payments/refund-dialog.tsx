import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Field } from '../../parts/field.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { newId } from '../parts/new-id.ts';
import type { Payment } from './payment-queries.ts';
import { paymentsTexts } from './payments.texts.ts';

interface RefundDialogProps {
  readonly payment: Payment;
  readonly onClose: () => void;
}

/** Takes a payment back from the balance, in part or whole. */
export function RefundDialog({ payment, onClose }: RefundDialogProps) {
  const texts = useTexts(paymentsTexts);
  const left = String(payment.remaining_usd);
  const [amount, setAmount] = useState(left);
  const [refundId] = useState(() => newId('refund'));
  return (
    <ActDialog
      title={texts.refund}
      effect={texts.refundEffect(payment.external_user_id)}
      action={texts.refund}
      isDanger
      typedName={payment.payment_id}
      fields={['amount_usd']}
      act={(reason) =>
        answer(
          api.POST('/api/admin/payments/{payment_id}/refund', {
            params: { path: { payment_id: payment.payment_id } },
            body: { refund_id: refundId, amount_usd: amount.trim(), reason },
          }),
        )
      }
      said={texts.refunded}
      onClose={onClose}
    >
      {(errorOf) => (
        <Field
          label={texts.amount}
          hint={texts.amountHint(left)}
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

import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import type { Payment } from './payment-queries.ts';
import { paymentsTexts } from './payments.texts.ts';

const reasons = ['dispute_won', 'refund_failed', 'payment_arrived'] as const;

interface ReverseDialogProps {
  readonly payment: Payment;
  readonly refundId: string;
  readonly onClose: () => void;
}

/** Credits again what a refund took, where its money came again. */
export function ReverseDialog({ payment, refundId, onClose }: ReverseDialogProps) {
  const texts = useTexts(paymentsTexts);
  const [why, setWhy] = useState<(typeof reasons)[number]>('dispute_won');
  return (
    <ActDialog
      title={texts.reverse}
      effect={texts.reverseEffect(refundId, payment.external_user_id)}
      action={texts.reverse}
      asksReason={false}
      act={() =>
        answer(
          api.POST('/api/admin/payments/{payment_id}/refund/reverse', {
            params: { path: { payment_id: payment.payment_id } },
            body: { refund_id: refundId, why },
          }),
        )
      }
      said={texts.reversed}
      onClose={onClose}
    >
      {() => (
        <Select
          label={texts.reverseWhy}
          value={why}
          options={reasons.map((reason) => [reason, texts.reverseReasons[reason]])}
          onChoose={(chosen) => setWhy(reasons.find((reason) => reason === chosen) ?? why)}
        />
      )}
    </ActDialog>
  );
}

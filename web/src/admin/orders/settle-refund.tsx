import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Field } from '../../parts/field.tsx';
import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import type { Refund } from './order-queries.ts';
import { orderRefundsTexts } from './order-refunds.texts.ts';

interface SettleRefundProps {
  readonly refund: Refund;
  readonly onClose: () => void;
}

/** An operator's word on a refund that no provider can be asked about. */
export function SettleRefund({ refund, onClose }: SettleRefundProps) {
  const texts = useTexts(orderRefundsTexts);
  const [decision, setDecision] = useState<'sent' | 'not-sent'>('sent');
  const [reference, setReference] = useState('');
  return (
    <ActDialog
      title={texts.settle}
      effect={texts.settleEffect}
      action={texts.settle}
      asksReason={false}
      fields={['reference']}
      act={() =>
        answer(
          api.POST('/api/admin/refunds/{refund_id}/settle', {
            params: { path: { refund_id: refund.refund_id } },
            body: { decision, ...(reference.trim() !== '' && { reference: reference.trim() }) },
          }),
        )
      }
      said={texts.settled}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Select
            label={texts.decision}
            value={decision}
            options={[
              ['sent', texts.went],
              ['not-sent', texts.didNot],
            ]}
            onChoose={(chosen) => setDecision(chosen === 'sent' ? 'sent' : 'not-sent')}
          />
          {decision === 'sent' && (
            <Field
              label={texts.reference}
              hint={texts.referenceHint}
              value={reference}
              error={errorOf('reference')}
              onChange={({ target }) => setReference(target.value)}
            />
          )}
        </>
      )}
    </ActDialog>
  );
}

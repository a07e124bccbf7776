import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Field } from '../../parts/field.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import { newId } from '../parts/new-id.ts';
import type { Order } from './order-queries.ts';
import { orderRefundsTexts } from './order-refunds.texts.ts';

interface SendBackProps {
  readonly order: Order;
  readonly onClose: () => void;
}

/** Money of an order goes back at its provider, in part or whole. */
export function SendBack({ order, onClose }: SendBackProps) {
  const texts = useTexts(orderRefundsTexts);
  const [amount, setAmount] = useState('');
  const [key] = useState(() => newId('refund'));
  return (
    <ActDialog
      title={texts.send}
      effect={texts.sendEffect(order.external_user_id)}
      action={texts.send}
      isDanger
      typedName={order.order_id}
      fields={['amount']}
      act={(reason) =>
        answer(
          api.POST('/api/admin/orders/{order_id}/refunds', {
            params: { path: { order_id: order.order_id }, header: { 'Idempotency-Key': key } },
            body: { reason, ...(amount.trim() !== '' && { amount: amount.trim() }) },
          }),
        )
      }
      said={({ data }) => texts.sent[data.status]}
      onClose={onClose}
    >
      {(errorOf) => (
        <Field
          label={texts.amount(order.currency)}
          hint={texts.amountHint}
          inputMode="decimal"
          value={amount}
          error={errorOf('amount')}
          onChange={({ target }) => setAmount(target.value)}
        />
      )}
    </ActDialog>
  );
}

import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { Field } from '../../parts/field.tsx';
import { partTexts } from '../../parts/parts.texts.ts';
import { Select } from '../../parts/select.tsx';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import type { Flag } from './flag-queries.ts';
import { flagsTexts } from './flags.texts.ts';

const decisions = ['credit', 'refund', 'write-off'] as const;
type Decision = (typeof decisions)[number];

/** What becomes of money that does not fit; what was paid twice is never credited twice. */
export function SettleFlag({ flag, onClose }: { readonly flag: Flag; readonly onClose: () => void }) {
  const texts = useTexts(flagsTexts);
  const marks = useTexts(partTexts);
  const isCreditable = flag.kind !== 'second-payment' && flag.kind !== 'refund-failed';
  const offered = decisions.filter((each) => each !== 'credit' || isCreditable);
  const [decision, setDecision] = useState<Decision>(offered[0] ?? 'refund');
  const [order, setOrder] = useState(flag.order_id ?? '');
  const wantsOrder = flag.kind === 'stray' && decision === 'credit';
  return (
    <ActDialog
      title={texts.decideOf(flag.provider_payment)}
      effect={
        <>
          <strong>{texts.kinds[flag.kind] ?? flag.kind}</strong>
          {marks.colon}
          <span className="num">
            {flag.amount} {flag.currency}
          </span>
          {marks.stop}
          {texts.effect}
        </>
      }
      action={texts.decide}
      isDanger={decision !== 'credit'}
      isHeld={wantsOrder && order.trim() === ''}
      fields={['decision', 'order_id']}
      act={(reason) =>
        answer(
          api.POST('/api/admin/order-flags/{flag_id}/settle', {
            params: { path: { flag_id: flag.flag_id } },
            body: { decision, reason, ...(wantsOrder && { order_id: order.trim() }) },
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
            options={offered.map((each) => [
              each,
              each === 'credit' && flag.kind === 'amount'
                ? `${texts.decisions[each]}, ${texts.credited}`
                : texts.decisions[each],
            ])}
            onChoose={(chosen) => setDecision(chosen as Decision)}
          />
          {wantsOrder && (
            <Field
              label={texts.order}
              hint={texts.orderHint}
              spellCheck={false}
              value={order}
              error={errorOf('order_id')}
              onChange={({ target }) => setOrder(target.value)}
            />
          )}
        </>
      )}
    </ActDialog>
  );
}

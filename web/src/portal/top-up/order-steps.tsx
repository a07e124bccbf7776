import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { StageBadge as Badge } from '../../parts/stage-badge.tsx';
import { useTexts } from '../../texts.ts';
import { isOver, type Order } from './top-up-queries.ts';
import { topUpTexts } from './top-up.texts.ts';

export function StageBadge({ order }: { readonly order: Order }) {
  const { stages } = useTexts(topUpTexts);
  return <Badge stage={order.stage} words={stages} />;
}

/** Created, paid, credited: how far it has come, and when. */
export function OrderSteps({ order }: { readonly order: Order }) {
  const texts = useTexts(topUpTexts);
  const zone = useZone();
  const times = [order.created_at, order.paid_at ?? order.credited_at, order.credited_at];
  const next = times.findIndex((time) => time === null);
  const notes = [undefined, isOver(order) ? undefined : texts.toPay, isOver(order) ? undefined : texts.soon];
  return (
    <ol className="steps">
      {texts.steps.map((name, index) => {
        const time = times[index];
        const isNext = index === next && !isOver(order);
        return (
          <li
            key={name}
            className={typeof time === 'number' ? 'done' : undefined}
            aria-current={isNext ? 'step' : undefined}
          >
            {name}
            <small>
              {typeof time === 'number' ? moment(time, zone).slice(11) : (isNext && notes[index]) || '–'}
            </small>
          </li>
        );
      })}
    </ol>
  );
}

/** What a card about an order is called: what is with the money. */
export function useOrderTitle(): (order: Order, amount: string) => string {
  const texts = useTexts(topUpTexts);
  return (order, amount) => {
    if (order.stage === 'credited') return texts.credited(amount);
    if (order.stage === 'paid') return texts.onItsWay(amount);
    return isOver(order) ? texts.over(amount) : texts.open(amount);
  };
}

import { useTexts } from '../../texts.ts';
import type { Order } from './order-queries.ts';
import { ordersTexts } from './orders.texts.ts';

const marks = {
  placed: 'held',
  opened: 'held',
  paid: 'held',
  credited: 'credit',
  expired: 'off',
  cancelled: 'off',
  failed: 'refused',
} as const;

/** How far an order has come. */
export function StageBadge({ stage }: Pick<Order, 'stage'>) {
  const texts = useTexts(ordersTexts);
  return <span className={`badge ${marks[stage]}`}>{texts.stages[stage]}</span>;
}

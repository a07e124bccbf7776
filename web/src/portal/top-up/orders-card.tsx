import { Link } from '@tanstack/react-router';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Card } from '../../parts/page-head.tsx';
import { PagesFoot } from '../../parts/pages-foot.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { useLanguage } from '../../preferences.ts';
import { useTexts } from '../../texts.ts';
import { currencyText } from './currency.ts';
import { StageBadge } from './order-steps.tsx';
import type { Order } from './top-up-queries.ts';
import { topUpTexts } from './top-up.texts.ts';

const FIGURES = [2, 4];

export const useOrderColumns = (): readonly Column[] =>
  useTexts(topUpTexts).columns.map((name, index) => ({ name, isFigure: FIGURES.includes(index) }));

interface OrdersCardProps {
  readonly page: {
    readonly orders: readonly Order[];
    readonly next_cursor: string | null;
    readonly total: number;
  };
  readonly cursor: string | undefined;
  readonly onTurn: (cursor: string | undefined) => void;
}

/** All orders, also those that came to nothing. */
export function OrdersCard({ page: { orders, next_cursor, total }, cursor, onTurn }: OrdersCardProps) {
  const texts = useTexts(topUpTexts);
  const columns = useOrderColumns();
  const zone = useZone();
  return (
    <Card title={texts.earlier}>
      {orders.length === 0 ? (
        <div className="empty">
          <p>{texts.none}</p>
        </div>
      ) : (
        <>
          <Table className="two-lines" label={texts.earlier} columns={columns}>
            {orders.map((order) => (
              <OrderRow key={order.order_id} order={order} />
            ))}
          </Table>
          <PagesFoot
            isFirst={cursor === undefined}
            hasNext={next_cursor !== null}
            onFirst={() => onTurn(undefined)}
            onNext={() => onTurn(next_cursor ?? undefined)}
          >
            {texts.shown(count(orders.length), count(total))} · {texts.times(zone)}
          </PagesFoot>
        </>
      )}
    </Card>
  );
}

function OrderRow({ order }: { readonly order: Order }) {
  const language = useLanguage();
  const zone = useZone();
  const time = moment(order.created_at, zone);
  return (
    <tr>
      <th scope="row" className="two">
        <Link to="/portal/top-up/$id" params={{ id: order.order_id }}>
          <code>{order.order_id}</code>
        </Link>
        {order.plan && <small>{order.plan.name}</small>}
        <small className="only-narrow">{time}</small>
      </th>
      <td>
        <time>{time}</time>
      </td>
      <td className="figure on-line-1">{currencyText(order.pay_amount, order.currency, language)}</td>
      <td className="on-line-2 last">
        <StageBadge order={order} />
      </td>
      <td className="figure">
        {order.stage === 'credited' ? <span className="money credit">+{count(order.quota)}</span> : '–'}
      </td>
    </tr>
  );
}

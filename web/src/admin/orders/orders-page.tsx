import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Select } from '../../parts/select.tsx';
import { SkeletonTable } from '../../parts/table.tsx';
import { StageBadge } from '../../parts/stage-badge.tsx';
import { useTexts } from '../../texts.ts';
import { isAsked, PagedRows } from '../parts/paged-rows.tsx';
import { WordFilters } from '../parts/word-filters.tsx';
import { PaymentTabs } from '../payments/payment-tabs.tsx';
import { type Order, type Orders, ordersQuery, stages } from './order-queries.ts';
import { ordersTexts } from './orders.texts.ts';

const route = getRouteApi('/_admin/admin/orders');
const words = ['id', 'external_user_id'] as const;

const useColumns = () =>
  useTexts(ordersTexts).columns.map((name, index) => ({ name, isFigure: index === 3 || index === 4 }));

/** What people want to pay, and how far each has come. */
export function OrdersPage() {
  const texts = useTexts(ordersTexts);
  const columns = useColumns();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const orders = useQuery(ordersQuery(search));
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <PaymentTabs at="orders" />
      <section className="card">
        <div className="filters">
          <Select
            isFilter
            label={texts.stage}
            value={search.stage ?? ''}
            options={[['', texts.anyStage], ...stages.map((each) => [each, texts.stages[each]] as const)]}
            onChoose={(value) =>
              void navigate({
                search: { ...search, cursor: undefined, stage: stages.find((each) => each === value) },
              })
            }
          />
          <WordFilters
            fields={words.map((name) => ({ name, label: texts.filters[name] }))}
            values={{ id: search.id, external_user_id: search.external_user_id }}
            onFilter={(filled) => void navigate({ search: { stage: search.stage, ...filled } })}
          />
        </div>
        <Loaded query={orders} skeleton={<SkeletonTable label={texts.title} columns={columns} rows={8} />}>
          {(data) => <Listed {...data} />}
        </Loaded>
      </section>
    </>
  );
}

function Listed({ orders, ...page }: Orders) {
  const texts = useTexts(ordersTexts);
  const columns = useColumns();
  const { cursor, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <PagedRows
      columns={columns}
      texts={texts}
      page={page}
      cursor={cursor}
      isFiltered={isAsked(filters)}
      onClear={() => void navigate({ search: {} })}
      onTurn={(to) => void navigate({ search: { ...filters, cursor: to } })}
    >
      {orders.map((order) => (
        <OrderRow key={order.order_id} order={order} />
      ))}
    </PagedRows>
  );
}

function OrderRow({ order }: { readonly order: Order }) {
  const texts = useTexts(ordersTexts);
  const zone = useZone();
  const open = order.flags.filter((flag) => flag.open).length;
  return (
    <tr>
      <th scope="row" className={order.plan ? 'two' : undefined}>
        <Link to="/admin/orders/$id" params={{ id: order.order_id }}>
          {order.order_id}
        </Link>
        {order.plan && <small>{texts.planOf(order.plan.name)}</small>}
      </th>
      <td className="short" title={order.external_user_id}>
        <Link to="/admin/users/$id" params={{ id: order.external_user_id }}>
          {order.external_user_id}
        </Link>
      </td>
      <td>
        <StageBadge stage={order.stage} words={texts.stages} />
      </td>
      <td className="figure">
        {order.pay_amount} {order.currency}
      </td>
      <td className="figure">
        {count(order.quota)}
        {order.bonus_quota > 0 && ` + ${count(order.bonus_quota)}`}
      </td>
      <td>{order.method}</td>
      <td>{moment(order.created_at, zone)}</td>
      <td>{open > 0 ? <span className="badge warning">{texts.cases(count(open))}</span> : '–'}</td>
    </tr>
  );
}

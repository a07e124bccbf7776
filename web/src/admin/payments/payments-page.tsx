import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { SkeletonTable } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { isAsked, PagedRows } from '../parts/paged-rows.tsx';
import { WordFilters } from '../parts/word-filters.tsx';
import { type Payments, paymentsQuery } from './payment-queries.ts';
import { PaymentTabs } from './payment-tabs.tsx';
import { paymentsTexts } from './payments.texts.ts';

const route = getRouteApi('/_admin/admin/payments');
const words = ['payment_id', 'external_user_id'] as const;

const useColumns = () =>
  useTexts(paymentsTexts).columns.map((name, index) => ({ name, isFigure: index >= 2 && index <= 4 }));

/** What people paid, and what was given back. */
export function PaymentsPage() {
  const texts = useTexts(paymentsTexts);
  const columns = useColumns();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const payments = useQuery(paymentsQuery(search));
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <PaymentTabs at="payments" />
      <section className="card">
        <div className="filters">
          <WordFilters
            fields={words.map((name) => ({ name, label: texts.filters[name] }))}
            values={search}
            onFilter={(filled) => void navigate({ search: filled })}
          />
        </div>
        <Loaded query={payments} skeleton={<SkeletonTable label={texts.title} columns={columns} rows={8} />}>
          {(data) => <Listed {...data} />}
        </Loaded>
      </section>
    </>
  );
}

function Listed({ payments, ...page }: Payments) {
  const texts = useTexts(paymentsTexts);
  const columns = useColumns();
  const zone = useZone();
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
      {payments.map((payment) => (
        <tr key={payment.payment_id}>
          <th scope="row">
            <Link to="/admin/payments/$id" params={{ id: payment.payment_id }}>
              {payment.payment_id}
            </Link>
          </th>
          <td className="short" title={payment.external_user_id}>
            <Link to="/admin/users/$id" params={{ id: payment.external_user_id }}>
              {payment.external_user_id}
            </Link>
          </td>
          <td className="figure">
            <Money quota={payment.quota_added} moves="in" meaning="credit" />
          </td>
          <td className="figure">{count(payment.quota_added)}</td>
          <td className="figure">
            {payment.refunded_usd > 0 ? <Money usd={payment.refunded_usd.toFixed(6)} moves="out" /> : '–'}
          </td>
          <td>{moment(payment.credited_at, zone)}</td>
          <td className="wrap">{payment.note ?? '–'}</td>
        </tr>
      ))}
    </PagedRows>
  );
}

import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { SkeletonTable, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { useMay } from '../parts/may.ts';
import { PagedRows } from '../parts/paged-rows.tsx';
import { PaymentTabs } from '../payments/payment-tabs.tsx';
import {
  type Plan,
  plansQuery,
  type Subscription,
  type Subscriptions,
  subscriptionsQuery,
} from './plan-queries.ts';
import { plansTexts } from './plans.texts.ts';
import { PublishPlan } from './publish-plan.tsx';

const route = getRouteApi('/_admin/admin/plans');

const ACTS = 6;

const usePlanColumns = () =>
  useTexts(plansTexts).planColumns.map((name, index) => ({
    name,
    isFigure: index === 2 || index === 3 || index === 5,
    isHidden: index === ACTS,
  }));

const useColumns = () => useTexts(plansTexts).columns.map((name, index) => ({ name, isFigure: index === 4 }));

/** What is sold by the period, and who bought it. */
export function PlansPage() {
  const texts = useTexts(plansTexts);
  const columns = usePlanColumns();
  const may = useMay();
  const [published, setPublished] = useState<Plan | 'new'>();
  const search = route.useSearch();
  const plans = useQuery(plansQuery);
  const subscriptions = useQuery(subscriptionsQuery(search));
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        actions={
          may('payments:write') && (
            <button className="button" type="button" onClick={() => setPublished('new')}>
              {texts.publish}
            </button>
          )
        }
      />
      <PaymentTabs at="plans" />
      <section className="card">
        <Loaded query={plans} skeleton={<SkeletonTable label={texts.title} columns={columns} rows={3} />}>
          {(data) => <PlansTable plans={data.plans} onChange={setPublished} />}
        </Loaded>
      </section>
      <Card title={texts.subscriptions}>
        <Loaded
          query={subscriptions}
          skeleton={<SkeletonTable label={texts.subscriptions} columns={columns} rows={6} />}
        >
          {(data) => <Listed {...data} />}
        </Loaded>
      </Card>
      {published && (
        <PublishPlan
          of={published === 'new' ? undefined : published}
          onClose={() => setPublished(undefined)}
        />
      )}
    </>
  );
}

interface PlansTableProps {
  readonly plans: readonly Plan[];
  readonly onChange: (plan: Plan) => void;
}

function PlansTable({ plans, onChange }: PlansTableProps) {
  const texts = useTexts(plansTexts);
  const columns = usePlanColumns();
  const may = useMay();
  if (plans.length === 0)
    return (
      <div className="empty">
        <p>{texts.noPlans}</p>
      </div>
    );
  return (
    <Table label={texts.title} columns={columns}>
      {plans.map((plan) => (
        <tr key={plan.plan_id}>
          <th scope="row" title={plan.description}>
            {plan.name} <small>{plan.plan_id}</small>
          </th>
          <td>{plan.version}</td>
          <td className="figure">
            <Money quota={plan.quota} /> · {texts.months(plan.months)}
          </td>
          <td className="figure">
            {plan.prices.map((each) => `${each.amount} ${each.currency}`).join(' / ')}
          </td>
          <td>
            <span className={`badge ${plan.is_offered ? 'credit' : 'off'}`}>
              {plan.is_offered ? texts.sold.yes : texts.sold.no}
            </span>
          </td>
          <td className="figure">{count(plan.subscribers)}</td>
          <td className="last">
            {may('payments:write') && (
              <button className="button quiet small" type="button" onClick={() => onChange(plan)}>
                {texts.change}
              </button>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Listed({ subscriptions, ...page }: Subscriptions) {
  const texts = useTexts(plansTexts);
  const columns = useColumns();
  const { cursor } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <PagedRows
      columns={columns}
      texts={{ ...texts, title: texts.subscriptions }}
      page={page}
      cursor={cursor}
      isFiltered={false}
      onClear={() => void navigate({ search: {} })}
      onTurn={(to) => void navigate({ search: { cursor: to } })}
    >
      {subscriptions.map((each) => (
        <SubscriptionRow key={each.subscription_id} subscription={each} />
      ))}
    </PagedRows>
  );
}

const badges = { active: 'credit', cancelled: 'held', ended: 'off' } as const;

function SubscriptionRow({ subscription }: { readonly subscription: Subscription }) {
  const texts = useTexts(plansTexts);
  const zone = useZone();
  const { external_user_id: id, name, status, ends_at, periods } = subscription;
  const running = periods.find((period) => period.status === 'running') ?? periods[0];
  return (
    <tr>
      <th scope="row" className="short" title={id}>
        <Link to="/admin/users/$id" params={{ id }}>
          {id}
        </Link>
      </th>
      <td>{name}</td>
      <td>
        <span className={`badge ${badges[status]}`}>{texts.statuses[status]}</span>
      </td>
      <td>{ends_at === null ? '–' : moment(ends_at, zone)}</td>
      <td className="figure last">
        <Money quota={running?.remaining_quota ?? 0} />
      </td>
    </tr>
  );
}

import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { useLanguage } from '../../preferences.ts';
import { useTexts } from '../../texts.ts';
import { RedeemCard } from '../codes/redeem-card.tsx';
import { plansQuery, subscriptionsQuery } from '../plans/plan-queries.ts';
import { plansTexts } from '../plans/plans.texts.ts';
import { referralQuery } from '../referrals/referral-queries.ts';
import { referralsTexts } from '../referrals/referrals.texts.ts';
import { currencyText } from './currency.ts';
import { OrderSteps, StageBadge, useOrderTitle } from './order-steps.tsx';
import { OrdersCard } from './orders-card.tsx';
import { TopUpForm } from './top-up-form.tsx';
import { isOver, optionsQuery, type Order, ordersQuery } from './top-up-queries.ts';
import { topUpTexts } from './top-up.texts.ts';

const route = getRouteApi('/_portal/_signed-in/portal/top-up');

/** Paying money in: what is under way, a new order, and what became of the others. */
export function TopUpPage() {
  const texts = useTexts(topUpTexts);
  const { cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const options = useQuery(optionsQuery);
  const orders = useQuery(ordersQuery(cursor));
  const underWay = orders.data?.orders.find(
    ({ stage, status }) => status === 'pending' && stage !== 'credited',
  );
  const skeleton = (
    <section className="card">
      <SkeletonLines lines={9} />
    </section>
  );
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} actions={<Beside />} />
      {underWay && !isOver(underWay) && <UnderWay order={underWay} />}
      <Loaded query={options} skeleton={skeleton}>
        {(data) => <TopUpForm options={data} />}
      </Loaded>
      {options.data?.takes_codes && <RedeemCard />}
      <Loaded query={orders} skeleton={skeleton}>
        {(page) => (
          <OrdersCard
            page={page}
            cursor={cursor}
            onTurn={(to) => void navigate({ search: { cursor: to } })}
          />
        )}
      </Loaded>
    </>
  );
}

function Beside() {
  return (
    <>
      <ToPlans />
      <ToReferral />
    </>
  );
}

/** Where invitations bring something, or did. */
function ToReferral() {
  const texts = useTexts(referralsTexts);
  const { data } = useQuery(referralQuery);
  const isAny = data && (data.part !== '0' || data.invited > 0);
  return (
    isAny && (
      <Link className="button" to="/portal/referral">
        {texts.title}
      </Link>
    )
  );
}

/** Where plans are sold, or were bought. */
function ToPlans() {
  const texts = useTexts(plansTexts);
  const plans = useQuery(plansQuery);
  const subscriptions = useQuery(subscriptionsQuery);
  const isAny = [plans.data?.plans, subscriptions.data?.subscriptions].some(
    (each) => each && each.length > 0,
  );
  return (
    isAny && (
      <Link className="button" to="/portal/plans">
        {texts.title}
      </Link>
    )
  );
}

/** The newest order that waits for something: whoever closed its page finds it here. */
function UnderWay({ order }: { readonly order: Order }) {
  const texts = useTexts(topUpTexts);
  const language = useLanguage();
  const title = useOrderTitle();
  return (
    <section className="card">
      <div className="card-head">
        <h2>{title(order, currencyText(order.pay_amount, order.currency, language))}</h2>
        <StageBadge order={order} />
      </div>
      <div className="card-body">
        <OrderSteps order={order} />
        <div className="row-apart small">
          <span className="muted">
            {texts.close} <code>{order.order_id}</code>
          </span>
          <Link to="/portal/top-up/$id" params={{ id: order.order_id }}>
            {texts.toOrder}
          </Link>
        </div>
      </div>
    </section>
  );
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { say } from '../../parts/toasts.tsx';
import { StageBadge } from '../../parts/stage-badge.tsx';
import { useTexts } from '../../texts.ts';
import { FactsCard } from '../explanation/facts.tsx';
import { UserLink } from '../explanation/user-link.tsx';
import { useMay } from '../parts/may.ts';
import { nameOf } from '../parts/name-of.ts';
import { orderQuery, type Shown } from './order-queries.ts';
import { OrderRefunds } from './order-refunds.tsx';
import { orderRefundsTexts } from './order-refunds.texts.ts';
import { ordersTexts } from './orders.texts.ts';
import { SendBack } from './send-back.tsx';

const route = getRouteApi('/_admin/admin/orders/$id');

/** Where one order is: what its provider sent, what was seen, and the events that came of it. */
export function OrderPage() {
  const texts = useTexts(ordersTexts);
  const { id } = route.useParams();
  const shown = useQuery(orderQuery(id));
  const mayAsk = useMay()('payments:write');
  return (
    <>
      <PageHead
        title={texts.one}
        crumb={
          <Link className="crumb" to="/admin/orders">
            <Icon name="back" small />
            {texts.title}
          </Link>
        }
        lead={<code>{id}</code>}
        actions={mayAsk && shown.data && <Acts order={shown.data.order} />}
      />
      <Loaded
        query={shown}
        skeleton={
          <section className="card">
            <SkeletonLines lines={6} />
          </section>
        }
      >
        {(loaded) => <Story {...loaded} />}
      </Loaded>
    </>
  );
}

function Acts({ order }: Pick<Shown, 'order'>) {
  const texts = useTexts(orderRefundsTexts);
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <Recheck id={order.order_id} />
      {order.credited_at !== null && (
        <button className="button danger" type="button" onClick={() => setAsked(true)}>
          {texts.send}
        </button>
      )}
      {isAsked && <SendBack order={order} onClose={() => setAsked(false)} />}
    </>
  );
}

function Recheck({ id }: { readonly id: string }) {
  const texts = useTexts(ordersTexts);
  const queries = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: async () =>
      (await answer(api.POST('/api/admin/orders/{order_id}/recheck', { params: { path: { order_id: id } } })))
        .data,
    onSuccess: async ({ found }) => {
      say(texts.found[found]);
      await queries.invalidateQueries({ queryKey: ['admin'] });
    },
  });
  return (
    <>
      <FormFailure error={error} />
      <button
        className="button"
        type="button"
        title={texts.recheckEffect}
        disabled={isPending}
        onClick={() => mutate()}
      >
        <Icon name="retry" />
        {texts.recheck}
      </button>
    </>
  );
}

function Story({ order, timeline }: Shown) {
  const texts = useTexts(ordersTexts);
  const placedBy = usePlacedBy();
  const zone = useZone();
  return (
    <>
      <dl className="stats">
        <div className="stat">
          <dt>{texts.stage}</dt>
          <dd>
            <StageBadge stage={order.stage} words={texts.stages} />
          </dd>
        </div>
        <div className="stat">
          <dt>{texts.pay}</dt>
          <dd className="num">
            {order.pay_amount} {order.currency}
          </dd>
        </div>
        <div className="stat">
          <dt>{texts.credit}</dt>
          <dd>
            <Money usd={order.credit_usd} />
          </dd>
          {order.plan && <dd className="stat-note">{texts.planOf(order.plan.name)}</dd>}
          {order.bonus_quota > 0 && <dd className="stat-note">{texts.bonusOf(count(order.bonus_quota))}</dd>}
        </div>
      </dl>
      {order.credited_at !== null && <OrderRefunds orderId={order.order_id} />}
      <div className="pair">
        <Timeline timeline={timeline} isCredited={order.credited_at !== null} />
        <FactsCard
          title={texts.about}
          facts={[
            [texts.user, <UserLink key="user" id={order.external_user_id} />],
            [texts.plan, order.plan && `${order.plan.name} (${order.plan.plan_id})`],
            [texts.quota, count(order.quota)],
            [texts.bonus, order.bonus_quota > 0 && count(order.bonus_quota)],
            [texts.method, order.method],
            [texts.provider, order.provider_id],
            [texts.checkout, order.checkout_ref && <code key="checkout">{order.checkout_ref}</code>],
            [texts.payment, order.provider_payment && <code key="payment">{order.provider_payment}</code>],
            [texts.seenBy, order.seen_by],
            [texts.placedBy, placedBy(order.placed_by)],
            [texts.expires, `${moment(order.expires_at, zone)} ${zone}`],
          ]}
        />
      </div>
    </>
  );
}

function Timeline({ timeline, isCredited }: Pick<Shown, 'timeline'> & { readonly isCredited: boolean }) {
  const texts = useTexts(ordersTexts);
  const zone = useZone();
  const sent = timeline.reduce((times, { details }) => times + Number(details.times ?? 0), 0);
  return (
    <Card
      title={texts.timeline}
      foot={`${sent > 1 && isCredited ? `${texts.seen(count(sent))} ` : ''}${texts.zone(zone)}`}
    >
      <div className="card-body">
        <ol className="timeline">
          {timeline.map((entry, index) => (
            <Entry key={index} entry={entry} />
          ))}
        </ol>
      </div>
    </Card>
  );
}

/** Whoever did it; people of accounts have no name here. */
function usePlacedBy(): (by: string) => string {
  const { theUser } = useTexts(ordersTexts);
  return (by) => (by.startsWith('account:') ? theUser : nameOf(by));
}

/** What was recorded, in words; all that it holds stands below for who asks. */
function Entry({
  entry: { at, kind, what, position, details },
}: {
  readonly entry: Shown['timeline'][number];
}) {
  const texts = useTexts(ordersTexts);
  const zone = useZone();
  const placedBy = usePlacedBy();
  const { by, ...rest } = details;
  const facts = Object.entries(rest).filter(([, value]) => value !== null && value !== '');
  return (
    <li className={what === 'payment-credited' ? 'credit' : ''}>
      <span className="what">
        {kind === 'notification'
          ? texts.notification(texts.verdicts[what] ?? what)
          : (texts.events[what] ?? what)}
      </span>
      <div className="meta">
        {[
          moment(at, zone),
          ...(position === null ? [] : [texts.position(count(position))]),
          ...(typeof by === 'string' ? [texts.by(placedBy(by))] : []),
        ].join(' · ')}
        {facts.length > 0 && (
          <details className="as-table">
            <summary>{texts.details}</summary>
            <dl className="facts">
              {facts.map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{String(value)}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
    </li>
  );
}

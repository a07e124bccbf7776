import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { queryClient } from '../../api/queries.ts';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { CopyButton } from '../../parts/copy.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { useLanguage } from '../../preferences.ts';
import { useTexts } from '../../texts.ts';
import { balanceQuery } from '../home/balance-query.ts';
import { currencyText } from './currency.ts';
import { OrderActs } from './order-acts.tsx';
import { OrderSteps, StageBadge, useOrderTitle } from './order-steps.tsx';
import { isOver, type Order, orderQuery } from './top-up-queries.ts';
import { topUpTexts } from './top-up.texts.ts';

const route = getRouteApi('/_portal/_signed-in/portal/top-up/$id');

/** One order, from its making to its credit, whenever somebody comes back to look. */
export function OrderPage() {
  const texts = useTexts(topUpTexts);
  const language = useLanguage();
  const title = useOrderTitle();
  const { id } = route.useParams();
  const order = useQuery(orderQuery(id));
  const shown = order.data;
  const isCredited = shown?.stage === 'credited';
  useEffect(() => {
    // The balance and the bill are other ones now.
    if (!isCredited) return;
    void queryClient.invalidateQueries({ queryKey: balanceQuery.queryKey });
    void queryClient.invalidateQueries({ queryKey: ['billing'] });
  }, [isCredited]);
  return (
    <>
      <PageHead
        title={shown ? title(shown, currencyText(shown.pay_amount, shown.currency, language)) : texts.order}
        crumb={
          <Link className="crumb" to="/portal/top-up">
            <Icon name="back" small />
            {texts.title}
          </Link>
        }
        lead={<code>{id}</code>}
        actions={<CopyButton text={id} label={texts.copyId} />}
      />
      <Loaded
        query={order}
        skeleton={
          <section className="card">
            <SkeletonLines lines={9} />
          </section>
        }
      >
        {(data) => (
          <>
            <Progress order={data} />
            <div className="pair">
              <Paying order={data} />
              <Facts order={data} />
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

function Progress({ order }: { readonly order: Order }) {
  const texts = useTexts(topUpTexts);
  const open = order.flags.filter((flag) => flag.open);
  return (
    <section className="card" aria-live="polite">
      <div className="card-head">
        <h2>{texts.order}</h2>
        <StageBadge order={order} />
      </div>
      <div className="card-body">
        <OrderSteps order={order} />
        {open.length > 0 && (
          <div className="banner warning">
            <Icon name="alert" />
            <p>
              {texts.flagged} ({open.map(({ kind }) => texts.flags[kind]).join(', ')})
            </p>
          </div>
        )}
        <p className="small muted">{isOver(order) ? texts.late : texts.close}</p>
      </div>
    </section>
  );
}

/** What there is to be done now. */
function Paying({ order }: { readonly order: Order }) {
  const texts = useTexts(topUpTexts);
  const zone = useZone();
  const { checkout, stage } = order;
  if (stage === 'credited')
    return (
      <Card title={texts.get}>
        <div className="card-body">
          <dl className="facts">
            <div>
              <dt>{texts.credit}</dt>
              <dd>
                <Money usd={order.credit_usd} moves="in" meaning="credit" />
              </dd>
            </div>
            {order.balance_after !== null && (
              <div className="total">
                <dt>{texts.after}</dt>
                <dd>
                  <Money quota={order.balance_after} />
                </dd>
              </div>
            )}
          </dl>
          <div className="actions">
            <Link className="button" to="/portal/billing" search={{ kind: 'topup' }}>
              {texts.inBill}
            </Link>
            <Link className="button" to="/portal/keys" search={{ create: true }}>
              {texts.useIt}
            </Link>
          </div>
        </div>
      </Card>
    );
  return (
    <Card title={texts.instructions}>
      <div className="card-body">
        {checkout?.url && (
          <a className="button primary wide" href={checkout.url} rel="noreferrer">
            {texts.goPay}
          </a>
        )}
        {checkout?.instructions && (
          <>
            <p className="said">{checkout.instructions}</p>
            <p className="small muted">{texts.reference}</p>
            <p className="row">
              <code>{order.order_id}</code>
              <CopyButton text={order.order_id} />
            </p>
          </>
        )}
        {stage === 'placed' && <p>{texts.notOpened}</p>}
        {checkout && (
          <p className="small muted">{texts.expires(`${moment(order.expires_at, zone)} ${zone}`)}</p>
        )}
        <OrderActs order={order} />
      </div>
    </Card>
  );
}

function Facts({ order }: { readonly order: Order }) {
  const texts = useTexts(topUpTexts);
  const language = useLanguage();
  const zone = useZone();
  const money = (amount: string) => currencyText(amount, order.currency, language);
  const at = (time: number | null) => (time === null ? '–' : moment(time, zone));
  const facts: readonly (readonly [name: string, value: string])[] = [
    ...(order.plan ? [[texts.plan, order.plan.name] as const] : []),
    [texts.pay, money(order.pay_amount)],
    [texts.fee, money(order.fee_amount)],
    [texts.credit, `$${order.credit_usd}`],
    [texts.inQuota, count(order.quota)],
    ...(order.bonus_quota > 0 ? [[texts.bonus, `+${count(order.bonus_quota)}`] as const] : []),
    [texts.by, texts.methods[order.method]?.[0] ?? order.method],
    [texts.made, at(order.created_at)],
    [texts.paidAt, at(order.paid_at)],
    [texts.creditedAt, at(order.credited_at)],
  ];
  return (
    <Card title={texts.facts} foot={texts.times(zone)}>
      <div className="card-body">
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Card>
  );
}

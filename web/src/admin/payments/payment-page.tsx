import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { FactsCard } from '../explanation/facts.tsx';
import { UserLink } from '../explanation/user-link.tsx';
import { useMay } from '../parts/may.ts';
import { type Payment, paymentQuery } from './payment-queries.ts';
import { paymentsTexts } from './payments.texts.ts';
import { RefundDialog } from './refund-dialog.tsx';
import { ReverseDialog } from './reverse-dialog.tsx';

const route = getRouteApi('/_admin/admin/payments/$id');

/** Where one payment is: received, credited, given back, each with the balance right after it. */
export function PaymentPage() {
  const texts = useTexts(paymentsTexts);
  const { id } = route.useParams();
  const payment = useQuery(paymentQuery(id));
  const mayRefund = useMay()('payments:write');
  const [isAsked, setAsked] = useState(false);
  const [reversed, setReversed] = useState<string>();
  const { data } = payment;
  return (
    <>
      <PageHead
        title={texts.one}
        crumb={
          <Link className="crumb" to="/admin/payments">
            <Icon name="back" small />
            {texts.title}
          </Link>
        }
        lead={<code>{id}</code>}
        actions={
          mayRefund &&
          data &&
          data.remaining_usd > 0 && (
            <button className="button danger" type="button" onClick={() => setAsked(true)}>
              {texts.refund}
            </button>
          )
        }
      />
      <Loaded
        query={payment}
        skeleton={
          <section className="card">
            <SkeletonLines lines={6} />
          </section>
        }
      >
        {(loaded) => <Story payment={loaded} onReverse={mayRefund ? setReversed : undefined} />}
      </Loaded>
      {isAsked && data && <RefundDialog payment={data} onClose={() => setAsked(false)} />}
      {reversed !== undefined && data && (
        <ReverseDialog payment={data} refundId={reversed} onClose={() => setReversed(undefined)} />
      )}
    </>
  );
}

interface StoryProps {
  readonly payment: Payment;
  /** Absent: whoever looks may not. */
  readonly onReverse: ((refundId: string) => void) | undefined;
}

function Story({ payment, onReverse }: StoryProps) {
  const texts = useTexts(paymentsTexts);
  const figures = [
    [texts.paid, payment.amount_usd],
    [texts.refundedSoFar, payment.refunded_usd],
    [texts.left, payment.remaining_usd],
  ] as const;
  return (
    <>
      <dl className="stats">
        {figures.map(([name, usd]) => (
          <div className="stat" key={name}>
            <dt>{name}</dt>
            <dd>
              <Money usd={usd.toFixed(6)} />
            </dd>
          </div>
        ))}
      </dl>
      <div className="pair">
        <Timeline payment={payment} onReverse={onReverse} />
        <FactsCard
          title={texts.about}
          facts={[
            [texts.user, <UserLink key="user" id={payment.external_user_id} />],
            [texts.id, <code key="id">{payment.payment_id}</code>],
            [
              texts.order,
              payment.order_id !== null && (
                <Link key="order" to="/admin/orders/$id" params={{ id: payment.order_id }}>
                  {payment.order_id}
                </Link>
              ),
            ],
            [texts.quota, count(payment.quota_added)],
            [texts.note, payment.note],
            [
              texts.why,
              <Link key="why" to="/admin/logs" search={{ reference: payment.payment_id }}>
                {texts.inLogs}
              </Link>,
            ],
          ]}
        />
      </div>
    </>
  );
}

const marks = { received: '', credited: 'credit', refunded: 'warning', refund_reversed: 'credit' } as const;

function Timeline({ payment: { timeline, seen, order_id: order }, onReverse }: StoryProps) {
  const texts = useTexts(paymentsTexts);
  const zone = useZone();
  const cameAgain = new Set(
    timeline.flatMap((step) => (step.type === 'refund_reversed' ? [step.refund_id] : [])),
  );
  return (
    <Card
      title={texts.timeline}
      foot={`${seen !== null && seen > 0 ? `${texts.seen(count(seen))} ` : ''}${texts.zone(zone)}`}
    >
      <div className="card-body">
        <ol className="timeline">
          {timeline.map((step, index) => (
            <li className={marks[step.type]} key={index}>
              <span className="what">{texts.steps[step.type]}</span>
              {step.type !== 'received' && (
                <span className="amount">
                  <Money quota={Math.abs(step.quota)} moves={step.quota < 0 ? 'out' : 'in'} />
                </span>
              )}
              <span className="meta">
                {moment(step.at, zone)}
                {step.type !== 'received' && (
                  <>
                    {' · '}
                    {texts.balance} <Money quota={step.current_quota} />
                    {step.refund_id !== undefined && ` · ${step.refund_id}`}
                    {step.reason !== undefined && ` · ${step.reason}`}
                  </>
                )}
              </span>
              {step.type === 'refunded' &&
                step.refund_id !== undefined &&
                // Of an order its provider says what came again.
                order === null &&
                !cameAgain.has(step.refund_id) &&
                onReverse && <ReverseButton refundId={step.refund_id} onReverse={onReverse} />}
            </li>
          ))}
        </ol>
      </div>
    </Card>
  );
}

function ReverseButton({
  refundId,
  onReverse,
}: {
  readonly refundId: string;
  readonly onReverse: (refundId: string) => void;
}) {
  const texts = useTexts(paymentsTexts);
  return (
    <span className="actions">
      <button
        className="button small"
        type="button"
        aria-label={texts.reverseOf(refundId)}
        onClick={() => onReverse(refundId)}
      >
        {texts.reverse}
      </button>
    </span>
  );
}

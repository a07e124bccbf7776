import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Money } from '../../parts/money.tsx';
import { useTexts } from '../../texts.ts';
import { explanationTexts } from './explanation.texts.ts';
import { FactsCard } from './facts.tsx';
import type { PaymentExplained } from './queries.ts';
import { Receipt } from './receipt.tsx';
import { UserLink } from './user-link.tsx';

/** A credit with all that was given back of it. */
export function PaymentExplanation({ payment }: { readonly payment: PaymentExplained }) {
  const texts = useTexts(explanationTexts);
  const zone = useZone();
  const refund = payment.refunds.find(({ refund_id }) => refund_id === payment.refund_id);
  const shown = refund ?? payment.credit;
  return (
    <>
      <Receipt
        title={refund ? texts.refunded : texts.credited}
        quota={Math.abs(shown.quota)}
        balanceBefore={shown.balance_before}
        balanceAfter={shown.balance_after}
        position={shown.position}
        number={payment.refund_id ?? payment.payment_id}
        lines={payment.told}
        total={count(payment.remaining_quota)}
        totalName={texts.leftOfIt}
      />
      <FactsCard
        title={texts.about}
        facts={[
          [texts.user, <UserLink key="user" id={payment.user.external_user_id} />],
          [texts.payment, <code key="payment">{payment.payment_id}</code>],
          [texts.credited, `${moment(payment.credit.recorded_at, zone)} ${zone}`],
          [texts.paid, <Money key="paid" usd={payment.credit.amount_usd} />],
          [texts.leftOfIt, <Money key="left" usd={payment.remaining_usd} />],
          [texts.by, shown.by],
          [texts.reason, refund?.reason ?? payment.credit.note],
        ]}
      />
    </>
  );
}

import { useTexts } from '../../texts.ts';
import { CallExplanation } from './call.tsx';
import { explanationTexts } from './explanation.texts.ts';
import { PaymentExplanation } from './payment.tsx';
import { GrantExplanation } from './grant.tsx';
import type { AdjustmentExplained, Explained } from './queries.ts';
import { Receipt } from './receipt.tsx';
import { count } from '../../format/numbers.ts';
import { FactsCard } from './facts.tsx';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { UserLink } from './user-link.tsx';

/** Why a movement is what it is, whatever moved: every line and figure is the API's. */
export function Explanation({ explanation }: { readonly explanation: Explained }) {
  switch (explanation.kind) {
    case 'call':
      return <CallExplanation call={explanation} />;
    case 'payment':
      return <PaymentExplanation payment={explanation} />;
    case 'adjustment':
      return <AdjustmentExplanation adjustment={explanation} />;
    case 'grant':
      return <GrantExplanation grant={explanation} />;
  }
}

function AdjustmentExplanation({ adjustment }: { readonly adjustment: AdjustmentExplained }) {
  const texts = useTexts(explanationTexts);
  const zone = useZone();
  return (
    <>
      <Receipt
        title={texts.corrected}
        quota={Math.abs(adjustment.quota)}
        balanceBefore={adjustment.balance_before}
        balanceAfter={adjustment.balance_after}
        position={adjustment.position}
        number={adjustment.adjustment_id}
        lines={adjustment.told}
        total={count(adjustment.quota)}
      />
      <FactsCard
        title={texts.about}
        facts={[
          [texts.user, <UserLink key="user" id={adjustment.user.external_user_id} />],
          [texts.recorded, `${moment(adjustment.recorded_at, zone)} ${zone}`],
          [texts.by, adjustment.by],
          [texts.reason, adjustment.reason],
        ]}
      />
    </>
  );
}

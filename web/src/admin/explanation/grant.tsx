import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { useTexts } from '../../texts.ts';
import { explanationTexts } from './explanation.texts.ts';
import { FactsCard } from './facts.tsx';
import type { GrantExplained } from './queries.ts';
import { Receipt } from './receipt.tsx';
import { UserLink } from './user-link.tsx';

/** Quota that was given, and what of it ended or was taken back. */
export function GrantExplanation({ grant }: { readonly grant: GrantExplained }) {
  const texts = useTexts(explanationTexts);
  const zone = useZone();
  const [given, last] = [grant.steps[0], grant.steps.at(-1)];
  return (
    <>
      <Receipt
        title={texts.granted}
        quota={grant.quota}
        balanceBefore={given?.balance_before}
        balanceAfter={last?.balance_after}
        position={last?.position}
        number={grant.grant_id}
        lines={grant.told}
        total={count(grant.quota)}
      />
      <FactsCard
        title={texts.about}
        facts={[
          [texts.user, <UserLink key="user" id={grant.user.external_user_id} />],
          [texts.source, <code key="source">{grant.source}</code>],
          [texts.ends, grant.ends_at === null ? texts.never : `${moment(grant.ends_at, zone)} ${zone}`],
          ...grant.steps.map(
            ({ step, recorded_at, by, reason }) =>
              [
                texts.grantSteps[step],
                [moment(recorded_at, zone), by, reason].filter(Boolean).join(' · '),
              ] as const,
          ),
        ]}
      />
    </>
  );
}

import { useZone } from '../../api/status.ts';
import { answer, api } from '../../api/client.ts';
import { moment } from '../../format/moment.ts';
import { useTexts } from '../../texts.ts';
import { ActDialog } from '../parts/act-dialog.tsx';
import type { Grant } from './grant-queries.ts';
import { grantsTexts } from './grants.texts.ts';

interface WithdrawGrantProps {
  readonly grant: Grant;
  readonly onClose: () => void;
}

/** Takes what is left of a grant. */
export function WithdrawGrant({ grant, onClose }: WithdrawGrantProps) {
  const texts = useTexts(grantsTexts);
  const zone = useZone();
  return (
    <ActDialog
      title={texts.withdrawOf(grant.external_user_id, moment(grant.given_at, zone))}
      effect={texts.withdrawEffect(`$${grant.remaining_usd}`)}
      action={texts.withdraw}
      isDanger
      fields={[]}
      act={(reason) =>
        answer(
          api.POST('/api/admin/grants/{grant_id}/withdraw', {
            params: { path: { grant_id: grant.grant_id } },
            body: { reason },
          }),
        )
      }
      said={texts.withdrawn}
      onClose={onClose}
    />
  );
}

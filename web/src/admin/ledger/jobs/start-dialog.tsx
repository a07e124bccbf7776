import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTexts } from '../../../texts.ts';
import { ActDialog } from '../../parts/act-dialog.tsx';
import { jobChoicesQuery, startJob } from './job-queries.ts';
import { jobsTexts } from './jobs.texts.ts';

export type PlainJob = 'digest' | 'backup' | 'drill';

interface StartDialogProps {
  readonly type: PlainJob;
  readonly onClose: () => void;
}

/** Work that needs nothing to be said but that it is wanted. */
export function StartDialog({ type, onClose }: StartDialogProps) {
  const texts = useTexts(jobsTexts);
  const navigate = useNavigate();
  const { data } = useQuery(jobChoicesQuery);
  const writes = type !== 'digest';
  const hasNoFolder = writes && data?.backups === null;
  return (
    <ActDialog
      title={texts.types[type]}
      effect={texts.effects[type]}
      action={texts.start}
      isHeld={hasNoFolder}
      asksReason={false}
      act={async () => {
        const { id } = await startJob({ type });
        await navigate({ to: '/admin/ledger/jobs/$id', params: { id } });
      }}
      said={texts.started(texts.types[type])}
      onClose={onClose}
    >
      {() =>
        writes &&
        data && (
          <p className="hint">
            {hasNoFolder ? texts.noFolder : data.backups?.encrypted ? texts.encrypted : texts.notEncrypted}
          </p>
        )
      }
    </ActDialog>
  );
}

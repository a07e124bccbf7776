import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Select } from '../../../parts/select.tsx';
import { useTexts } from '../../../texts.ts';
import { ActDialog } from '../../parts/act-dialog.tsx';
import { jobChoicesQuery, startJob } from './job-queries.ts';
import { jobsTexts } from './jobs.texts.ts';

const modes = ['compare', 'swap', 'accept'] as const;
type Mode = (typeof modes)[number];

interface RebuildDialogProps {
  /** That is chosen at first. */
  readonly projection?: string;
  readonly mode?: Mode;
  readonly onClose: () => void;
}

/** Tables made anew from the log. What would replace tables that differ is typed first. */
export function RebuildDialog({ projection = 'all', mode = 'compare', onClose }: RebuildDialogProps) {
  const texts = useTexts(jobsTexts);
  const { data } = useQuery(jobChoicesQuery);
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<string>(projection);
  // The one that is named is shown at once.
  const projections = data?.projections ?? (projection === 'all' ? [] : [projection]);
  const [then, setThen] = useState<Mode>(mode);
  return (
    <ActDialog
      title={texts.rebuild}
      effect={texts.rebuildEffect}
      action={texts.rebuild}
      isDanger={then === 'accept'}
      asksReason={false}
      {...(then === 'accept' && { typedName: texts.acceptTyped })}
      act={async () => {
        const { id } = await startJob({ type: 'rebuild', projection: chosen, mode: then });
        await navigate({ to: '/admin/ledger/jobs/$id', params: { id } });
      }}
      said={texts.started(texts.types.rebuild)}
      onClose={onClose}
    >
      {() => (
        <>
          <Select
            label={texts.projection}
            value={chosen}
            options={[['all', texts.allProjections], ...projections.map((each) => [each, each] as const)]}
            onChoose={setChosen}
          />
          <Select
            label={texts.mode}
            value={then}
            options={modes.map((each) => [each, texts.modes[each]])}
            onChoose={(value) => setThen(modes.find((each) => each === value) ?? 'compare')}
          />
          <p className="hint">{texts.rebuildNote}</p>
        </>
      )}
    </ActDialog>
  );
}

import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Select } from '../../../parts/select.tsx';
import { TimeField } from '../../../parts/time-field.tsx';
import { useTexts } from '../../../texts.ts';
import { ActDialog } from '../../parts/act-dialog.tsx';
import { startJob } from './job-queries.ts';
import { jobsTexts } from './jobs.texts.ts';

const formats = ['hledger', 'csv', 'ndjson'] as const;
type Format = (typeof formats)[number];

/** The journal as a file. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(jobsTexts);
  const navigate = useNavigate();
  const [format, setFormat] = useState<Format>('hledger');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  return (
    <ActDialog
      title={texts.export}
      effect={texts.exportEffect}
      action={texts.export}
      asksReason={false}
      fields={['from', 'to']}
      act={async () => {
        const period = { ...(from && { from }), ...(to && { to }) };
        const { id } = await startJob({ type: 'export', format, ...period });
        await navigate({ to: '/admin/ledger/jobs/$id', params: { id } });
      }}
      said={texts.started(texts.types.export)}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Select
            label={texts.format}
            value={format}
            options={formats.map((each) => [each, each])}
            onChoose={(value) => setFormat(formats.find((each) => each === value) ?? 'hledger')}
          />
          <TimeField
            label={texts.from}
            hint={texts.optional}
            kind="date"
            value={from}
            error={errorOf('from')}
            onChoose={setFrom}
          />
          <TimeField
            label={texts.to}
            hint={texts.optional}
            kind="date"
            value={to}
            error={errorOf('to')}
            onChoose={setTo}
          />
        </>
      )}
    </ActDialog>
  );
}

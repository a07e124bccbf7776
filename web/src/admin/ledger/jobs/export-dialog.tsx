import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Field } from '../../../parts/field.tsx';
import { Select } from '../../../parts/select.tsx';
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
          <Field
            label={texts.from}
            hint={texts.optional}
            type="date"
            value={from}
            error={errorOf('from')}
            onChange={({ target }) => setFrom(target.value)}
          />
          <Field
            label={texts.to}
            hint={texts.optional}
            type="date"
            value={to}
            error={errorOf('to')}
            onChange={({ target }) => setTo(target.value)}
          />
        </>
      )}
    </ActDialog>
  );
}

import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { count } from '../../../format/numbers.ts';
import { FormFailure } from '../../../parts/failure.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { Card, PageHead } from '../../../parts/page-head.tsx';
import { Table } from '../../../parts/table.tsx';
import { useTexts } from '../../../texts.ts';
import { type Uploaded, uploadFile } from '../jobs/job-queries.ts';
import { ReconcileForm } from './reconcile-form.tsx';
import { reconcileTexts } from './reconcile.texts.ts';

/** Someone else's file: looked at first, then laid beside the ledger. */
export function ReconcilePage() {
  const texts = useTexts(reconcileTexts);
  const id = useId();
  const upload = useMutation({ mutationFn: uploadFile });
  const { data: uploaded } = upload;
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        crumb={
          <Link className="crumb" to="/admin/ledger" search={{ tab: 'jobs' }}>
            <Icon name="back" small />
            {texts.ledger}
          </Link>
        }
      />
      <Card title={texts.file}>
        <div className="card-body">
          <FormFailure error={upload.error} />
          <div className="field">
            <label htmlFor={id}>{texts.choose}</label>
            <input
              id={id}
              className="input file"
              type="file"
              accept=".csv,text/csv,.txt"
              aria-describedby={`${id}-hint`}
              onChange={({ target }) => {
                const file = target.files?.[0];
                if (file) upload.mutate(file);
              }}
            />
            <p className="hint" id={`${id}-hint`} aria-live="polite">
              {upload.isPending ? texts.uploading : texts.chooseHint}
            </p>
          </div>
          {uploaded && <LooksLike uploaded={uploaded} />}
        </div>
        {uploaded && <FirstRows rows={uploaded.rows} />}
      </Card>
      {uploaded && <ReconcileForm key={uploaded.file_id} uploaded={uploaded} />}
    </>
  );
}

function LooksLike({ uploaded: { name, bytes, provider, upstream } }: { readonly uploaded: Uploaded }) {
  const texts = useTexts(reconcileTexts);
  const byUpstream = upstream === null ? texts.unknown : texts.upstream(upstream);
  return (
    <dl className="facts">
      <div>
        <dt>{name}</dt>
        <dd>{texts.bytes(count(bytes))}</dd>
      </div>
      <div>
        <dt>{texts.looksLike}</dt>
        <dd>{provider === null ? byUpstream : texts.provider(provider)}</dd>
      </div>
    </dl>
  );
}

function FirstRows({ rows: [head = [], ...rows] }: Pick<Uploaded, 'rows'>) {
  const texts = useTexts(reconcileTexts);
  const columns = head.map((name) => ({ name: name || '–' }));
  return (
    <Table label={texts.firstRows(count(rows.length + 1))} columns={columns}>
      {rows.map((row, index) => (
        <tr key={index}>
          {head.map((_name, cell) => (
            <td key={cell}>{row[cell]}</td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

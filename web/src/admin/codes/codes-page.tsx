import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { SkeletonTable } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { PagedRows } from '../parts/paged-rows.tsx';
import { useMay } from '../parts/may.ts';
import { PaymentTabs } from '../payments/payment-tabs.tsx';
import { type CodeBatch, type CodeBatches, codesQuery } from './code-queries.ts';
import { codesTexts } from './codes.texts.ts';
import { LookUpCode } from './look-up-code.tsx';
import { type Made, MadeCodes, MakeCodes } from './make-codes.tsx';
import { VoidBatch } from './void-codes.tsx';

const route = getRouteApi('/_admin/admin/codes');

const FIGURES = [2, 3, 4];
const ACTS = 8;

const useColumns = () =>
  useTexts(codesTexts).columns.map((name, index) => ({
    name,
    isFigure: FIGURES.includes(index),
    isHidden: index === ACTS,
  }));

/** Batches of codes: what each gives, and how many were used. */
export function CodesPage() {
  const texts = useTexts(codesTexts);
  const columns = useColumns();
  const may = useMay();
  const [makes, setMakes] = useState(false);
  const [made, setMade] = useState<Made>();
  const batches = useQuery(codesQuery(route.useSearch()));
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        actions={
          may('payments:write') && (
            <button className="button" type="button" onClick={() => setMakes(true)}>
              {texts.make}
            </button>
          )
        }
      />
      <PaymentTabs at="codes" />
      <section className="card">
        <Loaded query={batches} skeleton={<SkeletonTable label={texts.title} columns={columns} rows={8} />}>
          {(data) => <Listed {...data} />}
        </Loaded>
      </section>
      <LookUpCode />
      {makes && <MakeCodes onMade={setMade} onClose={() => setMakes(false)} />}
      {made && <MadeCodes made={made} onClose={() => setMade(undefined)} />}
    </>
  );
}

function Listed({ batches, ...page }: CodeBatches) {
  const texts = useTexts(codesTexts);
  const columns = useColumns();
  const { cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const [voided, setVoided] = useState<CodeBatch>();
  return (
    <>
      <PagedRows
        columns={columns}
        texts={texts}
        page={page}
        cursor={cursor}
        isFiltered={false}
        onClear={() => void navigate({ search: {} })}
        onTurn={(to) => void navigate({ search: { cursor: to } })}
      >
        {batches.map((batch) => (
          <BatchRow
            key={batch.batch_id}
            batch={batch}
            onVoid={may('payments:write') && batch.status === 'open' ? () => setVoided(batch) : undefined}
          />
        ))}
      </PagedRows>
      {voided && <VoidBatch batch={voided} onClose={() => setVoided(undefined)} />}
    </>
  );
}

interface BatchRowProps {
  readonly batch: CodeBatch;
  readonly onVoid: (() => void) | undefined;
}

const badges = { open: 'credit', over: 'off', void: 'off' } as const;

function BatchRow({ batch, onVoid }: BatchRowProps) {
  const texts = useTexts(codesTexts);
  const zone = useZone();
  return (
    <tr>
      <th scope="row" className="short" title={batch.batch_id}>
        {batch.name}
      </th>
      <td title={batch.voided_because ?? undefined}>
        <span className={`badge ${badges[batch.status]}`}>{texts.statuses[batch.status]}</span>
      </td>
      <td className="figure">
        <Money quota={batch.quota} />
      </td>
      <td className="figure">{count(batch.codes)}</td>
      <td className="figure">{count(batch.used)}</td>
      <td>{moment(batch.ends_at, zone)}</td>
      <td>{batch.grant_days === null ? texts.never : texts.days(count(batch.grant_days))}</td>
      <td title={moment(batch.made_at, zone)}>{batch.made_by.replace('operator:', '')}</td>
      <td className="last">
        {onVoid && (
          <button className="button quiet small" type="button" onClick={onVoid}>
            {texts.voidBatch}
          </button>
        )}
      </td>
    </tr>
  );
}

import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useZone } from '../../../api/status.ts';
import { moment } from '../../../format/moment.ts';
import { FormFailure } from '../../../parts/failure.tsx';
import { Loaded } from '../../../parts/loaded.tsx';
import { Card } from '../../../parts/page-head.tsx';
import { SkeletonTable, Table } from '../../../parts/table.tsx';
import { useTexts } from '../../../texts.ts';
import { useMay } from '../../parts/may.ts';
import { nameOf } from '../../parts/name-of.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { PagesFoot } from '../../../parts/pages-foot.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { JobBadge } from './job-badge.tsx';
import { JobProgress } from './job-progress.tsx';
import { type Job, jobsQuery, keepResult } from './job-queries.ts';
import { jobsTexts } from './jobs.texts.ts';
import { RebuildDialog } from './rebuild-dialog.tsx';
import { type PlainJob, StartDialog } from './start-dialog.tsx';
import { useDuration } from './took.ts';

const plainJobs = ['digest', 'backup', 'drill'] as const;
const route = getRouteApi('/_admin/admin/ledger');

/** Long work: started here, seen on its way, and kept. */
export function JobsTab() {
  const texts = useTexts(jobsTexts);
  const zone = useZone();
  const { cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const jobs = useQuery(jobsQuery({ before: cursor }));
  const columns = texts.columns.map((name, index) => ({ name, isFigure: index === 4 }));
  const title = texts.back;
  return (
    <>
      {jobs.data?.jobs
        .filter(({ state }) => state === 'running')
        .map((job) => (
          <JobProgress key={job.id} job={job} />
        ))}
      <Card title={title} aside={<Starts />}>
        <Loaded query={jobs} skeleton={<SkeletonTable label={title} columns={columns} rows={5} />}>
          {(data) =>
            data.jobs.length === 0 ? (
              <Nothing text={texts.none} />
            ) : (
              <>
                <Table label={title} columns={columns}>
                  {data.jobs.map((job) => (
                    <JobRow key={job.id} job={job} />
                  ))}
                </Table>
                <PagesFoot
                  isFirst={cursor === undefined}
                  hasNext={data.next !== null}
                  onFirst={() => void navigate({ search: { tab: 'jobs' } })}
                  onNext={() => void navigate({ search: { tab: 'jobs', cursor: data.next ?? undefined } })}
                >
                  {texts.kept(zone)}
                </PagesFoot>
              </>
            )
          }
        </Loaded>
      </Card>
    </>
  );
}

/** Each kind of work, for whom may start it. */
function Starts() {
  const texts = useTexts(jobsTexts);
  const mayRun = useMay()('jobs:run');
  const [dialog, setDialog] = useState<'rebuild' | 'export' | PlainJob>();
  if (!mayRun) return null;
  return (
    <div className="actions">
      <Link className="button small" to="/admin/ledger/verify">
        {texts.types.verify}
      </Link>
      <Link className="button small" to="/admin/ledger/reconcile">
        {texts.reconcile}
      </Link>
      <button className="button small" type="button" onClick={() => setDialog('export')}>
        {texts.export}
      </button>
      <button className="button small" type="button" onClick={() => setDialog('rebuild')}>
        {texts.rebuild}
      </button>
      {plainJobs.map((type) => (
        <button key={type} className="button small" type="button" onClick={() => setDialog(type)}>
          {texts.types[type]}
        </button>
      ))}
      {dialog === 'rebuild' && <RebuildDialog onClose={() => setDialog(undefined)} />}
      {dialog === 'export' && <ExportDialog onClose={() => setDialog(undefined)} />}
      {(dialog === 'digest' || dialog === 'backup' || dialog === 'drill') && (
        <StartDialog type={dialog} onClose={() => setDialog(undefined)} />
      )}
    </div>
  );
}

function JobRow({ job }: { readonly job: Job }) {
  const texts = useTexts(jobsTexts);
  const zone = useZone();
  const duration = useDuration();
  const { mutate, error, isPending } = useMutation({ mutationFn: () => keepResult(job) });
  return (
    <tr>
      <th scope="row">
        {job.type === 'verify' ? (
          <Link to="/admin/ledger/verify" search={{ job: job.id }}>
            {moment(job.created_at, zone)}
          </Link>
        ) : (
          <Link to="/admin/ledger/jobs/$id" params={{ id: job.id }}>
            {moment(job.created_at, zone)}
          </Link>
        )}
      </th>
      <td>{texts.types[job.type]}</td>
      <td>
        <JobBadge job={job} />
      </td>
      <td>{nameOf(job.started_by)}</td>
      <td className="figure">{job.ended_at === null ? '–' : duration(job.ended_at - job.created_at)}</td>
      <td>
        {job.result ? (
          <button
            className="button quiet small"
            type="button"
            aria-label={texts.downloadOf(job.result.name)}
            disabled={isPending}
            onClick={() => mutate()}
          >
            {texts.download}
          </button>
        ) : (
          '–'
        )}
        <FormFailure error={error} />
      </td>
    </tr>
  );
}

import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useZone } from '../../../api/status.ts';
import { moment } from '../../../format/moment.ts';
import { FormFailure } from '../../../parts/failure.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { Loaded, SkeletonLines } from '../../../parts/loaded.tsx';
import { PageHead } from '../../../parts/page-head.tsx';
import { useTexts } from '../../../texts.ts';
import { FactsCard } from '../../explanation/facts.tsx';
import { nameOf } from '../../parts/name-of.ts';
import { Found } from '../reconcile/found.tsx';
import { JobBadge } from './job-badge.tsx';
import { JobProgress } from './job-progress.tsx';
import { type Job, jobQuery, keepResult } from './job-queries.ts';
import { jobsTexts } from './jobs.texts.ts';
import { BackedUp, Digests, DrilledBackup } from './told-outcome.tsx';
import { RebuiltTables } from './rebuilt-tables.tsx';

const route = getRouteApi('/_admin/admin/ledger/jobs/$id');

/** One job: how far it is, or what it came to. */
export function JobPage() {
  const texts = useTexts(jobsTexts);
  const zone = useZone();
  const { id } = route.useParams();
  const job = useQuery(jobQuery(id));
  const { data } = job;
  return (
    <>
      <PageHead
        title={data ? texts.types[data.type] : texts.back}
        crumb={
          <Link className="crumb" to="/admin/ledger" search={{ tab: 'jobs' }}>
            <Icon name="back" small />
            {texts.back}
          </Link>
        }
        lead={
          data && (
            <>
              <JobBadge job={data} /> {moment(data.created_at, zone)} {zone}
            </>
          )
        }
        actions={data?.result && <Keep job={data} />}
      />
      <Loaded query={job} skeleton={<SkeletonLines lines={6} />}>
        {(loaded) => <Content job={loaded} />}
      </Loaded>
    </>
  );
}

function Keep({ job }: { readonly job: Job }) {
  const texts = useTexts(jobsTexts);
  const { mutate, error, isPending } = useMutation({ mutationFn: () => keepResult(job) });
  return (
    <>
      <FormFailure error={error} />
      <button className="button primary" type="button" disabled={isPending} onClick={() => mutate()}>
        <Icon name="download" />
        {texts.download}
      </button>
    </>
  );
}

function Content({ job }: { readonly job: Job }) {
  const texts = useTexts(jobsTexts);
  const zone = useZone();
  return (
    <>
      {job.state === 'running' && <JobProgress job={job} />}
      <Ended job={job} />
      {job.type === 'rebuild' && job.outcome && <RebuiltTables outcome={job.outcome} />}
      {job.type === 'digest' && job.outcome && <Digests outcome={job.outcome} />}
      {job.type === 'backup' && job.outcome && <BackedUp outcome={job.outcome} />}
      {job.type === 'drill' && job.outcome && <DrilledBackup outcome={job.outcome} />}
      {job.type === 'reconcile' && job.outcome && <Found job={job} />}
      <FactsCard
        title={texts.input}
        facts={[
          ...Object.entries(job.input)
            .filter(
              ([, value]) =>
                value !== null && value !== false && !(Array.isArray(value) && value.length === 0),
            )
            .map(
              ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
            ),
          [texts.by, nameOf(job.started_by)],
          [texts.began, `${moment(job.created_at, zone)} ${zone}`],
          [texts.ended, job.ended_at === null ? null : `${moment(job.ended_at, zone)} ${zone}`],
        ]}
      />
    </>
  );
}

/** Why there is no result. */
export function Ended({ job: { state, fault } }: { readonly job: Job }) {
  const texts = useTexts(jobsTexts);
  if (state === 'running' || state === 'finished') return null;
  const said = { failed: texts.failed, interrupted: texts.interrupted, cancelled: texts.wasCancelled }[state];
  return (
    <div className={`banner ${state === 'failed' ? 'refused' : 'warning'}`}>
      <Icon name="alert" />
      <p>
        <strong>{said}</strong> {fault}
      </p>
    </div>
  );
}

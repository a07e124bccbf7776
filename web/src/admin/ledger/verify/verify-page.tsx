import { useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { FormFailure } from '../../../parts/failure.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { Loaded, SkeletonLines } from '../../../parts/loaded.tsx';
import { PageHead } from '../../../parts/page-head.tsx';
import { useTexts } from '../../../texts.ts';
import { useMay } from '../../parts/may.ts';
import { Ended } from '../jobs/job-page.tsx';
import { JobProgress } from '../jobs/job-progress.tsx';
import { type Job, jobQuery, jobsQuery, keepResult, startJob } from '../jobs/job-queries.ts';
import { Checks } from './checks.tsx';
import { Differences } from './differences.tsx';
import { verificationOf } from './outcome.ts';
import { Sums } from './sums.tsx';
import { Verdict } from './verdict.tsx';
import { verifyTexts } from './verify.texts.ts';

const route = getRouteApi('/_admin/admin/ledger/verify');

/** Whether the tables say what the events say: the newest answer, the one that is on its way, and those before. */
export function VerifyPage() {
  const texts = useTexts(verifyTexts);
  const { job: chosen } = route.useSearch();
  const checks = useQuery(jobsQuery({ type: 'verify' }));
  // Of any kind: what is under way is seen wherever the books are looked at.
  const running = useQuery(jobsQuery({ state: 'running' }));
  const one = useQuery({ ...jobQuery(chosen ?? ''), enabled: chosen !== undefined });
  const asked: UseQueryResult<unknown> = chosen === undefined ? checks : one;
  const shown = chosen === undefined ? checks.data?.jobs.find((job) => verificationOf(job)) : one.data;
  return (
    <>
      <PageHead
        title={texts.title}
        lead={texts.lead}
        crumb={
          <Link className="crumb" to="/admin/ledger">
            <Icon name="back" small />
            {texts.ledger}
          </Link>
        }
        actions={<Acts shown={shown} />}
      />
      <Loaded
        query={asked}
        skeleton={
          <section className="card">
            <SkeletonLines lines={6} />
          </section>
        }
      >
        {() => <Result job={shown} />}
      </Loaded>
      {running.data?.jobs.map((job) => (
        <JobProgress key={job.id} job={job} />
      ))}
      <Checks checks={checks} />
    </>
  );
}

function Acts({ shown }: { readonly shown: Job | undefined }) {
  const texts = useTexts(verifyTexts);
  const navigate = route.useNavigate();
  const mayRun = useMay()('jobs:run');
  const keep = useMutation({ mutationFn: () => (shown ? keepResult(shown) : Promise.resolve()) });
  const verify = useMutation({
    mutationFn: () => startJob({ type: 'verify' }),
    onSuccess: () => navigate({ search: {} }),
  });
  const verification = shown && verificationOf(shown);
  const differs = verification?.clean === false;
  return (
    <>
      <FormFailure error={verify.error ?? keep.error} />
      {shown?.result && (
        <button className="button" type="button" disabled={keep.isPending} onClick={() => keep.mutate()}>
          <Icon name="download" />
          {texts.report}
        </button>
      )}
      {mayRun && (
        <button
          className={`button${differs ? '' : ' primary'}`}
          type="button"
          disabled={verify.isPending}
          onClick={() => verify.mutate()}
        >
          {differs ? texts.again : texts.verify}
        </button>
      )}
    </>
  );
}

function Result({ job }: { readonly job: Job | undefined }) {
  const verification = job && verificationOf(job);
  if (job && !verification) return <Ended job={job} />;
  return (
    <>
      <Verdict job={job} verification={verification} />
      {job && verification?.clean === false && <Differences job={job} verification={verification} />}
      {verification?.sums && <Sums sums={verification.sums} />}
    </>
  );
}

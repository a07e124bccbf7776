import { useMutation, type UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useZone } from '../../../api/status.ts';
import { moment } from '../../../format/moment.ts';
import { count } from '../../../format/numbers.ts';
import { FormFailure } from '../../../parts/failure.tsx';
import { Loaded } from '../../../parts/loaded.tsx';
import { Card } from '../../../parts/page-head.tsx';
import { SkeletonTable, Table } from '../../../parts/table.tsx';
import { useTexts } from '../../../texts.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { nameOf } from '../../parts/name-of.ts';
import { JobBadge } from '../jobs/job-badge.tsx';
import { type Job, keepResult } from '../jobs/job-queries.ts';
import { useDuration } from '../jobs/took.ts';
import { driftOfBalances, verificationOf } from './outcome.ts';
import { verifyTexts } from './verify.texts.ts';

/** The checks that were made, the newest first. */
export function Checks({ checks }: { readonly checks: UseQueryResult<{ readonly jobs: readonly Job[] }> }) {
  const texts = useTexts(verifyTexts);
  const columns = texts.checksColumns.map((name, index) => ({ name, isFigure: index >= 2 }));
  const newest = checks.data?.jobs.find(({ result }) => result !== null);
  const keep = useMutation({ mutationFn: () => (newest ? keepResult(newest) : Promise.resolve()) });
  return (
    <Card
      title={texts.checks}
      aside={
        newest && (
          <button
            className="button quiet small"
            type="button"
            disabled={keep.isPending}
            onClick={() => keep.mutate()}
          >
            {texts.download}
          </button>
        )
      }
    >
      <FormFailure error={keep.error} />
      <Loaded query={checks} skeleton={<SkeletonTable label={texts.checks} columns={columns} rows={4} />}>
        {({ jobs }) =>
          jobs.length === 0 ? (
            <Nothing text={texts.none} />
          ) : (
            <Table label={texts.checks} columns={columns}>
              {jobs.map((job) => (
                <CheckRow key={job.id} job={job} />
              ))}
            </Table>
          )
        }
      </Loaded>
    </Card>
  );
}

function CheckRow({ job }: { readonly job: Job }) {
  const zone = useZone();
  const duration = useDuration();
  const verification = verificationOf(job);
  const drift = verification && (driftOfBalances(verification) ?? BigInt(verification.drift));
  return (
    <tr>
      <th scope="row">
        <Link to="/admin/ledger/verify" search={{ job: job.id }}>
          {moment(job.created_at, zone)}
        </Link>
      </th>
      <td>{nameOf(job.started_by)}</td>
      <td className="figure">{verification ? count(BigInt(verification.position)) : '–'}</td>
      <td className="figure">{verification ? count(verification.events) : '–'}</td>
      <td className="figure">{job.ended_at === null ? '–' : duration(job.ended_at - job.created_at)}</td>
      <td className={`figure${drift !== undefined && drift !== 0n ? ' verdict-bad' : ''}`}>
        {drift === undefined ? <JobBadge job={job} /> : count(drift)}
      </td>
    </tr>
  );
}

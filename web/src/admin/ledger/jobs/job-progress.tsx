import { useMutation } from '@tanstack/react-query';
import { useZone } from '../../../api/status.ts';
import { moment } from '../../../format/moment.ts';
import { count } from '../../../format/numbers.ts';
import { FormFailure } from '../../../parts/failure.tsx';
import { Card } from '../../../parts/page-head.tsx';
import { useTexts } from '../../../texts.ts';
import { useMay } from '../../parts/may.ts';
import { nameOf } from '../../parts/name-of.ts';
import { cancelJob, type Job } from './job-queries.ts';
import { jobsTexts } from './jobs.texts.ts';
import { useDuration } from './took.ts';

/** Of a job that says how much there is. */
function percentOf({ progress: { done, total } }: Job): number | undefined {
  return total === null || Number(total) <= 0
    ? undefined
    : Math.min(100, Math.max(0, Math.floor((Number(done) * 100) / Number(total))));
}

/** By what it took so far; not said before there is something to go by. */
function secondsLeft({ created_at }: Job, percent: number | undefined): number | undefined {
  const took = Date.now() / 1000 - created_at;
  return percent === undefined || percent < 5 || took < 5 ? undefined : (took * (100 - percent)) / percent;
}

/** A job that is under way: how far, how long, and the way to end it. */
export function JobProgress({ job }: { readonly job: Job }) {
  const texts = useTexts(jobsTexts);
  const zone = useZone();
  const duration = useDuration();
  const mayCancel = useMay()('jobs:run');
  const { mutate, error, isPending } = useMutation({ mutationFn: () => cancelJob(job.id) });
  const percent = percentOf(job);
  const left = secondsLeft(job, percent);
  const { done, total } = job.progress;
  const name = texts.running(texts.types[job.type]);
  return (
    <Card title={name} aside={<span className="badge held">{texts.states.running}</span>}>
      <div className="card-body">
        <FormFailure error={error} />
        <div className="job" aria-live="polite">
          <div className="row-apart">
            <strong className="num">
              {percent === undefined ? texts.done(count(BigInt(done))) : `${percent} %`}
            </strong>
            <span className="muted small">
              {total !== null && Number(total) > 0 && (
                <span className="num">{texts.doneOf(count(BigInt(done)), count(BigInt(total)))}</span>
              )}
              {left !== undefined && <span className="num"> · {texts.left(duration(left))}</span>}
            </span>
          </div>
          <progress
            className="progress"
            max={100}
            {...(percent !== undefined && { value: percent })}
            aria-label={percent === undefined ? name : `${name}: ${percent} %`}
          />
          <div className="row-apart small">
            <span className="muted fill">
              {job.cancel_requested
                ? texts.cancelling
                : texts.startedBy(nameOf(job.started_by), moment(job.created_at, zone))}
            </span>
            {mayCancel && (
              <button
                className="button small"
                type="button"
                disabled={isPending || job.cancel_requested}
                onClick={() => mutate()}
              >
                {texts.cancel}
              </button>
            )}
          </div>
        </div>
      </div>
    </Card>
  );
}

import { useTexts } from '../../../texts.ts';
import type { Job } from './job-queries.ts';
import { jobsTexts } from './jobs.texts.ts';

const marks = {
  running: 'held',
  finished: 'credit',
  failed: 'refused',
  cancelled: 'off',
  interrupted: 'warning',
} as const;

/** How a job ended, and of one that judged something: what it found. */
export function JobBadge({ job: { state, outcome } }: { readonly job: Job }) {
  const texts = useTexts(jobsTexts);
  if (state === 'finished' && outcome?.clean === false)
    return <span className="badge refused">{texts.differs}</span>;
  return <span className={`badge ${marks[state]}`}>{texts.states[state]}</span>;
}

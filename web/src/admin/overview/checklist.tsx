import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import { answer, api } from '../../api/client.ts';
import { Elapsed } from '../../parts/elapsed.tsx';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { overviewTexts } from './overview.texts.ts';

const checklistQuery = queryOptions({
  queryKey: ['admin', 'checklist'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/admin/checklist', { signal }))).data,
});
type Step = Awaited<ReturnType<NonNullable<(typeof checklistQuery)['queryFn']>>>['steps'][number]['step'];

/** Where each is done. */
const places: Readonly<Record<Step, NonNullable<LinkProps['to']>>> = {
  channel: '/admin/channels',
  channel_tested: '/admin/channels',
  prices: '/admin/prices',
  user: '/admin/users',
  payment: '/admin/payments',
  call: '/admin/logs',
  verified: '/admin/ledger/verify',
};

const NOTHING_YET = { steps: [], since: null };

/** What a new ledger needs, until all of it is done; the first that is not is the next. */
export function Checklist() {
  const texts = useTexts(overviewTexts);
  const { data: { steps, since } = NOTHING_YET } = useQuery(checklistQuery);
  if (steps.every(({ done }) => done)) return null;
  const next = steps.find(({ done }) => !done);
  return (
    <Card title={texts.begin} aside={since !== null && <Elapsed since={since} />}>
      <div className="card-body">
        <ol className="checklist">
          {steps.map(({ step, done }) => (
            <li key={step} className={done ? 'done' : undefined}>
              <span>
                {texts.steps[step]}
                <br />
                <span className="meta">{texts.stepNotes[step]}</span>
              </span>
              {!done && (
                <Link
                  className={`button small${step === next?.step ? ' primary' : ''}`}
                  to={places[step]}
                  aria-label={texts.goTo(texts.steps[step])}
                >
                  {texts.go}
                </Link>
              )}
            </li>
          ))}
        </ol>
      </div>
    </Card>
  );
}

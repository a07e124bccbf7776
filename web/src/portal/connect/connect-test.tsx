import { useMutation } from '@tanstack/react-query';
import { queryClient } from '../../api/queries.ts';
import { count } from '../../format/numbers.ts';
import { Failure } from '../../parts/failure.tsx';
import { Money } from '../../parts/money.tsx';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { connectTexts } from './connect.texts.ts';
import { sendTest, type Tested } from './test-request.ts';
import type { Dialect } from '../calls/dialects.ts';

interface ConnectTestProps {
  readonly dialect: Dialect;
  readonly model: string;
  readonly secret: string | undefined;
}

/** One call, and what came of it. */
export function ConnectTest({ dialect, model, secret }: ConnectTestProps) {
  const texts = useTexts(connectTexts);
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => sendTest(dialect, model, secret),
    onSuccess: () => queryClient.invalidateQueries(),
  });
  return (
    <Card title={texts.test}>
      <div className="card-body">
        <p className="muted">
          {texts.testLead(model)}
          {secret === undefined ? texts.withMoment : texts.withOwn}
        </p>
        <div className="actions">
          <button className="button primary" type="button" disabled={isPending} onClick={() => mutate()}>
            {texts.send}
          </button>
        </div>
        <div aria-live="polite">{data && !error && <Outcome of={data} />}</div>
      </div>
      {error && <Failure error={error} />}
    </Card>
  );
}

function Outcome({ of: { answer, milliseconds, charge, requestId } }: { readonly of: Tested }) {
  const texts = useTexts(connectTexts);
  return (
    <dl className="facts">
      <div>
        <dt>{texts.answered}</dt>
        <dd>{answer}</dd>
      </div>
      <div>
        <dt>{texts.time}</dt>
        <dd>{texts.milliseconds(count(milliseconds))}</dd>
      </div>
      <div>
        <dt>{texts.charge}</dt>
        <dd>
          {charge === undefined ? (
            texts.unknownCharge
          ) : (
            <>
              <Money quota={charge} moves="out" /> <span className="muted">{texts.quota(count(charge))}</span>
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>{texts.request}</dt>
        <dd>
          <code>{requestId ?? '–'}</code>
        </dd>
      </div>
    </dl>
  );
}

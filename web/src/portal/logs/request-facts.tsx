import type { ReactNode } from 'react';
import { count } from '../../format/numbers.ts';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { explainedTexts } from './explained.texts.ts';
import type { Explanation, LogRow } from './logs-queries.ts';
import { chargeIn } from './receipt.tsx';

interface ExplainedProps {
  readonly row: LogRow;
  readonly call: NonNullable<Explanation['call']>;
  readonly explanation: Explanation;
}

/** What was asked, and what came of it. */
export function RequestFacts({ row, call, explanation }: ExplainedProps) {
  const texts = useTexts(explainedTexts);
  const failed = call.steps.find((step) => step.step === 'failed');
  const charge = chargeIn(explanation);
  const state = failed
    ? (['refused', texts.refused(String(failed.status))] as const)
    : charge?.complete === false
      ? (['warning', texts.broken] as const)
      : (['credit', texts.answered] as const);
  return (
    <Card title={texts.request}>
      <div className="card-body">
        <dl className="facts">
          <Fact name={texts.state}>
            <span className={`badge ${state[0]}`}>{state[1]}</span>
          </Fact>
          <Fact name={texts.endpoint}>
            <code>{call.endpoint}</code>
          </Fact>
          <Fact name={texts.model}>{call.model}</Fact>
          <Fact name={texts.key}>{row.token_name || '–'}</Fact>
          <Fact name={texts.streamed}>{call.streamed ? texts.yes : texts.no}</Fact>
          <Fact name={texts.tokens}>{count(row.prompt_tokens + row.completion_tokens)}</Fact>
          <Fact name={texts.took}>
            {row.duration_ms === null ? '–' : texts.milliseconds(count(row.duration_ms))}
          </Fact>
          <Fact name={texts.requestId}>
            <code>{call.request_id}</code>
          </Fact>
        </dl>
        <p className="small muted">{texts.wrong}</p>
      </div>
    </Card>
  );
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

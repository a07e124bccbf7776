import type { ReactNode } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
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

const signed = (quota: number) => `${quota < 0 ? '+' : '−'}${count(Math.abs(quota))}`;

/** What was set aside, what was charged of it, what came back, and what was corrected. */
export function CallSteps({ call }: Pick<ExplainedProps, 'call'>) {
  const texts = useTexts(explainedTexts);
  const zone = useZone();
  const at = (time: string) => `${moment(time, zone)} ${zone}`;
  return (
    <Card title={texts.steps} foot={texts.inAll}>
      <div className="card-body">
        <ol className="timeline">
          {call.steps.map((step, index) => {
            if (step.step === 'failed')
              return (
                <li className="refused" key={index}>
                  <span className="what">{texts.failed(step.code)}</span>
                  <span className="amount">0</span>
                  <span className="meta">{at(step.at)}</span>
                </li>
              );
            if (step.step === 'corrected')
              return (
                <li className="charge" key={index}>
                  <span className="what">{texts.corrected}</span>
                  <span className="amount">{signed(step.difference)}</span>
                  <span className="meta">{at(step.at)}</span>
                </li>
              );
            return <Charged key={index} step={step} startedAt={at(call.started_at)} at={at(step.at)} />;
          })}
        </ol>
      </div>
    </Card>
  );
}

interface ChargedProps {
  readonly step: NonNullable<ReturnType<typeof chargeIn>>;
  readonly startedAt: string;
  readonly at: string;
}

function Charged({ step, startedAt, at }: ChargedProps) {
  const texts = useTexts(explainedTexts);
  const back = step.hold_quota - step.quota;
  return (
    <>
      <li className="held">
        <span className="what">{texts.held}</span>
        <span className="amount money held">{signed(step.hold_quota)}</span>
        <span className="meta">{startedAt}</span>
      </li>
      <li className="charge">
        <span className="what">{step.step === 'abandoned' ? texts.abandoned : texts.chargedStep}</span>
        <span className="amount">{signed(step.quota)}</span>
        <span className="meta">{at}</span>
      </li>
      {back > 0 && (
        <li className="credit">
          <span className="what">{texts.returned}</span>
          <span className="amount money credit">{signed(-back)}</span>
          <span className="meta">{at}</span>
        </li>
      )}
    </>
  );
}

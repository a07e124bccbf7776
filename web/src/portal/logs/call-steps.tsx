import { useZone } from '../../api/status.ts';
import { clockTime } from '../../format/moment.ts';
import { count, secondsOf } from '../../format/numbers.ts';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { explainedTexts } from './explained.texts.ts';
import type { Explanation } from './logs-queries.ts';
import type { ChargeStep } from './receipt.tsx';

type Call = NonNullable<Explanation['call']>;

interface StepRowProps {
  readonly mark?: 'held' | 'charge' | 'credit' | 'refused';
  readonly what: string;
  readonly amount: string;
  /** In the colour of what the money does. */
  readonly isMoney?: true;
  readonly where: string;
}

const StepRow = ({ mark, what, amount, isMoney, where }: StepRowProps) => (
  <li className={mark}>
    <span className="what">{what}</span>
    <span className={isMoney ? `amount money ${mark}` : 'amount'}>{amount}</span>
    <span className="meta">{where}</span>
  </li>
);

const signed = (quota: number) => `${quota < 0 ? '+' : '−'}${count(Math.abs(quota))}`;

/** What was set aside, when the answer came, what was charged, what came back, and what was corrected. */
export function CallSteps({ call }: { readonly call: Call }) {
  const texts = useTexts(explainedTexts);
  const zone = useZone();
  const at = ({ at: time, position }: { readonly at: string; readonly position: string }) =>
    texts.at(clockTime(time, zone), count(BigInt(position)));
  return (
    <Card title={texts.steps} foot={texts.inAll(zone)}>
      <div className="card-body">
        <ol className="timeline">
          {call.steps.map((step) => {
            const where = at(step);
            if (step.step === 'failed')
              return (
                <StepRow
                  key={step.position}
                  mark="refused"
                  what={texts.failed(step.code)}
                  amount="0"
                  where={where}
                />
              );
            if (step.step === 'corrected')
              return (
                <StepRow
                  key={step.position}
                  mark="charge"
                  what={texts.corrected}
                  amount={signed(step.difference)}
                  where={where}
                />
              );
            return <Charged key={step.position} step={step} call={call} where={where} />;
          })}
        </ol>
      </div>
    </Card>
  );
}

interface ChargedProps {
  readonly step: ChargeStep;
  readonly call: Call;
  readonly where: string;
}

function Charged({ step, call, where }: ChargedProps) {
  const texts = useTexts(explainedTexts);
  const zone = useZone();
  const back = step.hold_quota - step.quota;
  const hold = signed(step.hold_quota);
  return (
    <>
      <StepRow mark="held" what={texts.held} amount={hold} isMoney where={clockTime(call.started_at, zone)} />
      {/* An answer that is no stream comes at once: its first byte is told by its end. */}
      {call.streamed && <Moment what={texts.firstToken} call={call} afterMs={step.first_byte_ms} />}
      <Moment
        what={step.complete ? texts.complete : texts.brokenOff}
        call={call}
        afterMs={step.duration_ms}
      />
      <StepRow
        mark="charge"
        what={step.step === 'abandoned' ? texts.abandoned : texts.chargedStep}
        amount={signed(step.quota)}
        where={where}
      />
      {back > 0 && (
        <StepRow mark="credit" what={texts.returned} amount={signed(-back)} isMoney where={where} />
      )}
    </>
  );
}

interface MomentProps {
  readonly what: string;
  readonly call: Call;
  /** Since the request came; null where nobody knows. */
  readonly afterMs: number | null;
}

function Moment({ what, call, afterMs }: MomentProps) {
  const texts = useTexts(explainedTexts);
  const zone = useZone();
  if (afterMs === null) return null;
  const time = clockTime(Date.parse(call.started_at) + afterMs, zone);
  return <StepRow what={what} amount={texts.seconds(secondsOf(afterMs))} where={time} />;
}

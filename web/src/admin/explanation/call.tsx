import { Link } from '@tanstack/react-router';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { explanationTexts } from './explanation.texts.ts';
import { FactsCard } from './facts.tsx';
import type { CallExplained, CallStep } from './queries.ts';
import { Receipt } from './receipt.tsx';
import { UserLink } from './user-link.tsx';

type Charged = Extract<CallStep, { step: 'charged' | 'abandoned' }>;
type Failed = Extract<CallStep, { step: 'failed' }>;

const isCharge = (step: CallStep): step is Charged => step.step === 'charged' || step.step === 'abandoned';
const isFailure = (step: CallStep): step is Failed => step.step === 'failed';

/** Why a call cost what it did: the receipt, the way from hold to charge, and the request. */
export function CallExplanation({ call }: { readonly call: CallExplained }) {
  const texts = useTexts(explanationTexts);
  const charge = call.steps.find(isCharge);
  const failure = call.steps.find(isFailure);
  const last = call.steps.at(-1);
  const after = last && ('balance' in last ? last.balance : last.balance_after);
  return (
    <>
      <Receipt
        title={texts.charged}
        isRefused={charge === undefined && failure !== undefined}
        quota={call.quota}
        balanceBefore={charge?.balance_before}
        balanceAfter={after}
        position={last?.position}
        number={call.request_id}
        lines={call.told}
        total={count(call.quota)}
      />
      <Steps steps={call.steps} />
      <FactsCard title={texts.request} facts={useFacts(call, charge, failure)} />
    </>
  );
}

function useFacts(call: CallExplained, charge: Charged | undefined, failure: Failed | undefined) {
  const texts = useTexts(explanationTexts);
  const zone = useZone();
  const duration = charge?.duration_ms ?? failure?.duration_ms;
  return [
    [texts.user, <UserLink key="user" id={call.user.external_user_id} />],
    [texts.key, call.key.name && `${call.key.name} · ${call.key.mask ?? ''}`],
    [texts.address, <code key="address">{call.endpoint}</code>],
    [texts.began, `${moment(call.started_at, zone)} ${zone}`],
    [texts.took, duration === undefined || duration === null ? null : texts.milliseconds(count(duration))],
    [texts.model, call.model],
    [texts.streamed, call.streamed ? texts.yes : texts.no],
    [texts.channel, charge?.upstream.channel_name ?? charge?.upstream.channel_id ?? failure?.channel_id],
    [texts.upstreamModel, charge?.upstream.model],
    [
      texts.upstreamRequest,
      charge?.upstream.request_id && <code key="id">{charge.upstream.request_id}</code>,
    ],
    [texts.ended, charge?.ended],
    [texts.counted, charge && texts.basis[charge.tokens.basis]],
    [texts.doubt, charge?.doubt && `${charge.doubt.reason}: ${charge.doubt.reported}`],
    [
      texts.price,
      charge && (
        <Link key="price" to="/admin/prices" search={{ version: charge.price.version }}>
          {texts.version(count(charge.price.version))}
        </Link>
      ),
    ],
    [texts.group, charge?.price.group],
    [texts.callId, <code key="call">{call.call_id}</code>],
  ] as const;
}

const marks = { charged: 'charge', abandoned: 'charge', corrected: 'credit', failed: 'refused' } as const;

/** What is recorded of it, in its order; all amounts in quota. */
function Steps({ steps }: { readonly steps: readonly CallStep[] }) {
  const texts = useTexts(explanationTexts);
  const zone = useZone();
  return (
    <Card title={texts.way} foot={texts.inQuota}>
      <div className="card-body">
        <ol className="timeline">
          {steps.map((step) => (
            <StepRows key={step.event_id} step={step} at={`${moment(step.recorded_at, zone)}`} />
          ))}
        </ol>
      </div>
    </Card>
  );
}

function StepRows({ step, at }: { readonly step: CallStep; readonly at: string }) {
  const texts = useTexts(explanationTexts);
  const where = texts.at(at, count(step.position));
  const row = (mark: string, what: string, amount: string, meta: string) => (
    <li className={mark} key={what}>
      <span className="what">{what}</span>
      <span className="amount">{amount}</span>
      <span className="meta">{meta}</span>
    </li>
  );
  if (isFailure(step))
    return row(
      marks.failed,
      `${texts.failed}: ${step.why}`,
      '0',
      [
        where,
        step.code,
        step.needed_quota !== null &&
          step.available_quota !== null &&
          texts.missing(count(step.needed_quota), count(step.available_quota)),
      ]
        .filter(Boolean)
        .join(' · '),
    );
  if (!isCharge(step))
    return row(
      marks.corrected,
      texts.correctedTo(count(step.quota)),
      count(-step.difference),
      `${where} · ${step.by} · ${step.reason}`,
    );
  const rest = step.hold_quota - step.quota;
  return (
    <>
      {row('held', texts.held, count(-step.hold_quota), texts.heldNote)}
      {step.first_byte_ms !== null &&
        row('', texts.firstByte, texts.milliseconds(count(step.first_byte_ms)), texts.sinceAsked)}
      {step.duration_ms !== null &&
        row('', texts.complete, texts.milliseconds(count(step.duration_ms)), texts.sinceAsked)}
      {row(marks[step.step], texts.steps[step.step], count(-step.quota), where)}
      {rest > 0 && row('credit', texts.returned, `+${count(rest)}`, where)}
      {step.overshoot_quota > 0 && row('warning', texts.overshoot, count(-step.overshoot_quota), where)}
    </>
  );
}

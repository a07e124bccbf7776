import type { CallExplanation } from '../../books/audit/explain/call.js';
import type { ChargeStep } from '../../books/audit/explain/charge-step.js';
import type { Explanation, ExplainView } from '../../books/audit/explain/explain.js';
import type { GrantExplanation } from '../../books/audit/explain/grant.js';
import type { AdjustmentExplanation, PaymentExplanation } from '../../books/audit/explain/payment.js';
import { table } from '../output.js';
import { groupText, ratesText, tokensText, unitsText } from './charge-texts.js';
import { creditFacts } from './credit-texts.js';
import { count, type Fact, facts, money, ownerText, placeText } from './facts.js';

/** The chain behind each figure, as a person reads it. */
export function reportExplanations({ explanations, more }: ExplainView): string {
  const texts = explanations.map(reportOf);
  if (more) texts.push(`There are more of this id than these ${explanations.length}.`);
  return texts.join('\n\n');
}

function reportOf(explanation: Explanation): string {
  switch (explanation.kind) {
    case 'call':
      return reportCall(explanation);
    case 'payment':
      return reportPayment(explanation);
    case 'adjustment':
      return reportAdjustment(explanation);
    case 'grant':
      return reportGrant(explanation);
  }
}

function reportCall(call: CallExplanation): string {
  const { key } = call;
  const head = facts([
    ['call', call.call_id],
    ['request', call.request_id],
    ['user', ownerText(call.user)],
    ['key', `${key.name ?? 'unknown'} ${key.mask ?? ''} (token ${key.token_id})`],
    ['model', `${call.model}, ${call.dialect} ${call.endpoint}${call.streamed ? ', streamed' : ''}`],
    ['started', call.started_at],
    ['cost', money(call.quota)],
  ]);
  return [head, ...call.steps.map(reportStep), toldReport(call.told)].join('\n\n');
}

function reportStep(step: CallExplanation['steps'][number]): string {
  const where: Fact[] = [
    ['recorded', step.recorded_at],
    ['log', placeText(step)],
  ];
  switch (step.step) {
    case 'charged':
    case 'abandoned':
      return reportCharge(step, where);
    case 'corrected':
      return `corrected: ${money(step.quota_before)} becomes ${money(step.quota)}\n${facts(
        [['why', step.reason], ['by', step.by], ...balances(step), ...where],
        '  ',
      )}`;
    case 'failed': {
      const rows: Fact[] = [
        ['why', step.why],
        ['answer', `${step.status} ${step.code}`],
        ['needed', step.needed_quota === null ? null : money(step.needed_quota)],
        ['available', step.available_quota === null ? null : money(step.available_quota)],
        ['channel', step.channel_id],
        ['balance', money(step.balance)],
      ];
      return `failed, nothing was charged\n${facts([...rows, ...where], '  ')}`;
    }
  }
}

function reportCharge(step: ChargeStep, where: readonly Fact[]): string {
  const { tokens, price, upstream } = step;
  const published =
    price.published_at === null ? '' : `, published ${price.published_at} by ${price.published_by}`;
  const rows: Fact[] = [
    ['tokens', `${tokensText(step)}; ${tokens.basis}`],
    ['units', unitsText(step)],
    ['price', `version ${price.version}${published}`],
    ['', ratesText(step)],
    ['group', groupText(step)],
    ['exact', step.exact_quota],
    ['rounding', step.rounding],
    ['charge', money(step.quota)],
    ['hold', money(step.hold_quota)],
    ['overshoot', step.overshoot_quota > 0n ? money(step.overshoot_quota) : null],
    ['channel', `${upstream.channel_name ?? ''} (${upstream.channel_id}), ${upstream.model}`],
    ['upstream id', upstream.request_id],
    ['doubt', step.doubt && `${step.doubt.reason}; reported: ${step.doubt.reported}`],
    ['first byte', step.first_byte_ms === null ? null : `after ${count(step.first_byte_ms)} ms`],
    ['ended', `${step.ended}${step.duration_ms === null ? '' : `, after ${count(step.duration_ms)} ms`}`],
    ...balances(step),
    ...where,
  ];
  const lines = table(
    ['line', 'count', 'ratio', 'exact quota'],
    step.lines.map(({ kind, model, count: amount, ratio, exact }) => ({
      line: model === undefined ? kind : `${kind} of ${model}`,
      count: amount,
      ratio,
      'exact quota': exact,
    })),
  );
  return `${step.step}\n${facts(rows, '  ')}\n${lines}\nThe lines, computed again, add up to the recorded charge.`;
}

function reportPayment({ credit, ...payment }: PaymentExplanation): string {
  const head = facts([
    ['payment', payment.payment_id],
    ['user', ownerText(payment.user)],
    ['credited', `$${credit.amount_usd} = ${count(credit.quota)} quota, ${credit.recorded_at}`],
    ...creditFacts(credit),
    ...balances(credit),
    ['log', placeText(credit)],
  ]);
  const refunds = payment.refunds.map((refund) =>
    facts([
      [`refund${refund.refund_id === payment.refund_id ? ' *' : ''}`, refund.refund_id],
      ['given back', `$${refund.amount_usd} = ${count(refund.quota)} quota, ${refund.recorded_at}`],
      ['why', refund.reason],
      ['by', refund.by],
      ['hold', refund.hold_id],
      ...balances(refund),
      ['log', placeText(refund)],
    ]),
  );
  return [head, ...refunds, `$${payment.remaining_usd} of it may still be given back.`].join('\n\n');
}

function reportAdjustment(adjustment: AdjustmentExplanation): string {
  return facts([
    ['adjustment', adjustment.adjustment_id],
    ['user', ownerText(adjustment.user)],
    ['amount', money(adjustment.quota)],
    ['why', adjustment.reason],
    ['by', adjustment.by],
    ...balances(adjustment),
    ['recorded', adjustment.recorded_at],
    ['log', placeText(adjustment)],
  ]);
}

function reportGrant(grant: GrantExplanation): string {
  const head = facts([
    ['grant', grant.grant_id],
    ['source', `${grant.source} (${grant.grant_kind})`],
    ['user', ownerText(grant.user)],
    ['ends', grant.ends_at ?? 'never'],
  ]);
  const steps = grant.steps.map((step) =>
    facts([
      [step.step, money(step.quota)],
      ['why', step.reason],
      ['by', step.by],
      ...balances(step),
      ['recorded', step.recorded_at],
      ['log', placeText(step)],
    ]),
  );
  return [head, ...steps].join('\n\n');
}

/** As the person reads it whose money it is. */
const toldReport = (told: CallExplanation['told']): string =>
  `told to the user\n${table(
    ['line', 'quota'],
    told.map(({ text, quota }) => ({ line: text.en, quota })),
  )}`;

const balances = (step: {
  readonly balance_before: bigint;
  readonly balance_after: bigint;
}): readonly Fact[] => [
  ['balance', `${money(step.balance_before)} before, ${money(step.balance_after)} after`],
];

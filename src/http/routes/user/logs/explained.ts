import type { z } from 'zod';
import type { CallExplanation } from '../../../../books/audit/explain/call.js';
import type { Explanation } from '../../../../books/audit/explain/explain.js';
import { usdOfQuota } from '../../../../domain/money/quota.js';
import { rateNames } from '../../../../domain/pricing/price.js';
import { tokenKinds, unitKinds } from '../../../../domain/pricing/usage.js';
import type { explained } from './explained-schema.js';

type Explained = z.input<typeof explained>;
type Step = CallExplanation['steps'][number];
type Place = { readonly at: string; readonly position: string };

/** Whether the row at this place of the log is part of the figure. An id may be of several. */
export const isOf = (position: bigint, each: Explanation): boolean => placesOf(each).includes(position);

function placesOf(each: Explanation): readonly bigint[] {
  if (each.kind === 'call') return each.steps.map((step) => step.position);
  if (each.kind === 'adjustment') return [each.position];
  if (each.kind === 'grant') return each.steps.map(({ position }) => position);
  return [each.credit, ...each.refunds].map(({ position }) => position);
}

/**
 * An explanation for the person whose money it is, member by member: who served a call, what that cost and what went wrong there is in none of
 * them.
 *
 * @param position of the row that is explained
 */
export function presentExplained(each: Explanation, position: bigint) {
  const quota = figureOf(each);
  return {
    kind: each.kind,
    lines: each.told.map(({ kind, text, quota: exact }) => ({ kind, text, quota: exact })),
    quota,
    usd: usdOfQuota(quota),
    call: each.kind === 'call' ? presentCall(each) : null,
    balances: balancesOf(each, position),
  };
}

function figureOf(each: Explanation): bigint {
  return each.kind === 'payment' ? each.remaining_quota : each.quota;
}

function balancesOf(each: Explanation, position: bigint) {
  if (each.kind === 'call') return null;
  const moved =
    each.kind === 'adjustment'
      ? each
      : (each.kind === 'grant' ? each.steps : [each.credit, ...each.refunds]).find(
          (movement) => movement.position === position,
        );
  return moved ? { balance_before: moved.balance_before, balance_after: moved.balance_after } : null;
}

const presentCall = (call: CallExplanation) => ({
  call_id: call.call_id,
  request_id: call.request_id,
  dialect: call.dialect,
  endpoint: call.endpoint,
  model: call.model,
  streamed: call.streamed,
  started_at: call.started_at,
  steps: call.steps.map(presentStep),
});

function presentStep(step: Step) {
  const place = { at: step.recorded_at, position: step.position.toString() };
  switch (step.step) {
    case 'failed':
      return {
        step: step.step,
        ...place,
        status: step.status,
        code: step.code,
        needed_quota: step.needed_quota,
        available_quota: step.available_quota,
        balance: step.balance,
      };
    case 'corrected':
      return {
        step: step.step,
        ...place,
        quota_before: step.quota_before,
        quota: step.quota,
        difference: step.difference,
        balance_before: step.balance_before,
        balance_after: step.balance_after,
      };
    default:
      return presentCharge(step, place);
  }
}

function presentCharge(step: Exclude<Step, { step: 'failed' | 'corrected' }>, place: Place) {
  const { price, tokens, units } = step;
  return {
    step: step.step,
    ...place,
    tokens: { ...pick(tokens, tokenKinds), basis: tokens.basis },
    units: pick(units, unitKinds),
    price: {
      version: price.version,
      published_at: price.published_at,
      group: price.group,
      group_ratio: price.group_ratio,
      tier_above_prompt_tokens: price.tier_above_prompt_tokens,
      service_tier: price.service_tier,
      image_size: price.image_size,
      image_quality: price.image_quality,
      rates: Object.fromEntries(
        rateNames.flatMap((name) => {
          const rate = price[name];
          return typeof rate === 'string' ? [[name, rate] as const] : [];
        }),
      ),
    },
    exact_quota: step.exact_quota,
    rounding: step.rounding,
    hold_quota: step.hold_quota,
    quota: step.quota,
    first_byte_ms: step.first_byte_ms,
    duration_ms: step.duration_ms,
    complete: step.ended === 'complete',
    balance_before: step.balance_before,
    balance_after: step.balance_after,
  };
}

const pick = <Name extends string, Value>(from: Readonly<Record<Name, Value>>, names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, from[name]])) as Record<Name, Value>;

/** For the document. */
export const exampleExplained: Explained = {
  kind: 'payment',
  lines: [{ kind: 'credit', text: { zh: '充值 $68.49', en: 'Top-up of $68.49' }, quota: '34245000' }],
  quota: 34245000,
  usd: '68.49',
  call: null,
  balances: { balance_before: 0, balance_after: 34245000 },
};

import type { Sealed } from '../../../../domain/stored/fields.js';
import type { CatalogueView } from '../../../../projections/catalogue/view.js';
import type { CheckResult } from '../../../../relay/channels/health/check-channel.js';
import type { ChannelReport } from '../../../../relay/channels/health/channel-reports.js';
import { SLICES } from '../../../../relay/channels/state/channel-state.js';
import { seconds } from '../paging.js';

type Failing = ChannelReport['failing'][number];
/** What of a channel failed: all of it, one of its keys, a model there, or a model with one key. */
type Failed = Failing & { readonly keyId: string | undefined; readonly model: string | undefined };

/** @param report undefined: nothing is known of it. @param maskOf of a sealed key; undefined where it cannot be opened */
export function presentLive(
  { channelId, disabled, enabled, settings }: CatalogueView['channels'][number],
  report: ChannelReport | undefined,
  maskOf: (sealed: Sealed) => string | undefined,
  now: Date,
) {
  const failed = (report?.failing ?? []).map((each) => partOf(channelId, each));
  const whole = cooldownOf(failed, undefined, now);
  return {
    channel_id: channelId,
    name: settings.name,
    state: enabled ? stateOf(whole) : 'out_of_use',
    disabled,
    cooldown: whole,
    running_calls: report?.running ?? 0,
    max_concurrency: settings.max_concurrency,
    response: responseOf(report, now),
    lately: latelyOf(report),
    last_check: report?.check
      ? { ...presentOutcome(report.check), at: before(now, report.check.sinceMs) }
      : null,
    balance: report?.balance
      ? {
          key_id: report.balance.keyId,
          amount: report.balance.amount,
          currency: report.balance.currency,
          at: before(now, report.balance.sinceMs),
        }
      : null,
    keys: settings.keys.map(({ id, sealed, disabled: keyDisabled }) => {
      const cooldown = cooldownOf(failed, id, now);
      const state = keyDisabled ? 'out_of_use' : stateOf(cooldown);
      const key = maskOf(sealed) ?? null;
      return { id, key, state, disabled: keyDisabled, cooldown, models: modelsOf(failed, id, now) };
    }),
    models: modelsOf(failed, undefined, now),
  };
}

export function presentTest(result: CheckResult) {
  return { channel_id: result.channelId, ...presentOutcome(result), message: result.message };
}

function presentOutcome({
  keyId,
  model,
  outcome,
  status,
  reason,
  durationMs,
  by,
}: Omit<CheckResult, 'message'>) {
  return { key_id: keyId, model, outcome, status, reason, duration_ms: Math.round(durationMs), by };
}

const before = (now: Date, ms: number): number => seconds(new Date(now.getTime() - ms));

function responseOf(report: ChannelReport | undefined, now: Date) {
  if (!report?.times) return null;
  const { answered, failed, averageMs, lastMs, sinceLastMs } = report.times;
  return {
    answered,
    failed,
    average_ms: Math.round(averageMs),
    last_ms: Math.round(lastMs),
    last_at: before(now, sinceLastMs),
  };
}

/** Every slice of the last two hours, the oldest first. */
function latelyOf(report: ChannelReport | undefined) {
  const lately = Array.from({ length: SLICES }, () => ({ answered: 0, failed: 0 }));
  for (const { slicesAgo, answered, failed } of report?.slices ?? [])
    lately[SLICES - 1 - slicesAgo] = { answered, failed };
  return lately;
}

/** `<id>`, `<id>/<key>`, `<id>#<model>`, `<id>/<key>#<model>`; a model's name may hold both signs. */
function partOf(channelId: string, failing: Failing): Failed {
  const rest = failing.target.slice(channelId.length);
  const sign = rest.indexOf('#');
  const key = rest.slice(0, sign === -1 ? undefined : sign);
  return {
    ...failing,
    keyId: key === '' ? undefined : key.slice(1),
    model: sign === -1 ? undefined : rest.slice(sign + 1),
  };
}

type Cooldown = ReturnType<typeof presentCooldown>;

function presentCooldown({ failures, reason, backInMs }: Failing, now: Date) {
  const known = backInMs !== undefined;
  return {
    failures,
    reason,
    until: known ? before(now, -backInMs) : null,
    back_in_ms: known ? Math.round(backInMs) : null,
  };
}

function cooldownOf(failed: readonly Failed[], keyId: string | undefined, now: Date): Cooldown | null {
  const found = failed.find((each) => each.keyId === keyId && each.model === undefined);
  return found ? presentCooldown(found, now) : null;
}

function modelsOf(failed: readonly Failed[], keyId: string | undefined, now: Date) {
  return failed.flatMap((each) =>
    each.keyId === keyId && each.model !== undefined
      ? [{ model: each.model, ...presentCooldown(each, now) }]
      : [],
  );
}

function stateOf(cooldown: Cooldown | null): 'in_use' | 'cooling' | 'on_trial' {
  if (cooldown === null || cooldown.back_in_ms === null) return 'in_use';
  return cooldown.back_in_ms > 0 ? 'cooling' : 'on_trial';
}

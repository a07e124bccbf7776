import { chargesByRequest } from './answers.js';
import { LATE_MS, movement, recordedDebt } from './movement.js';
import { quota, type RawEvent, text } from './raw-log.js';
import { countBy, type Invariant } from './verdict.js';

const oneChargeEach: Invariant = {
  name: 'every completed answer has one charge',
  check(evidence, note) {
    const { books, observations } = evidence;
    const ended = countBy(books.calls.values(), ({ requestId, what }) =>
      what.includes('consumption-recorded') || what.includes('consumption-corrected') ? requestId : '',
    );
    const completed = observations.calls.filter((call) => call.completed);
    const dialects = [
      ...countBy(completed, ({ dialect, streamed }) => `${dialect}${streamed ? ' in a stream' : ''}`),
    ];
    note(
      `${completed.length} completed answers: ${dialects.map(([name, count]) => `${count} ${name}`).join(', ')}`,
    );
    return completed
      .filter(({ requestId }) => ended.get(requestId) !== 1)
      .map(
        ({ requestId, model, status }) =>
          `call ${requestId} (${model}, ${status}): ${ended.get(requestId) ?? 0} charges`,
      );
  },
};

const onlyWhatWasServed: Invariant = {
  name: 'nothing is charged that upstream did not serve',
  check(evidence, note) {
    const asked = new Map(evidence.upstream.map(({ id, requestId }) => [id, requestId]));
    const requests = new Set(asked.values());
    const failures: string[] = [];
    for (const event of evidence.events) {
      if (event.type === 'consumption-recorded') {
        const upstreamId = text(event, 'upstream_request_id');
        // Who left before the answer began pays the prompt that upstream has, and upstream has named nothing yet.
        const isLeft = upstreamId === '' && text(event, 'ended') === 'client-closed';
        const request = text(event, 'request_id');
        if (isLeft ? !requests.has(request) : asked.get(upstreamId) !== request)
          failures.push(`call ${text(event, 'call_id')} names ${upstreamId || 'nothing'}`);
      }
      if (
        event.type === 'call-abandoned' &&
        quota(event, 'quota') > 0n &&
        !requests.has(text(event, 'request_id'))
      )
        failures.push(
          `call ${text(event, 'call_id')} was abandoned at a charge, and never asked for upstream`,
        );
    }
    const served = new Set(
      evidence.upstream.filter(({ what }) => what === 'answered').map(({ requestId }) => requestId),
    );
    const charged = chargesByRequest(evidence);
    const free = [...served].filter((requestId) => !charged.has(requestId)).length;
    note(
      `upstream was asked ${asked.size} times and answered ${served.size}; ${free} of its answers nobody paid for`,
    );
    return failures;
  },
};

const deadKeys: Invariant = {
  name: 'a key that was revoked or reset is refused from the answer on',
  check({ observations }, note) {
    const calls = observations.calls.filter(({ withDeadKey }) => withDeadKey);
    note(`${calls.length} calls with dead keys`);
    return calls
      .filter(({ status }) => status === 200)
      .map(({ requestId }) => `call ${requestId} was served with a dead key`);
  },
};

interface Tick {
  readonly atMs: number;
  readonly account: string;
  /** Money before holds, in one millisecond. */
  readonly order: 0 | 1 | 2;
  readonly balance: bigint;
  readonly held: bigint;
  readonly debt: bigint;
  readonly what: string;
}

/**
 * Every hold is known from the event that ended it, and when it was there from upstream's book: a call that upstream was asked for
 * was held, and its hold stays until its charge is in the log at least. At no moment may the holds be more than the balance.
 */
const neverAdmittedMore: Invariant = {
  name: 'the cache never admitted more than there was',
  check({ events, upstream }, note) {
    const askedAt = new Map<string, number>();
    for (const { requestId, atMs, what } of upstream)
      if (what === 'asked' && !askedAt.has(requestId)) askedAt.set(requestId, atMs);
    const ticks = events.flatMap((event) => ticksOf(event, askedAt.get(text(event, 'request_id'))));
    ticks.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
    const accounts = new Map<string, { left: bigint; debt: bigint }>();
    const failures: string[] = [];
    let least: bigint | undefined;
    for (const tick of ticks) {
      const state = accounts.get(tick.account) ?? { left: 0n, debt: 0n };
      state.left += tick.balance - tick.held;
      state.debt += tick.debt;
      accounts.set(tick.account, state);
      if (tick.held <= 0n) continue;
      if (least === undefined || state.left < least) least = state.left;
      if (state.left < -state.debt)
        failures.push(`${tick.what} was admitted with ${state.left + tick.held} left for its ${tick.held}`);
    }
    note(`at the tightest moment ${least ?? 0n} was left`);
    return failures;
  },
};

function ticksOf(event: RawEvent, askedAtMs: number | undefined): Tick[] {
  const account = text(event, 'account_id');
  const endedAtMs = event.recordedAtMs;
  const none = { account, balance: 0n, held: 0n, debt: 0n, what: `call ${text(event, 'call_id')}` };
  const moved = movement(event);
  const ticks: Tick[] =
    moved === 0n ? [] : [{ ...none, atMs: endedAtMs, order: 0, balance: moved, debt: debtOf(event) }];
  const held = quota(event, 'hold_quota');
  if (askedAtMs === undefined || held === 0n || endedAtMs < askedAtMs) return ticks;
  return [
    ...ticks,
    { ...none, atMs: endedAtMs, order: 1, held: -held },
    { ...none, atMs: askedAtMs + 1, order: 2, held },
  ];
}

/** What follows money that went back, whoever has spent it. */
const GONE = ['payment-taken-back', 'grant-withdrawn'];

function debtOf(event: RawEvent): bigint {
  if (event.type === 'consumption-corrected') return quota(event, 'difference');
  if (GONE.includes(event.type)) return recordedDebt(event);
  const overMs = Date.parse(text(event, 'started_at')) + Number(event.data.duration_ms ?? 0);
  if (event.type === 'consumption-recorded' && event.recordedAtMs - overMs > LATE_MS)
    return quota(event, 'quota');
  return quota(event, 'overshoot_quota');
}

export const callInvariants: readonly Invariant[] = [
  oneChargeEach,
  onlyWhatWasServed,
  neverAdmittedMore,
  deadKeys,
];

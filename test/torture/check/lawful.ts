import { GROUPS } from '../cluster/cluster.js';
import type { Attempt, Request } from '../run/observations.js';
import { SLACK_MS } from './history.js';
import { movement, recordedDebt } from './movement.js';
import { quota, type RawEvent, text } from './raw-log.js';
import type { Evidence, Invariant } from './verdict.js';

/** What the log held when an answer came, of one payment. */
function paymentAt(events: readonly RawEvent[], payment: string, atMs: number) {
  const about = events.filter(
    (event) => text(event, 'payment_id') === payment && event.recordedAtMs <= atMs + SLACK_MS,
  );
  const sum = (type: string) =>
    about.filter((event) => event.type === type).reduce((total, event) => total + quota(event, 'quota'), 0n);
  return {
    isThere: about.length > 0,
    left:
      sum('payment-credited') -
      sum('payment-refunded') +
      sum('payment-refund-reversed') -
      sum('payment-taken-back'),
  };
}

const QUOTA_OF_USD = 500_000;

/** Whether what a refusal says was so, at the latest when it was answered. Both only become truer: refunds add up, and payments stay. */
function wasTrue(request: Request, { code, endedMs }: Attempt, { events }: Evidence): boolean {
  if (code === 'refund_exceeds_payment') {
    const { left } = paymentAt(events, request.key.split(' ')[0] ?? '', endedMs);
    const wanted =
      request.amountUsd === undefined ? 1n : BigInt(Math.round(request.amountUsd * QUOTA_OF_USD));
    return wanted > left;
  }
  if (code === 'payment_conflict') return paymentAt(events, request.key, endedMs).isThere;
  return true;
}

const refusalsAreTrue: Invariant = {
  name: 'a refusal was true when it was given',
  check(evidence, note) {
    const failures: string[] = [];
    let refused = 0;
    for (const request of evidence.observations.requests.values()) {
      for (const attempt of request.attempts.filter(({ kind }) => kind === 'refused')) {
        refused += 1;
        if (!wasTrue(request, attempt, evidence))
          failures.push(
            `${request.kind} ${request.key} was refused with ${attempt.code}, which the log denies`,
          );
      }
    }
    note(`${refused} refusals`);
    return failures;
  },
};

interface Change {
  readonly group: string;
  readonly recordedAtMs: number;
  /** When who had asked for it knew; never, where no answer came. */
  readonly knownAtMs: number;
}

/** The changes of an account's group, in the order of the log. */
function changesOf(account: string, { events, observations, accounts }: Evidence): Change[] {
  const asked = [...observations.requests.values()].filter(
    (request) => request.kind === 'group' && accounts.get(request.user) === account,
  );
  return events
    .filter((event) => event.type === 'account-group-changed' && text(event, 'account_id') === account)
    .map((event) => {
      const answers = asked
        .filter(({ body }) => body.group === event.data.group)
        .flatMap(({ attempts }) => attempts)
        .filter(({ kind, begunMs, endedMs }) => {
          const isWithin =
            event.recordedAtMs >= begunMs - SLACK_MS && event.recordedAtMs <= endedMs + SLACK_MS;
          return kind === 'acknowledged' && isWithin;
        });
      const knownAtMs = Math.min(Infinity, ...answers.map(({ endedMs }) => endedMs));
      return { group: text(event, 'group'), recordedAtMs: event.recordedAtMs, knownAtMs };
    });
}

const groupsHold: Invariant = {
  name: 'a group holds from the answer on: later calls are charged at its ratio',
  check(evidence, note) {
    const begun = new Map(evidence.observations.calls.map(({ requestId, begunMs }) => [requestId, begunMs]));
    const changes = new Map<string, Change[]>();
    for (const account of evidence.accounts.values()) changes.set(account, changesOf(account, evidence));
    const failures: string[] = [];
    let charged = 0;
    for (const event of evidence.events) {
      const begunMs = begun.get(text(event, 'request_id'));
      if (event.type !== 'consumption-recorded' || begunMs === undefined) continue;
      const of = changes.get(text(event, 'account_id')) ?? [];
      const known = of.findLastIndex(({ knownAtMs }) => knownAtMs < begunMs);
      const later = of.slice(known + 1).filter(({ recordedAtMs }) => recordedAtMs <= event.recordedAtMs);
      const lawful = [of[known]?.group ?? GROUPS[0].name, ...later.map(({ group }) => group)];
      const group = text(event, 'group');
      const ratio = GROUPS.find(({ name }) => name === group)?.ratio;
      charged += 1;
      if (!lawful.includes(group) || Number(text(event, 'group_ratio')) !== ratio)
        failures.push(
          `call ${text(event, 'call_id')} was charged in ${group} at ${text(event, 'group_ratio')}, where it could be in ${lawful.join(' or ')}`,
        );
    }
    const changed = [...changes.values()].reduce((sum, { length }) => sum + length, 0);
    note(`${charged} charges, ${changed} changes of groups`);
    return failures;
  },
};

const limitsHold: Invariant = {
  name: 'a key spends no more in its life than its limit, but for the overshoot on record',
  check({ events }, note) {
    const keys = new Map<unknown, { limit: bigint; spent: bigint; debt: bigint }>();
    const keyOfCall = new Map<string, unknown>();
    const failures: string[] = [];
    for (const event of events) {
      if (event.type === 'token-issued') {
        const { quota_limit: limit } = event.data.limits as { quota_limit: string | null };
        if (limit !== null) keys.set(event.data.token_id, { limit: BigInt(limit), spent: 0n, debt: 0n });
      }
      const call = text(event, 'call_id');
      if (event.data.token_id !== undefined) keyOfCall.set(call, event.data.token_id);
      const key = call === '' ? undefined : keys.get(keyOfCall.get(call));
      if (!key) continue;
      key.spent -= movement(event);
      key.debt += recordedDebt(event);
      if (key.spent > key.limit + key.debt)
        failures.push(`call ${call} brings its key to ${key.spent} of ${key.limit}, ${key.debt} on record`);
    }
    const used = [...keys.values()].filter(({ spent }) => spent > 0n).length;
    note(`${keys.size} keys with a limit, ${used} of them used`);
    return failures;
  },
};

export const lawfulInvariants: readonly Invariant[] = [refusalsAreTrue, groupsHold, limitsHold];

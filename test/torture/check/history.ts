import type { Call, Reading, Request } from '../run/observations.js';
import { effectsOf } from './effects.js';
import { movement } from './movement.js';
import { type RawEvent, text } from './raw-log.js';
import type { Evidence, Invariant } from './verdict.js';

/** All clocks are of one machine; what is recorded in one millisecond may have been asked for in the next one. */
export const SLACK_MS = 50;

/** A balance as the model has it, after one more event of the account. */
interface Moment {
  readonly position: bigint;
  readonly recordedAtMs: number;
  readonly balance: bigint;
}

/** Every balance that each account ever had, in the order of the log. */
function balancesOf(events: readonly RawEvent[]): Map<string, Moment[]> {
  const accounts = new Map<string, Moment[]>();
  for (const event of events) {
    const moved = movement(event);
    if (moved === 0n) continue;
    const account = text(event, 'account_id');
    const moments = accounts.get(account) ?? [];
    const balance = (moments.at(-1)?.balance ?? 0n) + moved;
    moments.push({ position: event.position, recordedAtMs: event.recordedAtMs, balance });
    accounts.set(account, moments);
  }
  return accounts;
}

/**
 * A reading is lawful when the account had that balance at a moment that is not before the position asked for, not before the moment of
 * a reading that had ended when this one began, and not after this one ended. The earliest such moment is taken for each reading, in the
 * order in which they began: an earlier one leaves the most to those that come.
 */
const readingsAreMoments: Invariant = {
  name: 'a balance that is read was the balance at a moment, never before min_position and never older than one read before',
  check({ events, observations, accounts }, note) {
    const balances = balancesOf(events);
    const failures: string[] = [];
    for (const [user, readings] of byUser(observations.readings)) {
      const moments = [
        { position: -1n, recordedAtMs: 0, balance: 0n },
        ...(balances.get(accounts.get(user) ?? '') ?? []),
      ];
      const placed: { readonly endedMs: number; readonly at: number }[] = [];
      for (const reading of readings) {
        const before = placed.filter(({ endedMs }) => endedMs < reading.begunMs).map(({ at }) => at);
        const asked = moments.findLastIndex(({ position }) => position <= (reading.minPosition ?? -1n));
        const from = Math.max(asked, ...before);
        const at = moments.findIndex((moment, index) => index >= from && isSeen(moment, reading));
        if (at < 0) failures.push(`${user} was told ${reading.quota}, ${whyNot(moments, from, reading)}`);
        else placed.push({ endedMs: reading.endedMs, at });
      }
    }
    const fresh = observations.readings.filter(({ minPosition }) => minPosition !== undefined).length;
    note(`${observations.readings.length} readings, ${fresh} of them with min_position`);
    return failures;
  },
};

const isSeen = ({ balance, recordedAtMs }: Moment, { quota, endedMs }: Reading): boolean =>
  balance === quota && recordedAtMs <= endedMs + SLACK_MS;

function whyNot(moments: readonly Moment[], from: number, { minPosition, begunMs }: Reading): string {
  const { balance, position } = moments[from] as Moment;
  return `which it was at no moment from position ${position} (${balance}) on; asked at ${begunMs} for ${minPosition ?? 'any position'}`;
}

function byUser(readings: readonly Reading[]): Map<string, Reading[]> {
  const users = new Map<string, Reading[]>();
  for (const reading of [...readings].sort((a, b) => a.begunMs - b.begunMs))
    users.set(reading.user, [...(users.get(reading.user) ?? []), reading]);
  return users;
}

/** Of requests that have one effect, which names them. */
const WITH_ONE_EFFECT: readonly Request['kind'][] = [
  ...(['topup', 'refund', 'adjust', 'erase', 'sync'] as const),
  ...(['order', 'order-refund', 'redeem', 'grant'] as const),
];

interface Done {
  readonly name: string;
  readonly begunMs: number;
  readonly answeredMs: number;
  readonly event: RawEvent;
  /** As the answers say. */
  readonly positions: readonly bigint[];
}

function doneOf(evidence: Evidence): Done[] {
  return [...evidence.observations.requests.values()].flatMap((request) => {
    const sure = request.attempts.filter(({ kind }) => kind === 'acknowledged');
    const [event] = effectsOf(request, evidence);
    if (!WITH_ONE_EFFECT.includes(request.kind) || !event || sure.length === 0) return [];
    return [
      {
        name: `${request.kind} ${request.key}`,
        begunMs: Math.min(...request.attempts.map(({ begunMs }) => begunMs)),
        answeredMs: Math.min(...sure.map(({ endedMs }) => endedMs)),
        event,
        positions: sure.flatMap(({ position }) => position ?? []),
      },
    ];
  });
}

/** The log is one order of all that was done; nothing in it contradicts what clients saw happen before something else. */
const realTimeOrder: Invariant = {
  name: 'what was answered before another thing was asked lies before it in the log, between its question and its answer',
  check(evidence, note) {
    const done = doneOf(evidence);
    const failures: string[] = [];
    for (const { name, begunMs, answeredMs, event, positions } of done) {
      if (event.recordedAtMs < begunMs - SLACK_MS || event.recordedAtMs > answeredMs + SLACK_MS)
        failures.push(
          `${name} was asked at ${begunMs}, answered at ${answeredMs} and recorded at ${event.recordedAtMs}`,
        );
      for (const position of positions)
        if (position < event.position)
          failures.push(`${name} is said to be at ${position}, and is at ${event.position}`);
    }
    const answers = [...done].sort((a, b) => a.answeredMs - b.answeredMs);
    let next = 0;
    let last: Done | undefined;
    for (const each of [...done].sort((a, b) => a.begunMs - b.begunMs)) {
      for (; answers[next] && (answers[next] as Done).answeredMs < each.begunMs; next++)
        if (!last || (answers[next] as Done).event.position > last.event.position) last = answers[next];
      if (last && last.event.position > each.event.position)
        failures.push(`${each.name} began after ${last.name} was answered, and lies before it in the log`);
    }
    note(`${done.length} things done`);
    return failures;
  },
};

/** What is named is the place of the last event of an append: charges that end together share one, and its stream. */
const chargesAreWhereTheySay: Invariant = {
  name: 'a call that names a place in the log has its charge there, or before it in the same append',
  check({ events, observations }, note) {
    const at = new Map(events.map((event) => [event.position, event]));
    const charges = new Map<string, RawEvent[]>();
    for (const event of events) {
      if (!event.type.startsWith('consumption-')) continue;
      const requestId = text(event, 'request_id');
      charges.set(requestId, [...(charges.get(requestId) ?? []), event]);
    }
    const named = observations.calls.filter(({ position }) => position !== undefined);
    note(`${named.length} calls`);
    return named
      .filter(({ requestId, position }: Call) => {
        const place = at.get(position ?? -1n);
        return !place || charges.get(requestId)?.some((charge) => isOneAppend(charge, place)) !== true;
      })
      .map(({ requestId, position }) => `call ${requestId}: there is no charge of it at ${position}`);
  },
};

/** As far as the log can tell: of one stream, in this order, and recorded in one moment. */
const isOneAppend = (first: RawEvent, last: RawEvent): boolean =>
  first.stream === last.stream &&
  first.revision <= last.revision &&
  Math.abs(last.recordedAtMs - first.recordedAtMs) <= SLACK_MS;

export const historyInvariants: readonly Invariant[] = [
  readingsAreMoments,
  realTimeOrder,
  chargesAreWhereTheySay,
];

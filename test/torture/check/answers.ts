import type { Attempt, Request } from '../run/observations.js';
import { effectsOf, ownEffectsOf } from './effects.js';
import { SLACK_MS } from './history.js';
import { quota, type RawEvent, text } from './raw-log.js';
import { countBy, type Evidence, type Invariant } from './verdict.js';

const requestsOf = ({ observations }: Evidence): readonly Request[] => [...observations.requests.values()];
const hasKind = ({ attempts }: Request, kind: Attempt['kind']): boolean =>
  attempts.some((attempt) => attempt.kind === kind);

const nameOf = ({ kind, key, body }: Request): string => `${kind} ${key} ${JSON.stringify(body)}`;

/** A refusal for want of money may become a success when there is money. */
const WANT_OF_MONEY = ['refund_exceeds_balance', 'adjustment_exceeds_balance'];
/**
 * So may that there is no credit yet of an order, or that others get all of it back, which then comes to nothing. What was given and has ended
 * meanwhile is refused as something that would have ended before it began. And a dispute that suspends an account may be won.
 */
const FOR_NOW: Partial<Record<Request['kind'], readonly string[]>> = {
  'order-refund': ['payment_not_found', 'refund_exceeds_payment'],
  grant: ['invalid_request'],
  order: ['account_suspended'],
};
const mayChange = ({ kind }: Request, { code }: Attempt): boolean =>
  code !== undefined && [...WANT_OF_MONEY, ...(FOR_NOW[kind] ?? [])].includes(code);

const sameAnswer: Invariant = {
  name: 'the same key has the same answer for ever, refusals included',
  check(evidence, note) {
    const failures: string[] = [];
    let repeated = 0;
    for (const request of requestsOf(evidence)) {
      const sure = request.attempts.filter((each) => each.kind !== 'ambiguous' && !mayChange(request, each));
      if (sure.length > 1) repeated += sure.length - 1;
      const answers = countBy(
        sure,
        (each) => `${each.status} ${each.code ?? ''} ${comparable(request, each)}`,
      );
      if (answers.size > 1)
        failures.push(`${nameOf(request)} was answered ${[...answers.keys()].join(' and ')}`);
    }
    note(`${repeated} repetitions`);
    return failures;
  },
};

/** A sync says once that the user is new, a key's remaining quota is the balance of the moment. */
const OF_THE_MOMENT = ['is_new_user', 'remain_quota', 'current_quota', 'current_balance'];
/** What they answer with is the user as they are then. */
const ALL_OF_THE_MOMENT: readonly Request['kind'][] = ['group', 'erase'];

/** Of what goes on by itself, an answer says for ever what it is. */
const FOR_EVER: Partial<Record<Request['kind'], readonly string[]>> = {
  order: ['order_id', 'pay_amount', 'quota', 'bonus_quota'],
  'order-refund': ['refund_id', 'order_id', 'amount'],
  redeem: ['grant_id', 'quota'],
  grant: ['grant_id', 'quota'],
};

function comparable({ kind }: Request, { data }: Attempt): string {
  const lasting = FOR_EVER[kind];
  if (lasting && data !== undefined) {
    const said = JSON.parse(data) as Record<string, unknown>;
    return JSON.stringify(lasting.map((name) => said[name]));
  }
  if (ALL_OF_THE_MOMENT.includes(kind)) return '';
  if (data === undefined || !['sync', 'key', 'adjust'].includes(kind)) return data ?? '';
  const fields = Object.entries(JSON.parse(data) as Record<string, unknown>);
  return JSON.stringify(fields.filter(([name]) => !OF_THE_MOMENT.includes(name)));
}

const otherBody: Invariant = {
  name: 'another body under a used key is a typed error, as is what is not valid',
  check(evidence, note) {
    const refusable = requestsOf(evidence).filter(({ mustBe }) => mustBe);
    note(`${refusable.length} requests that must be refused`);
    return refusable.flatMap((request) =>
      request.attempts
        .filter(({ kind }) => kind !== 'ambiguous')
        .filter(({ status, code }) => status !== request.mustBe?.status || code !== request.mustBe.code)
        .map(({ status, code }) => `${nameOf(request)} was answered ${status} ${code ?? ''}`),
    );
  },
};

/** Into a group one is put again and again, and the log does not tell which request did it: it was the one of that time. */
const isOfThen = ({ kind, attempts }: Request, { recordedAtMs }: RawEvent): boolean =>
  kind !== 'group' ||
  attempts.some(
    ({ begunMs, endedMs }) => recordedAtMs >= begunMs - SLACK_MS && recordedAtMs <= endedMs + SLACK_MS,
  );

const errorsChangeNothing: Invariant = {
  name: 'an error answer changed nothing',
  check(evidence, note) {
    const failures: string[] = [];
    let refused = 0;
    for (const request of requestsOf(evidence)) {
      if (!hasKind(request, 'refused') || hasKind(request, 'acknowledged')) continue;
      // Asked for again after no clear answer, it may be refused for having been done.
      if (hasKind(request, 'ambiguous') && !request.mustBe) continue;
      refused += 1;
      const effects = ownEffectsOf(request, evidence).filter((event) => isOfThen(request, event));
      if (effects.length > 0)
        failures.push(`${nameOf(request)} was refused and is in the log at ${effects[0]?.position}`);
    }
    const charged = chargesByRequest(evidence);
    for (const { requestId, kind, status, code } of evidence.observations.calls) {
      if (kind !== 'refused') continue;
      refused += 1;
      if (charged.get(requestId))
        failures.push(`call ${requestId} was answered ${status} ${code ?? ''} and charged`);
    }
    note(`${refused} refused`);
    return failures;
  },
};

const zeroOrOne: Invariant = {
  name: 'each ambiguous answer ended in no effect or in one',
  check(evidence, note) {
    const open = requestsOf(evidence).filter(
      (request) => request.kind !== 'group' && hasKind(request, 'ambiguous'),
    );
    const failures = open.flatMap((request) => {
      const { length } = effectsOf(request, evidence);
      return length > 1 ? [`${nameOf(request)} is in the log ${length} times`] : [];
    });
    const charged = chargesByRequest(evidence);
    const calls = evidence.observations.calls.filter(({ kind }) => kind === 'ambiguous');
    for (const { requestId } of calls) {
      const times = charged.get(requestId) ?? 0;
      if (times > 1) failures.push(`call ${requestId} is charged ${times} times`);
    }
    const done = calls.filter(({ requestId }) => charged.has(requestId)).length;
    const kinds = [
      ...countBy(calls, ({ status, code }) => (status === 0 ? 'none' : `${status} ${code ?? ''}`.trim())),
    ];
    const seen = kinds.map(([kind, count]) => `${count} ${kind}`).join(', ');
    note(`${open.length} requests, ${calls.length} calls of which ${done} were charged (${seen})`);
    return failures;
  },
};

const acknowledgedIsDone: Invariant = {
  name: 'what was acknowledged is in the log, once',
  check(evidence, note) {
    // Who is in a group already is put into it without an event.
    const acknowledged = requestsOf(evidence).filter(
      (request) => request.kind !== 'group' && hasKind(request, 'acknowledged'),
    );
    const { forgotten } = evidence.observations;
    note(
      `${acknowledged.length} acknowledged${forgotten > 0 ? `, and ${forgotten} answers went with a lost ledger` : ''}`,
    );
    return acknowledged.flatMap((request) => {
      const { length } = ownEffectsOf(request, evidence);
      const changes = request.kind === 'key' && !('token_name' in request.body);
      return length === 1 || (changes && length > 0)
        ? []
        : [`${nameOf(request)} is in the log ${length} times`];
    });
  },
};

/** Charges of calls by the id their caller gave them; a correction replaces the charge before it. */
export function chargesByRequest({ events }: Pick<Evidence, 'events'>): Map<string, number> {
  return countBy(
    events.filter(
      (event) =>
        event.type === 'consumption-recorded' ||
        (event.type === 'call-abandoned' && quota(event, 'quota') > 0n),
    ),
    (event) => text(event, 'request_id'),
  );
}

export const answerInvariants: readonly Invariant[] = [
  sameAnswer,
  otherBody,
  errorsChangeNothing,
  zeroOrOne,
  acknowledgedIsDone,
];

import { answered } from '../run/front-end.js';
import type { Attempt, Request } from '../run/observations.js';
import { SLACK_MS } from './history.js';
import { quota, type RawEvent, text } from './raw-log.js';
import { countBy, type Evidence, type Invariant } from './verdict.js';

const requestsOf = ({ observations }: Evidence): readonly Request[] => [...observations.requests.values()];
const hasKind = ({ attempts }: Request, kind: Attempt['kind']): boolean =>
  attempts.some((attempt) => attempt.kind === kind);

const nameOf = ({ kind, key, body }: Request): string => `${kind} ${key} ${JSON.stringify(body)}`;

/** A refusal for want of money may become a success when there is money. */
const WANT_OF_MONEY = ['refund_exceeds_balance', 'adjustment_exceeds_balance'];
const mayChange = ({ code }: Attempt): boolean => code !== undefined && WANT_OF_MONEY.includes(code);

const sameAnswer: Invariant = {
  name: 'the same key has the same answer for ever, refusals included',
  check(evidence, note) {
    const failures: string[] = [];
    let repeated = 0;
    for (const request of requestsOf(evidence)) {
      const sure = request.attempts.filter((each) => each.kind !== 'ambiguous' && !mayChange(each));
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

function comparable({ kind }: Request, { data }: Attempt): string {
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

/** What a log tells, and of whom. */
type Told = Pick<Evidence, 'events' | 'accounts'>;

/** How often what was asked for is in the log. */
export function effectsOf(request: Request, { events, accounts }: Told): readonly RawEvent[] {
  const theirs = (type: string) =>
    events.filter((event) => event.type === type && text(event, 'account_id') === accounts.get(request.user));
  const { kind, key, user, body } = request;
  const usd = request.amountUsd;
  const amount = usd === undefined ? undefined : BigInt(Math.round(usd * 500_000));
  switch (kind) {
    case 'topup':
      return events.filter(
        (event) =>
          event.type === 'payment-credited' &&
          text(event, 'payment_id') === key &&
          quota(event, 'quota') === amount,
      );
    case 'refund':
      return events.filter(
        (event) =>
          event.type === 'payment-refunded' &&
          `${text(event, 'payment_id')} ${text(event, 'refund_id')}` === key &&
          (amount === undefined || quota(event, 'quota') === amount),
      );
    case 'sync':
      return events.filter(
        (event) => event.type === 'account-registered' && text(event, 'external_user_id') === user,
      );
    case 'adjust':
      return events.filter(
        (event) =>
          event.type === 'balance-adjusted' &&
          text(event, 'adjustment_id') === key &&
          quota(event, 'quota') === amount,
      );
    case 'group':
      return theirs('account-group-changed').filter((event) => text(event, 'group') === body.group);
    case 'erase':
      return theirs('account-erased');
    case 'key':
      if ('token_name' in body) {
        // The name of an erased person's key can be read by nobody; its number is in the answer.
        const id = answered<{ token_id: number }>(request)?.token_id;
        const isIt = (event: RawEvent) => event.data.token_id === id || text(event, 'token_name') === key;
        return events.filter((event) => event.type === 'token-issued' && isIt(event));
      }
      return events.filter(
        (event) =>
          event.type === (request.method === 'DELETE' ? 'token-revoked' : 'token-rotated') &&
          event.data.token_id === body.token_id,
      );
  }
}

/** Whose credit it is, where one payment was asked for on behalf of two users. */
const isTheirs = (request: Request, event: RawEvent, { accounts }: Told): boolean =>
  request.kind !== 'topup' || text(event, 'account_id') === accounts.get(request.user);

/** As `effectsOf`, without what the same key did for somebody else. */
export const ownEffectsOf = (request: Request, told: Told): readonly RawEvent[] =>
  effectsOf(request, told).filter((event) => isTheirs(request, event, told));

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

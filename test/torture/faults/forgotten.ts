import { ownEffectsOf } from '../check/effects.js';
import { SLACK_MS } from '../check/history.js';
import { accountsOf, type RawEvent, text } from '../check/raw-log.js';
import type { Attempt, Observations, Request } from '../run/observations.js';

export interface Loss {
  /** The log that was lost, and the one that was restored. */
  readonly before: readonly RawEvent[];
  readonly there: readonly RawEvent[];
  /** Calls whose charges never came into a log: they are in files that were set aside. */
  readonly spooled: ReadonlySet<string>;
}

/**
 * What clients were told of things that were lost is forgotten: all else that they were told must hold on. Answers what they have to ask for
 * again, in the order in which it was answered. Access keys are no part of that, since their secrets were told once.
 */
export function forgetWhatIsLost(
  observations: Observations,
  { before, there, spooled }: Loss,
): readonly Request[] {
  const kept = new Set(there.map(({ id }) => id));
  const isKept = ({ id }: RawEvent): boolean => kept.has(id);
  const lost = before.filter((event) => event.stream !== 'log' && !isKept(event));
  const sinceMs = Math.min(...lost.map(({ recordedAtMs }) => recordedAtMs)) - SLACK_MS;
  const then = { events: before, accounts: accountsOf(before) };
  const isLate = ({ endedMs }: Attempt): boolean => endedMs >= sinceMs;
  const again = new Map<Request, number>();
  for (const request of observations.requests.values()) {
    // One change of group is as good as another to the same one.
    const effects = request.kind === 'group' ? [] : ownEffectsOf(request, then);
    const isWhole = effects.length > 0 && effects.every(isKept);
    const answer = request.attempts.find((attempt) => attempt.kind === 'acknowledged' && isLate(attempt));
    if (answer && !isWhole && !('token_name' in request.body)) again.set(request, answer.endedMs);
    const stays = (attempt: Attempt): boolean =>
      effects.length > 0 && !isWhole
        ? false
        : !isLate(attempt) || (isWhole && attempt.kind === 'acknowledged');
    observations.forgetAttempts(request, stays);
  }
  const charged = new Set(there.map((event) => text(event, 'request_id')));
  const uncharged = new Set([...spooled, ...lost.map((event) => text(event, 'request_id'))]);
  observations.forgetSeen(
    ({ requestId }) => !uncharged.has(requestId) || charged.has(requestId),
    ({ endedMs }) => endedMs < sinceMs,
  );
  return [...again].sort(([, one], [, other]) => one - other).map(([request]) => request);
}

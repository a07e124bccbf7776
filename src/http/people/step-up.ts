import { HttpFailure } from '../failure.js';
import { isFresh, stepUpRequired } from '../sessions/fresh-proof.js';
import type { SignedInPerson } from './ports/person.js';

const handedOver = () =>
  new HttpFailure({
    status: 403,
    code: 'session_limited',
    text: {
      zh: '此会话由前端转入，不能更改登录方式',
      en: 'This session was handed over by a front end and cannot change how you sign in',
    },
  });

export const isHandedOver = (session: SignedInPerson['session']): boolean => typeof session?.via === 'string';

/** Throws 403 `session_limited` for a session that somebody else vouched for. */
export function requireOwnSession({ session }: SignedInPerson): void {
  if (isHandedOver(session)) throw handedOver();
}

/**
 * Before what a thief of an open browser would do first. Throws 403 `step_up_required` where the password was not given within ten minutes,
 * `session_limited` for a session that somebody else vouched for.
 */
export function requireProof(person: SignedInPerson, now: Date): void {
  requireOwnSession(person);
  if (!isFresh(person.since, now)) throw stepUpRequired();
}

import { describe, expect, it } from '@jest/globals';
import type { RawEvent } from '../check/raw-log.js';
import { type Attempt, type Call, Observations, type Request } from '../run/observations.js';
import { forgetWhatIsLost } from './forgotten.js';

const T0 = 1_000_000;
const ACCOUNT = 'account-a';

const event = (position: number, type: string, data: Record<string, unknown>): RawEvent => ({
  position: BigInt(position),
  stream: `s-${position}`,
  revision: 0n,
  id: String(position),
  type,
  data: { account_id: ACCOUNT, ...data },
  recordedAtMs: T0 + position * 1_000,
});
const credited = (position: number, payment: string) =>
  event(position, 'payment-credited', { payment_id: payment, quota: '1000' });
const charged = (position: number, requestId: string) =>
  event(position, 'consumption-recorded', { request_id: requestId });

/** Asked for right before a place of the log, and answered right behind it. */
const answer = (position: number, kind: Attempt['kind'] = 'acknowledged'): Attempt => ({
  begunMs: T0 + position * 1_000 - 10,
  endedMs: T0 + position * 1_000 + 10,
  ...{ kind, status: 200, code: undefined, data: undefined, position: undefined },
});

function asked(
  observations: Observations,
  kind: Request['kind'],
  key: string,
  attempts: Attempt[],
  body: Record<string, unknown> = {},
  method = 'POST',
): Request {
  const request = { kind, key, user: 'a', amountUsd: 0.002, method, path: '/', body };
  const entry = observations.request(request);
  entry.attempts.push(...attempts);
  return entry;
}

const registered = event(0, 'account-registered', { external_user_id: 'a' });

describe('behind a restore', () => {
  it('what the backup has must hold on, whenever it was answered, and what it has not is forgotten and asked for again in order', () => {
    const observations = new Observations();
    const before = [
      registered,
      credited(1, 'kept'),
      credited(2, 'late'),
      credited(4, 'lost'),
      credited(5, 'gone'),
    ];
    const kept = asked(observations, 'topup', 'kept', [answer(1), answer(5)]);
    // In the backup, and told about when other things were lost already.
    const late = asked(observations, 'topup', 'late', [answer(2, 'ambiguous'), answer(4)]);
    const gone = asked(observations, 'topup', 'gone', [answer(5)]);
    const lost = asked(observations, 'topup', 'lost', [answer(4)]);
    const refused = asked(observations, 'topup', 'refused', [answer(1, 'refused'), answer(5, 'refused')]);

    const again = forgetWhatIsLost(observations, { before, there: before.slice(0, 3), spooled: new Set() });

    expect(again).toEqual([lost, gone]);
    expect(kept.attempts).toHaveLength(2);
    expect(late.attempts).toHaveLength(2);
    expect([lost.attempts, gone.attempts]).toEqual([[], []]);
    expect(refused.attempts).toEqual([answer(1, 'refused')]);
    expect(observations.forgotten).toBe(3);
  });

  it('an access key is not asked for again, its revocation is', () => {
    const observations = new Observations();
    const before = [
      registered,
      event(1, 'token-issued', { token_id: 7, token_name: 'old' }),
      event(3, 'token-issued', { token_id: 8, token_name: 'new' }),
      event(4, 'token-revoked', { token_id: 7 }),
    ];
    const named = (position: number, id: number) => ({
      ...answer(position),
      data: JSON.stringify({ token_id: id }),
    });
    asked(observations, 'key', 'old', [named(1, 7)], { token_name: 'old' });
    asked(observations, 'key', 'new', [named(3, 8)], { token_name: 'new' });
    const revoked = asked(observations, 'key', 'revoke', [answer(4)], { token_id: 7 }, 'DELETE');

    const again = forgetWhatIsLost(observations, { before, there: before.slice(0, 2), spooled: new Set() });

    expect(again).toEqual([revoked]);
  });

  it('a call is forgotten with its charge, whether that was in the log or in a spool, and no other is', () => {
    const observations = new Observations();
    const before = [registered, charged(1, 'kept'), charged(2, 'drained'), charged(4, 'lost')];
    const call = (requestId: string): Call => ({ requestId, completed: true }) as Call;
    observations.calls.push(...['kept', 'drained', 'lost', 'spooled', 'uncharged'].map(call));
    const reading = { user: 'a', begunMs: T0, minPosition: undefined, quota: 0n };
    observations.readings.push({ ...reading, endedMs: T0 + 10 }, { ...reading, endedMs: T0 + 4_500 });

    forgetWhatIsLost(observations, {
      ...{ before, there: before.slice(0, 3) },
      spooled: new Set(['drained', 'spooled']),
    });

    // What nobody knows of stays, for the checker to miss its charge.
    expect(observations.calls.map(({ requestId }) => requestId)).toEqual(['kept', 'drained', 'uncharged']);
    expect(observations.readings).toHaveLength(1);
  });
});

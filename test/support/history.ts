import fc from 'fast-check';
import { v5 as uuid5 } from 'uuid';
import type { DomainEvent } from '../../src/domain/events/catalogue.js';
import { anEvent } from './events.js';

const NAMESPACE = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const actions = [
  'credit',
  'refund',
  'adjust',
  'charge',
  'charge',
  'charge',
  'grant',
  'end-grant',
  'correct',
  'abandon',
  'fail',
  'limits',
  'rotate',
  'suspend',
  'profile',
  'prices',
] as const;

export interface Choice {
  readonly account: number;
  readonly action: (typeof actions)[number];
  readonly amount: number;
}

/** Choices of which any list is a history that commands could have written. */
export const choiceArbitrary: fc.Arbitrary<Choice> = fc.record({
  account: fc.integer({ min: 0, max: 2 }),
  action: fc.constantFrom(...actions),
  amount: fc.integer({ min: 1, max: 10_000 }),
});

export const accountIdOf = (account: number): string => uuid5(`account ${account}`, NAMESPACE);

const DOUBT_OF_CORRECTION = {
  reason: 'negative',
  reported: 'prompt_tokens -1',
  request_id: 'req-late',
  prompt_tokens: 3,
  completion_tokens: 2,
};

/** Events in log order; an account is registered, with one key, when it first appears. */
export function historyOf(choices: readonly Choice[]): readonly DomainEvent[] {
  const seen = new Set<number>();
  const lastPayment = new Map<number, { paymentId: string; left: number; refunds: number }>();
  const lastGrant = new Map<
    number,
    { grantId: string; quota: bigint; kind: 'promo' | 'plan'; isClosed: boolean }
  >();
  const openDoubt = new Map<number, string>();
  const doubtedCalls = new Set<string>();
  const lastCall = new Map<number, { callId: string; quota: bigint }>();
  let priceVersion = 0;
  return choices.flatMap(({ account, action, amount }, index): DomainEvent[] => {
    const owner = { account_id: accountIdOf(account), user_id: account + 1 };
    const token_id = account + 1;
    const quota = BigInt(amount);
    const events: DomainEvent[] = [];
    if (!seen.has(account)) {
      seen.add(account);
      const external_user_id = `member-${account}`;
      const username = `name-${account}`;
      events.push(anEvent('account-registered', { ...owner, external_user_id, username }));
      const key_hash = token_id.toString(16).padStart(64, '0');
      events.push(anEvent('token-issued', { ...owner, token_id, key_hash }));
    }
    const call_id = uuid5(`call ${index}`, NAMESPACE);
    switch (action) {
      case 'credit': {
        const payment_id = `pi_${index}`;
        lastPayment.set(account, { paymentId: payment_id, left: amount, refunds: 0 });
        events.push(anEvent('payment-credited', { ...owner, payment_id, quota }));
        break;
      }
      case 'refund': {
        const payment = lastPayment.get(account);
        if (!payment || payment.left === 0) break;
        const part = Math.min(payment.left, amount);
        lastPayment.set(account, { ...payment, left: payment.left - part, refunds: payment.refunds + 1 });
        const refund_id = `re_${payment.refunds}`;
        const refunded = { payment_id: payment.paymentId, refund_id, quota: BigInt(part), hold_id: call_id };
        events.push(anEvent('payment-refunded', { ...owner, ...refunded }));
        break;
      }
      case 'grant': {
        const grant_id = uuid5(`grant ${index}`, NAMESPACE);
        const kind = amount % 2 === 0 ? 'promo' : 'plan';
        lastGrant.set(account, { grantId: grant_id, quota, kind, isClosed: false });
        const ends_at =
          amount % 3 === 0 ? {} : { ends_at: new Date(Date.UTC(2027, 0, 1 + (amount % 3))).toISOString() };
        const { ends_at: _ends, ...terms } = anEvent('grant-given', { ...owner, grant_id, quota }).data;
        const priority = amount % 5 === 0 ? 200 : 100;
        events.push({ type: 'grant-given', data: { ...terms, kind, priority, ...ends_at } });
        break;
      }
      case 'end-grant': {
        const grant = lastGrant.get(account);
        if (!grant) break;
        const given = { account_id: owner.account_id, grant_id: grant.grantId };
        const taken = { ...given, kind: grant.kind, hold_id: call_id };
        // Whatever was left of it: what is not in its lot is taken of others.
        const left = quota < grant.quota ? quota : grant.quota;
        if (!grant.isClosed && amount % 2 === 0) {
          events.push(anEvent('grant-withdrawn', { ...taken, withdrawal_id: `part-${index}`, quota: left }));
        } else if (!grant.isClosed) {
          lastGrant.set(account, { ...grant, isClosed: true });
          events.push(anEvent('grant-closed', { ...given, why: amount % 4 === 1 ? 'ended' : 'withdrawn' }));
        } else {
          lastGrant.delete(account);
          const type = amount % 4 === 1 ? 'grant-expired' : 'grant-withdrawn';
          events.push(anEvent(type, { ...taken, quota: left }));
        }
        break;
      }
      case 'adjust': {
        const doubted = openDoubt.get(account);
        if (doubted !== undefined) {
          openDoubt.delete(account);
          const settled = { ...owner, adjustment_id: `doubt:${doubted}` };
          events.push(
            amount % 2
              ? anEvent('balance-adjusted', { ...settled, quota: amount % 4 === 1 ? quota : -quota })
              : anEvent('doubt-accepted', { ...settled, call_id: doubted, quota }),
          );
          break;
        }
        events.push(
          anEvent('balance-adjusted', {
            ...owner,
            adjustment_id: `adjustment-${index}`,
            quota: amount % 2 ? quota : -quota,
          }),
        );
        break;
      }
      case 'charge':
        lastCall.set(account, { callId: call_id, quota });
        if (amount % 5 === 0) {
          openDoubt.set(account, call_id);
          doubtedCalls.add(call_id);
        }
        events.push(
          anEvent('consumption-recorded', {
            ...owner,
            token_id,
            call_id,
            quota,
            ...(amount % 5 === 0 && { doubt: { reason: 'negative', reported: `prompt_tokens -${amount}` } }),
          }),
        );
        break;
      case 'correct': {
        const call = lastCall.get(account);
        if (!call) break;
        lastCall.set(account, { ...call, quota });
        const corrected = { quota_before: call.quota, quota, difference: quota - call.quota };
        const isDoubted = amount % 3 === 0 && !doubtedCalls.has(call.callId);
        if (isDoubted) {
          openDoubt.set(account, call.callId);
          doubtedCalls.add(call.callId);
        }
        events.push(
          anEvent('consumption-corrected', {
            ...owner,
            token_id,
            call_id: call.callId,
            ...corrected,
            ...(isDoubted && { doubt: DOUBT_OF_CORRECTION }),
          }),
        );
        break;
      }
      case 'abandon':
        events.push(anEvent('call-abandoned', { ...owner, token_id, call_id, quota: BigInt(amount % 3) }));
        break;
      case 'fail':
        events.push(anEvent('call-failed', { ...owner, token_id, call_id }));
        break;
      case 'limits':
        events.push(anEvent('token-limits-changed', { token_id }));
        break;
      case 'rotate':
        events.push(
          anEvent('token-rotated', {
            token_id,
            key_hash: (1000 * (index + 1) + account).toString(16).padStart(64, '0'),
          }),
        );
        break;
      case 'suspend':
        events.push(anEvent('account-suspended', owner));
        break;
      case 'profile':
        events.push(anEvent('account-profile-updated', { ...owner, username: `name-${account}-${index}` }));
        break;
      case 'prices':
        priceVersion += 1;
        events.push(anEvent('price-list-published', { version: priceVersion }));
        break;
    }
    return events;
  });
}

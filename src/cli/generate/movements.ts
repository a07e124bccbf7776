import { holdIdOf } from '../../commands/handling/identifiers.js';
import type { DomainEvent } from '../../domain/events/catalogue.js';
import { QUOTA_PER_USD, usdOfQuota } from '../../domain/money/quota.js';
import { abandoned, failed, makeConsumption, type Moment } from './calls.js';
import type { Customer } from './customers.js';
import type { Random } from './random.js';

const BY = 'service-key:generate';
const NO_LIMITS = { expires_at: null, quota_limit: null, models: [], allow_ips: [], group: null };

/** Synced, paid, and given a key. The key and the person's data are nobody's: both are made up and fit no lock. */
export function firstDay(random: Random, customer: Customer, external: string): readonly DomainEvent[] {
  const { owner, tokenIds } = customer;
  const personal = {
    key_id: `person:${owner.account_id}`,
    box: Buffer.from(random.hex(64)).toString('base64'),
  };
  return [
    {
      type: 'account-registered',
      data: {
        ...owner,
        external_user_id: external,
        username: external,
        login_type: random.pick(['email', 'wechat', 'alipay', 'sms']),
        aff_code: '',
        group: 'default',
        personal,
      },
    },
    ...topUp(random, customer),
    {
      type: 'token-issued',
      data: {
        ...owner,
        token_id: tokenIds[0],
        token_name: 'default',
        key_hash: random.hex(64),
        key_mask: `sk-${random.hex(4)}...${random.hex(4)}`,
        limits: NO_LIMITS,
        by: BY,
      },
    },
  ];
}

export function topUp(random: Random, customer: Customer): readonly DomainEvent[] {
  const usd = random.pick([5n, 10n, 10n, 20n, 50n, 100n]);
  const quota = usd * QUOTA_PER_USD;
  customer.payments += 1;
  customer.balance += quota;
  const payment_id = `pay-${customer.owner.account_id}-${customer.payments}`;
  customer.lastPayment = { id: payment_id, left: quota, refunds: 0 };
  const data = { payment_id, ...customer.owner, amount_usd: usd.toString(), quota, by: BY };
  return [{ type: 'payment-credited', data }];
}

/** Of the last payment what is left of it, or what the balance still has; undefined where there is nothing. */
export function refund(customer: Customer, random: Random): readonly DomainEvent[] | undefined {
  const { lastPayment: payment, balance, owner } = customer;
  if (!payment || payment.left === 0n || balance <= 0n) return undefined;
  const most = payment.left < balance ? payment.left : balance;
  const half = most / 2n;
  const quota = random.next() < 0.5 || half === 0n ? most : half;
  payment.left -= quota;
  payment.refunds += 1;
  customer.balance -= quota;
  const refund_id = `refund-${payment.refunds}`;
  const data = {
    payment_id: payment.id,
    refund_id,
    ...owner,
    amount_usd: usdOfQuota(quota),
    quota,
    hold_id: holdIdOf(payment.id, refund_id, quota),
    reason: 'requested by customer',
    by: BY,
  };
  return [{ type: 'payment-refunded', data }];
}

/** Halves what the last call cost; undefined where there is none. */
export function correction(customer: Customer): readonly DomainEvent[] | undefined {
  const { lastCall, owner } = customer;
  if (!lastCall) return undefined;
  const { call_id, token_id, model, quota: quota_before } = lastCall;
  const quota = quota_before / 2n;
  const difference = quota - quota_before;
  customer.balance -= difference;
  customer.lastCall = { ...lastCall, quota };
  const reason = 'billed twice by upstream';
  const data = { call_id, ...owner, token_id, model, quota_before, quota, difference, reason, by: BY };
  return [{ type: 'consumption-corrected', data }];
}

/** A call; before it a top-up, or instead of it a refusal, where the balance does not carry it. */
export function nextCall(random: Random, customer: Customer, moment: Moment): readonly DomainEvent[] {
  const call = makeConsumption(random, customer, moment);
  const before: DomainEvent[] = [];
  if (call.hold_quota > customer.balance) {
    if (random.next() < 0.3) return [{ type: 'call-failed', data: failed(call, customer.balance) }];
    while (call.hold_quota > customer.balance) before.push(...topUp(random, customer));
  }
  const fate = random.next();
  if (fate < 0.015) return [...before, { type: 'call-failed', data: failed(call, null) }];
  customer.balance -= call.quota;
  if (fate > 0.999) return [...before, { type: 'call-abandoned', data: abandoned(call) }];
  const { call_id, token_id, model, quota, started_at } = call;
  customer.lastCall = { call_id, token_id, model, quota, started_at };
  return [...before, { type: 'consumption-recorded', data: call }];
}

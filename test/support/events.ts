import { randomUUID } from 'node:crypto';
import type { EventOf, EventType, DomainEvent } from '../../src/domain/events/catalogue.js';
import { encodeEvent } from '../../src/domain/events/codec.js';
import { loginEvents } from '../../src/domain/login/events.js';
import { usageFrom } from '../../src/domain/pricing/usage.js';
import {
  accountStream,
  adjustmentStream,
  grantStream,
  cashStream,
  channelStream,
  codeBatchStream,
  claimStream,
  leaseStream,
  ledgerStream,
  liabilityStream,
  loginStream,
  logStream,
  operatorStream,
  orderStream,
  refundStream,
  strayStream,
  paymentStream,
  planStream,
  priceListStream,
  serviceKeyStream,
  settingStream,
  referralStream,
  subscriptionStream,
  teamStream,
  tokenStream,
  usageStream,
} from '../../src/domain/streams.js';
import { plainChannel } from './channel.js';
import type { EventData, EventStore, ExpectedRevision } from '../../src/eventstore/event-store.js';

export const ACCOUNT_ID = '11111111-1111-5111-8111-111111111111';
export const LEDGER_ID = '22222222-2222-4222-8222-222222222222';
const COPY_ID = '33333333-3333-4333-8333-333333333333';
export const USER_ID = 1;
export const TOKEN_ID = 1;
export const ORDER_ID = 'CF01KB3XQ5T7VJ2M8N4P6R9S0TWY';

const by = 'service-key:test';
const STRAY_FLAG_ID = '44444444-4444-5444-8444-444444444445';
const ofOrder = { order_id: ORDER_ID, account_id: ACCOUNT_ID };
export const GRANT_ID = '44444444-4444-5444-8444-444444444444';
export const CASH_ID = '99999999-9999-5999-8999-999999999999';
export const BATCH_ID = '66666666-6666-5666-8666-666666666666';
export const CODE_HASH = 'c0de'.repeat(16);
const GRANT_HOLD_ID = '55555555-5555-5555-8555-555555555555';
export const SUBSCRIPTION_ID = '66666666-6666-5666-8666-666666666666';
const ofSubscription = { subscription_id: SUBSCRIPTION_ID, account_id: ACCOUNT_ID };
const ofReferral = {
  referral_id: '77777777-7777-5777-8777-777777777777',
  account_id: ACCOUNT_ID,
  inviter_id: '88888888-8888-5888-8888-888888888888',
};
const period = {
  ...ofSubscription,
  user_id: USER_ID,
  plan_id: 'monthly',
  plan_version: 1,
  order_id: ORDER_ID,
  period: 1,
  quota: 10_000_000n,
  priority: 100,
  starts_at: '2026-11-21T09:05:00.000Z',
  ends_at: '2026-12-21T09:05:00.000Z',
  months: 1,
  anchored_at: '2026-11-21T09:05:00.000Z',
  until_month: 1,
  by,
};
export const MEMBER_ID = '77777777-7777-5777-8777-777777777777';
export const BUDGET_ID = '88888888-8888-5888-8888-888888888888';
const ofMember = { team_id: ACCOUNT_ID, member_id: MEMBER_ID };
const periodStanding = {
  ...ofSubscription,
  order_id: ORDER_ID,
  period: 1,
  cause: 'returned',
  by: 'provider:test',
};
export const REFUND_ID = 'RF01KB3XQ5T7VJ2M8N4P6R9S0TWY';
const ofRefund = { ...ofOrder, refund_id: REFUND_ID };
const seen = {
  provider_payment: 'test_pay_1',
  amount_minor: 50_000n,
  currency: 'CNY',
  paid_at: '2026-11-21T09:05:00.000Z',
  seen_by: 'notification' as const,
  evidence_sha256: 'e5'.repeat(32),
  by: 'provider:test',
};
const seenPayment = { ...ofOrder, ...seen };
const returned = {
  ...ofOrder,
  provider_payment: 'test_pay_1',
  seen_by: 'notification' as const,
  evidence_sha256: 'e5'.repeat(32),
  by: 'provider:test',
};
const sealed = { key_id: 'test-key', box: 'c2VhbGVk' };
const limits = { expires_at: 1_900_000_000, quota_limit: null, models: [], allow_ips: [], group: null };
const call = () => ({
  call_id: randomUUID(),
  request_id: 'request-1',
  account_id: ACCOUNT_ID,
  user_id: USER_ID,
  token_id: TOKEN_ID,
  dialect: 'openai' as const,
  endpoint: '/v1/chat/completions',
  model: 'qwen-turbo',
  streamed: false,
  started_at: '2026-11-21T09:00:00Z',
});
const upstream = { channel_id: 'main', upstream_model: 'qwen-turbo', upstream_request_id: 'upstream-1' };
const price = {
  price_version: 1,
  model_ratio: '0.8572',
  completion_ratio: '1',
  cache_ratio: '1',
  cache_write_ratio: '1',
  per_call_usd: null,
  group: 'default',
  group_ratio: '1',
};
const charged = {
  usage: usageFrom({ prompt_tokens: 14, completion_tokens: 18 }),
  exact_quota: '27.4304',
  rounding: 'half-away-from-zero' as const,
  quota: 27n,
  hold_quota: 100n,
  overshoot_quota: 0n,
};

/** A valid example of every event; ids that must be fresh are fresh at each call. */
const examples: { readonly [Type in EventType]: () => EventOf<Type>['data'] } = {
  'account-registered': () => ({
    account_id: ACCOUNT_ID,
    user_id: USER_ID,
    external_user_id: 'user-1',
    username: 'alice',
    login_type: 'email',
    aff_code: '',
    group: 'default',
    personal: sealed,
  }),
  'account-profile-updated': () => ({ account_id: ACCOUNT_ID, username: 'alice-2' }),
  'account-suspended': () => ({ account_id: ACCOUNT_ID, reason: 'chargeback', by }),
  'account-reinstated': () => ({ account_id: ACCOUNT_ID, reason: 'cleared', by }),
  'account-group-changed': () => ({ account_id: ACCOUNT_ID, group: 'vip', by }),
  'account-erased': () => ({ account_id: ACCOUNT_ID, reason: 'asked for it', by }),
  'payment-credited': () => ({
    payment_id: 'pi_1',
    account_id: ACCOUNT_ID,
    user_id: USER_ID,
    amount_usd: '10',
    quota: 5_000_000n,
    by,
  }),
  'payment-refunded': () => ({
    payment_id: 'pi_1',
    refund_id: 're_1',
    account_id: ACCOUNT_ID,
    user_id: USER_ID,
    amount_usd: '4',
    quota: 2_000_000n,
    hold_id: randomUUID(),
    reason: 'asked for it',
    by,
  }),
  'payment-refund-reversed': () => ({
    payment_id: 'pi_1',
    refund_id: 're_1',
    account_id: ACCOUNT_ID,
    user_id: USER_ID,
    amount_usd: '4',
    quota: 2_000_000n,
    why: 'charge_already_refunded',
    by,
  }),
  'payment-taken-back': () => ({
    payment_id: 'pi_1',
    return_id: 'refund:1',
    kind: 'refund',
    account_id: ACCOUNT_ID,
    user_id: USER_ID,
    amount_usd: '0.002',
    quota: 1000n,
    by: 'provider:test',
  }),
  'balance-adjusted': () => ({
    adjustment_id: 'adjustment-1',
    account_id: ACCOUNT_ID,
    user_id: USER_ID,
    quota: 1000n,
    hold_id: null,
    reason: 'goodwill',
    by,
  }),
  'order-placed': () => ({
    ...ofOrder,
    user_id: USER_ID,
    purpose: 'topup',
    provider_id: 'test',
    provider_revision: 1,
    method: 'test',
    currency: 'CNY',
    list_minor: 50_000n,
    discount_minor: 0n,
    fee_minor: 0n,
    pay_minor: 50_000n,
    rate: '7.10',
    credit_usd: '70.422536',
    bonus_quota: 0n,
    expires_at: '2026-11-21T09:30:00.000Z',
    by,
  }),
  'order-opened': () => ({ ...ofOrder, checkout_ref: 'test_checkout_1', checkout_url: '/pay' }),
  'order-paid': () => seenPayment,
  'order-expired': () => ofOrder,
  'order-cancelled': () => ({ ...ofOrder, by }),
  'order-failed': () => ({ ...ofOrder, by: 'provider:test' }),
  'order-flagged': () => ({
    ...seenPayment,
    flag_id: '44444444-4444-5444-8444-444444444444',
    kind: 'amount',
    amount_minor: 40_000n,
    merchant: 'test',
  }),
  'order-returned': () => ({ ...returned, returned_minor: 15_000n }),
  'order-return-failed': () => ({
    ...returned,
    refund_id: 're_1',
    amount_minor: 15_000n,
    why: 'expired_or_canceled_card',
  }),
  'order-disputed': () => ({ ...returned, dispute_id: 'dp_1', amount_minor: 50_000n }),
  'order-dispute-closed': () => ({
    ...returned,
    dispute_id: 'dp_1',
    amount_minor: 50_000n,
    outcome: 'won',
    was_open: true,
  }),
  'refund-requested': () => ({
    ...ofRefund,
    user_id: USER_ID,
    provider_id: 'test',
    provider_revision: 1,
    provider_payment: 'test_1',
    currency: 'CNY',
    amount_minor: 15_000n,
    reason: 'asked for it',
    by,
  }),
  'refund-sent': () => ({ ...ofRefund, by }),
  'refund-succeeded': () => ({ ...ofRefund, provider_refund: 're_1', by }),
  'refund-failed': () => ({ ...ofRefund, why: 'charge_already_refunded', by }),
  'order-flag-settled': () => ({
    ...ofOrder,
    flag_id: '44444444-4444-5444-8444-444444444444',
    decision: 'refund',
    reason: 'paid too little',
    by,
  }),
  'stray-payment-flagged': () => ({
    ...seen,
    named_order: ORDER_ID,
    flag_id: STRAY_FLAG_ID,
    provider_id: 'test',
    merchant: 'test',
  }),
  'stray-payment-settled': () => ({
    flag_id: STRAY_FLAG_ID,
    decision: 'refund',
    credited_order: null,
    reason: 'sent back',
    by,
  }),
  'code-batch-made': () => ({
    batch_id: BATCH_ID,
    name: 'spring fair',
    codes: 2,
    quota: 2_500_000n,
    ends_at: '2027-03-31T16:00:00.000Z',
    grant_days: 90,
    by: 'operator:ann',
  }),
  'code-batch-filled': () => ({ batch_id: BATCH_ID, hashes: [CODE_HASH, 'c0d3'.repeat(16)] }),
  'code-voided': () => ({
    batch_id: BATCH_ID,
    code_hash: CODE_HASH,
    reason: 'printed twice',
    by: 'operator:ann',
  }),
  'referral-bound': () => ({ ...ofReferral, by }),
  'referral-earned': () => ({
    ...ofReferral,
    order_id: ORDER_ID,
    credited: 35_211_268n,
    quota: 3_521_127n,
    limited_by: null,
    due_at: '2026-11-28T09:05:00.000Z',
    by: 'system',
  }),
  'code-batch-voided': () => ({ batch_id: BATCH_ID, reason: 'the list got lost', by: 'operator:ann' }),
  'adjustment-requested': () => ({
    adjustment_id: 'adjustment-2',
    account_id: ACCOUNT_ID,
    user_id: USER_ID,
    quota: 1000n,
    reason: 'goodwill',
    by,
  }),
  'adjustment-declined': () => ({
    adjustment_id: 'adjustment-2',
    account_id: ACCOUNT_ID,
    reason: 'not so much',
    by,
  }),
  'doubt-accepted': () => {
    const call_id = randomUUID();
    return {
      adjustment_id: `doubt:${call_id}`,
      account_id: ACCOUNT_ID,
      user_id: USER_ID,
      call_id,
      quota: 27n,
      reason: 'ours is right',
      by,
    };
  },
  'token-issued': () => ({
    token_id: TOKEN_ID,
    account_id: ACCOUNT_ID,
    user_id: USER_ID,
    token_name: 'My API Token',
    key_hash: 'a'.repeat(64),
    key_mask: 'sk-a...aaaa',
    limits,
    by,
  }),
  'token-renamed': () => ({ token_id: TOKEN_ID, token_name: 'Renamed', by }),
  'token-limits-changed': () => ({ token_id: TOKEN_ID, limits: { ...limits, quota_limit: 500n }, by }),
  'token-disabled': () => ({ token_id: TOKEN_ID, by }),
  'token-enabled': () => ({ token_id: TOKEN_ID, by }),
  'token-rotated': () => ({ token_id: TOKEN_ID, key_hash: 'b'.repeat(64), key_mask: 'sk-b...bbbb', by }),
  'token-revoked': () => ({ token_id: TOKEN_ID, by }),
  'consumption-recorded': () => ({
    ...call(),
    ...upstream,
    ...price,
    ...charged,
    basis: 'reported',
    ended: 'complete',
    duration_ms: 800,
    first_byte_ms: 200,
  }),
  'consumption-corrected': () => ({
    call_id: randomUUID(),
    account_id: ACCOUNT_ID,
    user_id: USER_ID,
    token_id: TOKEN_ID,
    model: 'qwen-turbo',
    quota_before: 27n,
    quota: 20n,
    difference: -7n,
    reason: 'counted twice',
    by,
  }),
  'call-abandoned': () => ({ ...call(), ...upstream, ...price, ...charged, last_heartbeat_at: null }),
  'lease-abandoned': () => ({
    lease_id: randomUUID(),
    account_id: ACCOUNT_ID,
    token_id: TOKEN_ID,
    holder: 'relay-1:4711',
    hold_quota: 40_000n,
    taken_at: '2026-12-01T09:00:00.000Z',
    ended_at: '2026-12-01T09:00:00.250Z',
  }),
  'call-failed': () => ({
    ...call(),
    stage: 'upstream',
    status: 502,
    code: 'upstream_unavailable',
    channel_id: 'main',
    needed_quota: null,
    available_quota: null,
    duration_ms: 40,
  }),
  'claim-reserved': () => ({ kind: 'username', owner: ACCOUNT_ID, request_hash: null }),
  'claim-released': () => ({ kind: 'username', owner: ACCOUNT_ID }),
  'price-list-published': () => ({
    version: 1,
    prices: [
      {
        model: 'qwen-turbo',
        model_ratio: '0.8572',
        completion_ratio: '1',
        cache_ratio: '1',
        cache_write_ratio: '1',
        per_call_usd: null,
        max_output_tokens: 8192,
      },
    ],
    groups: [{ name: 'default', ratio: '1' }],
    by: 'bootstrap',
  }),
  'channel-configured': () => ({
    channel_id: 'main',
    settings: {
      name: 'Main',
      base_url: 'http://127.0.0.1:9/v1',
      keys: [{ id: 'key-1', sealed, disabled: null }],
      models: ['qwen-turbo'],
      ...plainChannel,
    },
    by: 'bootstrap',
  }),
  'channel-enabled': () => ({ channel_id: 'main', by: 'bootstrap' }),
  'operator-created': () => ({ name: 'alice', role: 'finance', by }),
  'operator-role-changed': () => ({ name: 'alice', role: 'auditor', by }),
  'operator-disabled': () => ({ name: 'alice', reason: 'left', by }),
  'operator-enabled': () => ({ name: 'alice', by }),
  'operator-password-changed': () => ({ name: 'alice', by }),
  'operator-second-factor-added': () => ({ name: 'alice', factor: 'totp', factor_id: 'one', by }),
  'operator-second-factor-removed': () => ({ name: 'alice', factor: 'totp', factor_id: 'one', by }),
  'login-opened': () => ({ account_id: ACCOUNT_ID, by }),
  'email-verified': () => ({ account_id: ACCOUNT_ID, email_hash: '5e'.padEnd(64, 'a'), by }),
  'login-password-changed': () => ({ account_id: ACCOUNT_ID, by }),
  'second-factor-added': () => ({ account_id: ACCOUNT_ID, factor: 'totp', factor_id: '', by }),
  'second-factor-removed': () => ({ account_id: ACCOUNT_ID, factor: 'totp', factor_id: '', by }),
  'second-factors-cleared': () => ({ account_id: ACCOUNT_ID, reason: 'lost', by }),
  'identity-linked': () => ({
    account_id: ACCOUNT_ID,
    provider: 'github',
    identity_hash: '7c'.padEnd(64, 'b'),
    by,
  }),
  'identity-unlinked': () => ({
    account_id: ACCOUNT_ID,
    provider: 'github',
    identity_hash: '7c'.padEnd(64, 'b'),
    by,
  }),
  'login-closed': () => ({ account_id: ACCOUNT_ID, by }),
  'service-key-created': () => ({ service_key_id: '1', name: 'shop', scopes: ['read'], by }),
  'service-key-revoked': () => ({ service_key_id: '1', by }),
  'ledger-founded': () => ({
    ledger_id: LEDGER_ID,
    founded_at: '2026-11-21T08:00:00Z',
    format: 1 as const,
    by: 'system',
  }),
  'ledger-sealed': () => ({ ledger_id: LEDGER_ID, key_id: '1f3a5c7e', by }),
  'event-skipped': () => ({
    ledger_id: LEDGER_ID,
    position: 7n,
    event: { id: randomUUID(), stream: 'setting-strange', revision: 0n, type: 'mystery-happened.v1' },
    reason: 'written by hand',
    by,
  }),
  'liability-committed': () => ({
    as_of: '2026-11-29',
    time_zone: 'UTC',
    entries: 3,
    owed: { root: Buffer.alloc(32, 1).toString('base64'), quota: 500_000n, accounts: 1 },
    overdrawn: { root: Buffer.alloc(32, 2).toString('base64'), quota: 0n, accounts: 0 },
  }),
  'plan-published': () => ({
    plan_id: 'monthly',
    version: 1,
    name: 'Monthly',
    description: '20 dollars of calls a month',
    quota: 10_000_000n,
    months: 1,
    prices: [{ currency: 'CNY', minor: 9_900n }],
    priority: 100,
    is_offered: true,
    by: 'operator:ann',
  }),
  'cash-booked': () => ({
    cash_id: CASH_ID,
    provider_id: 'stripe',
    kind: 'fee',
    reference: 'txn_1',
    currency: 'USD',
    amount_minor: 290n,
    quota: 1_450_000n,
    at: '2026-11-21T09:00:00.000Z',
    evidence_sha256: '0'.repeat(64),
    reason: 'Stripe balance report',
    by: 'operator:ann',
  }),
  'order-plan-chosen': () => ({
    ...ofOrder,
    plan_id: 'monthly',
    plan_version: 1,
    subscription_id: SUBSCRIPTION_ID,
    quota: 10_000_000n,
    months: 1,
    priority: 100,
  }),
  'subscription-started': () => period,
  'subscription-renewed': () => ({
    ...period,
    period: 2,
    starts_at: '2026-12-21T09:05:00.000Z',
    ends_at: '2027-01-21T09:05:00.000Z',
    until_month: 2,
  }),
  'subscription-cancelled': () => ({ ...ofSubscription, by }),
  'subscription-period-withdrawn': () => periodStanding,
  'subscription-period-restored': () => periodStanding,
  'subscription-ended': () => ({ ...ofSubscription, why: 'over', by: 'system' }),
  'team-created': () => ({ team_id: ACCOUNT_ID, user_id: USER_ID, team_name: 'the lab', by }),
  'team-member-added': () => ({ ...ofMember, user_id: 2, by }),
  'team-member-removed': () => ({ ...ofMember, reason: 'has left', by }),
  'budget-set': () => ({
    team_id: ACCOUNT_ID,
    budget_id: BUDGET_ID,
    scope: { kind: 'member', member_id: MEMBER_ID },
    quota: 2_500_000n,
    period: 'month',
    timezone: 'Asia/Shanghai',
    by,
  }),
  'token-assigned': () => ({ token_id: TOKEN_ID, account_id: ACCOUNT_ID, member_id: MEMBER_ID, by }),
  'grant-given': () => ({
    grant_id: GRANT_ID,
    account_id: ACCOUNT_ID,
    user_id: 1,
    quota: 500_000n,
    kind: 'promo',
    source: 'operator:welcome',
    priority: 100,
    ends_at: '2026-12-31T00:00:00Z',
    reason: 'welcome',
    by,
  }),
  'grant-closed': () => ({
    grant_id: GRANT_ID,
    account_id: ACCOUNT_ID,
    why: 'ended',
    hold_id: GRANT_HOLD_ID,
    reason: '',
    by: 'system',
  }),
  'grant-expired': () => ({
    grant_id: GRANT_ID,
    account_id: ACCOUNT_ID,
    kind: 'promo',
    quota: 500_000n,
    hold_id: GRANT_HOLD_ID,
    by: 'system',
  }),
  'grant-withdrawn': () => ({
    grant_id: GRANT_ID,
    account_id: ACCOUNT_ID,
    kind: 'promo',
    withdrawal_id: 'all',
    quota: 500_000n,
    hold_id: GRANT_HOLD_ID,
    reason: 'given by mistake',
    by,
  }),
  'log-accepted': () => ({ ledger_id: LEDGER_ID, generation: 1, reason: 'restored', by }),
  'log-copy-begun': () => ({ ledger_id: LEDGER_ID, copy_id: COPY_ID, from: 'postgres', by }),
  'log-copied': () => ({
    ledger_id: LEDGER_ID,
    copy_id: COPY_ID,
    from: 'postgres',
    generation: 1,
    events: 3,
    until: '2',
    tables: [{ table: 'balance.balances', rows: 1, digest: '0'.repeat(32) }],
    by,
  }),
  'log-closed': () => ({
    ledger_id: LEDGER_ID,
    copy_id: COPY_ID,
    to: 'eventstoredb',
    place: 'esdb://log.internal:2113',
    by,
  }),
  'setting-changed': () => ({ key: 'hold_policy', value: 'reject', by }),
  'channel-disabled': () => ({ channel_id: 'main', reason: 'down', automatic: false, by: 'bootstrap' }),
  'channel-key-enabled': () => ({ channel_id: 'main', key_id: 'key-1', by: 'bootstrap' }),
  'channel-key-disabled': () => ({
    channel_id: 'main',
    key_id: 'key-1',
    reason: 'refused: invalid_api_key',
    automatic: true,
    by: 'system',
  }),
};

/** A valid event of the type, with what the test cares about. */
export function anEvent<Type extends EventType>(
  type: Type,
  overrides: Partial<EventOf<Type>['data']> = {},
): EventOf<Type> {
  return { type, data: { ...examples[type](), ...overrides } } as unknown as EventOf<Type>;
}

/** When every request of these events came. */
export const RECEIVED_AT = '2026-01-30T15:30:24.982Z';

/** As it goes into an append. */
export function eventData(event: DomainEvent): EventData {
  return { id: randomUUID(), ...encodeEvent(event), metadata: { received_at: RECEIVED_AT } };
}

/** A stream of the right kind. Payments and adjustments use their natural key as it is; claims their owner. */
export function streamFor({ type, data }: DomainEvent): string {
  if (type === 'price-list-published') return priceListStream;
  if ('channel_id' in data && !('call_id' in data)) return channelStream(data.channel_id);
  if ('copy_id' in data) return logStream;
  if ('ledger_id' in data) return ledgerStream;
  if ('overdrawn' in data) return liabilityStream;
  if (type === 'setting-changed') return settingStream(data.key);
  if ('service_key_id' in data) return serviceKeyStream(data.service_key_id);
  if (type === 'plan-published') return planStream(data.plan_id);
  if ('subscription_id' in data && type !== 'order-plan-chosen')
    return subscriptionStream(data.subscription_id);
  if ('referral_id' in data) return referralStream(data.referral_id);
  if ('name' in data) return operatorStream(data.name);
  if ('named_order' in data || 'credited_order' in data) return strayStream(data.flag_id);
  if ('order_id' in data && 'refund_id' in data) return refundStream(data.refund_id);
  if ('order_id' in data) return orderStream(data.order_id);
  if ('payment_id' in data) return paymentStream(data.payment_id);
  if ('cash_id' in data) return cashStream(data.cash_id);
  if ('batch_id' in data) return codeBatchStream(data.batch_id);
  if ('grant_id' in data) return grantStream(data.grant_id);
  if ('adjustment_id' in data) return adjustmentStream(data.adjustment_id);
  if ('owner' in data) return claimStream(data.kind, data.owner);
  if ('lease_id' in data) return leaseStream(data.account_id);
  if ('call_id' in data) return usageStream({ ...data, started_at: '2026-11-21T09:00:00Z' });
  if ('token_id' in data) return tokenStream(data.token_id);
  if ('team_id' in data) return teamStream(data.team_id);
  return type in loginEvents ? loginStream(data.account_id) : accountStream(data.account_id);
}

/** Appends events one after another, each to its stream at the revision found there. Answers the last position. */
export async function append(store: EventStore, ...events: readonly DomainEvent[]): Promise<bigint> {
  return appendRaw(
    store,
    events.map((event) => ({ stream: streamFor(event), event: eventData(event) })),
  );
}

/** As `append`, for what no schema would let through. */
export async function appendRaw(
  store: EventStore,
  writes: readonly { readonly stream: string; readonly event: EventData }[],
): Promise<bigint> {
  let position = -1n;
  for (const { stream, event } of writes) {
    const [last] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
    const expected: ExpectedRevision = last ? last.revision : 'no-stream';
    const result = await store.append([{ stream, expected, events: [event] }]);
    if (result.outcome !== 'appended') throw new Error(`the append to ${stream} ended ${result.outcome}`);
    position = result.position;
  }
  return position;
}

import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InProcessCachedBalance } from '../../../src/balance/in-process/in-process-cached-balance.js';
import { readBudgets } from '../../../src/projections/balance/query.js';
import { NotVerifiable, verifyBooks, type Verification } from '../../../src/books/verify/verify-books.js';
import { Finding } from '../../../src/books/verify/check.js';
import { Order } from '../../../src/books/verify/fold/order.js';
import { UuidSet } from '../../../src/books/verify/uuid-set.js';
import {
  ACCOUNT_ID,
  anEvent,
  append,
  CODE_HASH,
  ORDER_ID,
  REFUND_ID,
  SUBSCRIPTION_ID,
  MEMBER_ID,
  TOKEN_ID,
} from '../../support/events.js';
import { accountIdOf, choiceArbitrary, historyOf } from '../../support/history.js';
import { createLedger, type Ledger } from '../../projections/projector-setup.js';
import { createTestDatabase } from '../../support/postgres.js';

const POSITIONS = 'positions of the log follow one another';
const REVISIONS = 'revisions of a stream follow one another';
const findingsOfOrder = () => ({
  positions: new Finding(POSITIONS),
  revisions: new Finding(REVISIONS),
  ids: new Finding('every event has an id of its own'),
});
const owner = { account_id: accountIdOf(0) };
const another = 'CF01KB3XQ5T7VJ2M8N4P6R9S0TWZ';
const used = {
  ...{ grant_id: '44444444-4444-5444-8444-444444444446', kind: 'code' as const, quota: 2_500_000n },
  source: `code:${CODE_HASH}`,
} as const;
const anotherRefund = 'RF01KB3XQ5T7VJ2M8N4P6R9S0TWZ';
const ofPeriod = { ...owner, grant_id: randomUUID(), kind: 'plan' } as const;
const ofTeam = { team_id: owner.account_id, member_id: MEMBER_ID };
const ofKey = {
  ...{ team_id: owner.account_id, budget_id: randomUUID() },
  scope: { kind: 'key', token_id: TOKEN_ID } as const,
};
const plan = 'CF01KB3XQ5T7VJ2M8N4P6R9S0TWX';
const ofPlan = { ...owner, order_id: plan };
const reward = {
  ...{ account_id: accountIdOf(1), grant_id: randomUUID(), kind: 'referral' as const, quota: 7n },
  source: `ref:${ORDER_ID}`,
} as const;
const history = [
  ...historyOf(fc.sample(choiceArbitrary, { numRuns: 150, seed: 7 })),
  anEvent('grant-given', { ...owner, quota: 9n }),
  anEvent('grant-closed', owner),
  anEvent('grant-expired', { ...owner, quota: 9n }),
  anEvent('code-batch-made'),
  anEvent('code-batch-filled'),
  anEvent('grant-given', { ...owner, ...used }),
  anEvent('code-voided', { code_hash: 'c0d3'.repeat(16) }),
  anEvent('code-batch-voided'),
  anEvent('referral-bound', owner),
  anEvent('referral-earned', { ...owner, inviter_id: accountIdOf(1), quota: 7n }),
  anEvent('grant-given', reward),
  anEvent('grant-withdrawn', { ...reward, withdrawal_id: 'returned:1', quota: 3n, hold_id: null }),
  anEvent('order-placed', owner),
  anEvent('order-opened', { ...owner, checkout_qr: 'code', instructions: 'pay' }),
  anEvent('order-flagged', { ...owner, refusal: 'balance_ceiling' }),
  anEvent('order-flag-settled', owner),
  anEvent('stray-payment-flagged'),
  anEvent('stray-payment-settled', { decision: 'credit', credited_order: another }),
  anEvent('order-expired', owner),
  anEvent('order-paid', owner),
  anEvent('payment-credited', { ...owner, payment_id: ORDER_ID, quota: 1n }),
  anEvent('order-returned', owner),
  anEvent('order-return-failed', owner),
  anEvent('order-disputed', owner),
  anEvent('order-dispute-closed', owner),
  anEvent('payment-taken-back', { ...owner, payment_id: ORDER_ID, kind: 'dispute', quota: 1n }),
  anEvent('payment-taken-back', {
    ...{ ...owner, payment_id: ORDER_ID, kind: 'dispute', return_id: 'dispute:2', quota: -1n },
    amount_usd: '-0.000002',
  }),
  anEvent('payment-refunded', { ...owner, payment_id: ORDER_ID, refund_id: REFUND_ID, quota: 1n }),
  anEvent('payment-refund-reversed', { ...owner, payment_id: ORDER_ID, refund_id: REFUND_ID, quota: 1n }),
  anEvent('refund-requested', owner),
  anEvent('refund-sent', owner),
  anEvent('refund-failed', owner),
  anEvent('refund-requested', { ...owner, refund_id: anotherRefund }),
  anEvent('refund-succeeded', { ...owner, refund_id: anotherRefund }),
  anEvent('order-placed', { ...owner, order_id: another }),
  anEvent('order-disputed', { ...owner, order_id: another, dispute_id: 'dp_2' }),
  anEvent('order-failed', { ...owner, order_id: another }),
  anEvent('order-opened', { ...owner, order_id: another }),
  anEvent('plan-published'),
  anEvent('order-plan-chosen', { ...owner, order_id: another }),
  anEvent('subscription-started', { ...owner, order_id: another, quota: 9n }),
  anEvent('grant-given', { ...ofPeriod, quota: 9n, source: `sub:${SUBSCRIPTION_ID}:1` }),
  anEvent('subscription-cancelled', owner),
  anEvent('subscription-period-withdrawn', { ...owner, order_id: another }),
  anEvent('grant-closed', { ...owner, grant_id: ofPeriod.grant_id }),
  anEvent('grant-withdrawn', { ...ofPeriod, quota: 7n, hold_id: null }),
  anEvent('subscription-ended', { ...owner, why: 'returned' }),
  anEvent('subscription-period-restored', { ...owner, order_id: another }),
  anEvent('subscription-period-withdrawn', { ...owner, order_id: another, cause: 'refund:RF1' }),
  anEvent('team-created', { team_id: owner.account_id }),
  anEvent('team-member-added', ofTeam),
  anEvent('token-assigned', { ...owner, member_id: MEMBER_ID }),
  anEvent('budget-set', { ...ofTeam, scope: { kind: 'member', member_id: MEMBER_ID } }),
  anEvent('budget-set', { ...ofKey, quota: 7n, period: 'week' }),
  anEvent('call-abandoned', { ...owner, call_id: randomUUID(), quota: 3n }),
  anEvent('budget-set', { ...ofKey, quota: null, period: 'day' }),
  anEvent('call-abandoned', {
    ...owner,
    call_id: randomUUID(),
    quota: 2n,
    started_at: '2026-10-31T15:59:59.999Z',
  }),
  anEvent('lease-abandoned', owner),
  anEvent('team-member-removed', ofTeam),
  anEvent('order-placed', { ...ofPlan, purpose: 'plan' }),
  anEvent('order-paid', { ...ofPlan, provider_payment: 'pi_plan' }),
  anEvent('subscription-renewed', { ...ofPlan, quota: 40_000_000n }),
  anEvent('order-disputed', { ...ofPlan, provider_payment: 'pi_plan', dispute_id: 'dp_plan' }),
  anEvent('order-returned', { ...ofPlan, provider_payment: 'pi_plan', returned_minor: 700n }),
  anEvent('refund-requested', { ...ofPlan, refund_id: 'RF01KB3XQ5T7VJ2M8N4P6R9S0TWX' }),
  anEvent('cash-booked'),
  anEvent('cash-booked', { cash_id: randomUUID(), kind: 'payout', reference: 'po_1', evidence_sha256: null }),
];

describe('verifying the books', () => {
  let ledger: Ledger;
  beforeEach(async () => {
    let now = Date.UTC(2026, 10, 28);
    ledger = await createLedger(() => new Date((now += 30 * 60 * 1000)));
  });
  afterEach(() => ledger.close());
  const verify = () => verifyBooks({ store: ledger.store, pool: ledger.database.pool });

  it('finds nothing where nothing is wrong, over every read model', async () => {
    await ledger.start({ timeZone: 'Asia/Kathmandu' });
    const position = await ledger.given(
      ...history,
      anEvent('channel-configured'),
      anEvent('channel-enabled'),
      anEvent('setting-changed'),
      anEvent('channel-key-disabled'),
      anEvent('channel-disabled'),
      anEvent('operator-created', { by: 'cli' }),
    );
    const found = await verify();
    expect(differences(found)).toEqual([]);
    expect(found).toMatchObject({ position, events: history.length + 6, accounts: 3 });
    expect(found.checks.filter(({ compared }) => compared === 0)).toEqual([]);
    expect(found.sums.map(({ name }) => name)).toEqual([
      'credited',
      'refunded',
      'granted',
      'charged',
      'corrected',
      'balance',
    ]);
    for (const { events, tables } of found.sums) expect(tables).toBe(events);
    const [all, ...parts] = found.sums.toReversed();
    expect(parts.reduce((sum, { events }) => sum + events, 0n)).toBe(all?.events);
    expect(all?.events).not.toBe(0n);
    // Of the events alone: the same again, another with one more.
    expect((await verify()).digest).toBe(found.digest);
    await ledger.given(anEvent('channel-enabled'));
    expect((await verify()).digest).not.toBe(found.digest);
  });

  it('tells in the sums where a table has another figure than the events', async () => {
    await ledger.start();
    await ledger.given(...history);
    await ledger.rows(
      `UPDATE p_balance.balances SET balance = balance - 1 WHERE account_id = '${accountIdOf(0)}'`,
    );
    const differing = (await verify()).sums.filter(({ events, tables }) => events !== tables);
    expect(differing).toEqual([{ name: 'balance', events: expect.any(BigInt), tables: expect.any(BigInt) }]);
    const [{ events, tables }] = differing as [(typeof differing)[0]];
    expect(tables - events).toBe(-1n);
  });

  it('finds nothing in a ledger without events', async () => {
    await ledger.start();
    expect(differences(await verify())).toEqual([]);
  });

  it('refuses where the read models were never made', async () => {
    const database = await createTestDatabase();
    await expect(verifyBooks({ store: ledger.store, pool: database.pool })).rejects.toThrow(NotVerifiable);
    await database.drop();
  });

  it('finds every kind of drift: changed, missing and surplus rows of each table', async () => {
    await ledger.start();
    await ledger.given(...history, anEvent('setting-changed'), anEvent('operator-created'));
    const account = (number: number) => `WHERE account_id = '${accountIdOf(number)}'`;
    const first = (table: string) => `WHERE position = (SELECT min(position) FROM ${table})`;
    for (const damage of [
      `UPDATE p_balance.balances SET balance = balance + 1 ${account(0)}`,
      `UPDATE p_balance.balances SET total_requests = 0 ${account(1)}`,
      `DELETE FROM p_balance.balances ${account(2)}`,
      `UPDATE p_balance.token_usage SET used_quota = used_quota - 1 WHERE token_id = 1`,
      `UPDATE p_balance.balances_after SET balance_after = 0 ${first('p_balance.balances_after')}`,
      `UPDATE p_accounts.accounts SET account_group = 'free' ${account(1)}`,
      `UPDATE p_tokens.tokens SET limits = '{}' WHERE token_id = 1`,
      `UPDATE p_tokens.tokens SET revoked = true WHERE token_id = 2`,
      `DELETE FROM p_catalogue.price_lists WHERE version = 1`,
      `UPDATE p_settings.settings SET value = '"clamp"'`,
      `UPDATE p_operators.operators SET role = 'admin'`,
      `UPDATE p_usage_log.log_rows SET spend = spend + 1 ${first('p_usage_log.log_rows')}`,
      `DELETE FROM p_usage_log.log_rows WHERE position = (SELECT max(position) FROM p_usage_log.log_rows)`,
      `INSERT INTO p_usage_log.log_rows SELECT 1000000, recorded_at, account_id, type, model, token_id, 0, 0, 0, 'x', 'x', 'x', 0, '', ''
       FROM p_usage_log.log_rows LIMIT 1`,
      `UPDATE p_doubts.doubts SET adjusted = 1000000 ${first('p_doubts.doubts')}`,
      `DELETE FROM p_doubts.doubts WHERE position = (SELECT max(position) FROM p_doubts.doubts)`,
      `UPDATE p_orders.orders SET status = 'opened' WHERE order_id = '${another}'`,
      `DELETE FROM p_orders.orders WHERE order_id = '${ORDER_ID}'`,
      `UPDATE p_orders.order_flags SET decision = NULL`,
      `UPDATE p_sent_refunds.sent_refunds SET status = 'sent' WHERE refund_id = '${anotherRefund}'`,
      `UPDATE p_grants.grants SET expired = expired + 1 ${first('p_grants.grants')}`,
      `UPDATE p_grants.lots SET remaining = remaining + 1 ${first('p_grants.lots')}`,
      `DELETE FROM p_grants.allocations WHERE ctid = (SELECT ctid FROM p_grants.allocations LIMIT 1)`,
      `UPDATE p_codes.code_batches SET quota = 1`,
      `UPDATE p_codes.codes SET grant_id = NULL WHERE code_hash = '${CODE_HASH}'`,
      `UPDATE p_referrals.referrals SET bound_by = 'nobody'`,
      `UPDATE p_referrals.referral_rewards SET given = 8`,
      `DELETE FROM p_referrals.reward_grants`,
      `UPDATE p_subscriptions.plans SET is_offered = false`,
      `UPDATE p_subscriptions.subscriptions SET status = 'cancelled'`,
      `DELETE FROM p_subscriptions.subscription_periods`,
      `UPDATE p_teams.teams SET revision = revision + 1`,
      `UPDATE p_teams.team_members SET removed_at = NULL`,
      `DELETE FROM p_teams.team_keys`,
      `UPDATE p_teams.budgets SET quota = quota + 1 WHERE token_id IS NULL`,
      `UPDATE p_teams.budget_usage SET used_quota = 0 WHERE period = '202610'`,
      `UPDATE p_cash.cash_orders SET returned_minor = 0 WHERE order_id = '${plan}'`,
      `DELETE FROM p_cash.cash_facts WHERE order_id = '${plan}' AND kind = 'disputed'`,
      `UPDATE p_cash.cash_movements SET quota = quota + 1 WHERE kind = 'payout'`,
      `UPDATE p_cash.cash_entries SET provider_id = 'another' ${first('p_cash.cash_entries')}`,
      `UPDATE p_cash.cash_postings SET account = 'asset:pocket' ${first('p_cash.cash_postings')} AND leg = 0`,
      `UPDATE p_payments.payments SET quota = 1 ${first('p_payments.payments')}`,
      `UPDATE p_payments.refunds SET amount_usd = '9' ${first('p_payments.refunds')}`,
      `UPDATE p_journal.entries SET counter_account = 'asset:pocket' ${first('p_journal.entries')}`,
      `DELETE FROM p_statistics.daily_usage WHERE day = (SELECT max(day) FROM p_statistics.daily_usage WHERE type = 'topup') AND type = 'topup'`,
      `UPDATE p_statistics.daily_traffic SET channel_id = 'another' WHERE ctid = (SELECT ctid FROM p_statistics.daily_traffic WHERE channel_id <> '' LIMIT 1)`,
    ])
      await ledger.rows(damage);
    const counts = (await verify()).checks.flatMap(({ name, differences: { length } }) =>
      length > 0 ? [[name, length]] : [],
    );
    expect(Object.fromEntries(counts)).toEqual({
      accounts: 1,
      balances: 3,
      'usage by key': 1,
      keys: 2,
      'price lists': 1,
      settings: 1,
      operators: 1,
      'usage log': 3,
      'charges in doubt': 2,
      orders: 2,
      'money that fits no order': 2,
      'refunds at providers': 1,
      'money of orders at providers': 1,
      'what became of the money of orders': 1,
      'fees and payouts': 1,
      'entries of money at providers': 1,
      'postings of money at providers': 1,
      referrals: 1,
      'rewards of referrals': 1,
      'grants of rewards': 1,
      'batches of codes': 1,
      codes: 1,
      grants: 1,
      lots: 1,
      'what was burned of grants': 1,
      plans: 1,
      subscriptions: 1,
      'periods of plans': 2,
      teams: 1,
      'members of teams': 1,
      'keys of members': 1,
      budgets: 1,
      'budgets spent by period': 1,
      journal: 1,
      payments: 1,
      refunds: 1,
      'balances after payments, refunds and adjustments': 1,
      statistics: 1,
      'statistics of channels and groups': 2,
    });
  });

  it('finds a change of any column of any table', async () => {
    await ledger.start({ timeZone: 'Asia/Kathmandu' });
    await ledger.given(
      ...history,
      anEvent('channel-configured'),
      anEvent('setting-changed'),
      anEvent('operator-created', { by: 'cli' }),
    );
    expect(differences(await verify())).toEqual([]);
    // Rows must be free to say what they like.
    await ledger.rows('ALTER TABLE p_payments.refunds DROP CONSTRAINT refunds_payment_id_fkey');
    await ledger.rows('ALTER TABLE p_statistics.daily_traffic DROP CONSTRAINT daily_traffic_pkey');
    await ledger.rows('ALTER TABLE p_statistics.daily_usage DROP CONSTRAINT daily_usage_pkey');
    await ledger.rows('ALTER TABLE p_journal.entries DROP CONSTRAINT entries_balance');
    const unseen: string[] = [];
    const columns = await columnsOfTables(ledger);
    // One of each table at once: every check has one table to look at.
    for (const round of roundsOf(columns)) {
      const changes = [];
      for (const { table, column, type } of round)
        changes.push(await changeOneValue(ledger, table, column, type));
      const found = new Set(differences(await verify()).map(({ check }) => check));
      for (const { table, column } of round)
        if (!found.has(checkOf(table))) unseen.push(`${table}.${column}`);
      for (const change of changes) await change.undo();
    }
    expect(unseen).toEqual([]);
    expect(columns.length).toBeGreaterThan(125);
    expect(differences(await verify())).toEqual([]);
  });

  it('says how far the tables are behind the log, and checks the log beyond them', async () => {
    const projector = await ledger.start();
    await ledger.given(anEvent('account-registered'), anEvent('payment-credited'));
    await projector.stop();
    await append(ledger.store, anEvent('consumption-recorded', { call_id: randomUUID() }));
    await append(ledger.store, anEvent('consumption-recorded', { call_id: randomUUID() }));
    const found = await verify();
    expect(found).toMatchObject({ position: 1n, head: 3n, behind: 2, events: 4 });
    expect(differences(found)).toEqual([]);
  });

  it.each([
    ['a position is missing', 'positions of the log follow one another', { position: 2n, revision: 1n }],
    ['a revision is missing', 'revisions of a stream follow one another', { position: 1n, revision: 2n }],
    [
      'a stream begins late',
      'revisions of a stream follow one another',
      { stream: 'b', position: 1n, revision: 1n },
    ],
    ['a revision comes twice', 'revisions of a stream follow one another', { position: 1n, revision: 0n }],
  ])('finds where %s in the log', (_what, check, second) => {
    const findings = findingsOfOrder();
    const order = new Order(findings, 'gap-free', -1n);
    order.apply({ stream: 'a', position: 0n, revision: 0n, id: randomUUID() });
    order.apply({ stream: 'a', id: randomUUID(), ...second });
    const found = Object.values(findings).filter(({ differences: { length } }) => length > 0);
    expect(found.map(({ name }) => name)).toEqual([check]);
  });

  it('finds where an id comes twice in the log', () => {
    const findings = findingsOfOrder();
    const order = new Order(findings, 'gap-free', -1n);
    const [id, position] = [randomUUID(), 1n];
    order.apply({ stream: 'a', position: 0n, revision: 0n, id });
    order.apply({ stream: 'b', position, revision: 0n, id });
    expect(findings.ids.differences).toMatchObject([{ key: '1', found: `${id} once more` }]);
  });

  it('takes gaps between positions for what they are where the store has them', () => {
    const findings = findingsOfOrder();
    const order = new Order(findings, 'ascending', -1n);
    for (const position of [3n, 900n, 900n])
      order.apply({ stream: `s-${position}`, position, revision: 0n, id: randomUUID() });
    expect(findings.positions.differences).toMatchObject([
      { key: '900', expected: 'a position from 901 on' },
    ]);
  });

  it('names the account and says what differs', async () => {
    await ledger.start();
    await ledger.given(
      anEvent('account-registered'),
      anEvent('payment-credited', { quota: 1_000n }),
      anEvent('consumption-recorded', { quota: 10n }),
    );
    await ledger.rows('UPDATE p_balance.balances SET balance = 991');
    expect(differences(await verify())).toEqual([
      {
        check: 'balances',
        key: ACCOUNT_ID,
        accountId: ACCOUNT_ID,
        expected: 'balance 990',
        found: 'balance 991',
      },
    ]);
  });

  it('finds an unbalanced journal', async () => {
    await ledger.start();
    await ledger.given(...history);
    const unbalance =
      'UPDATE p_journal.entries SET counter_amount = counter_amount + 1 WHERE counter_amount > 0';
    await expect(ledger.rows(unbalance)).rejects.toThrow('entries_balance');
    await ledger.rows('ALTER TABLE p_journal.entries DROP CONSTRAINT entries_balance');
    await ledger.rows(unbalance);
    const found = new Set(differences(await verify()).map(({ check }) => check));
    expect(found).toEqual(new Set(['journal', 'the journal sums to zero']));
  });

  it('finds what the log itself should never say: a hold resolved twice, more given back than was paid', async () => {
    await ledger.start();
    const [call_id, lease_id] = [randomUUID(), randomUUID()];
    await ledger.given(
      anEvent('account-registered'),
      anEvent('payment-credited'),
      anEvent('consumption-recorded', { call_id }),
      anEvent('call-abandoned', { call_id }),
      anEvent('lease-abandoned', { lease_id }),
      anEvent('lease-abandoned', { lease_id }),
      anEvent('payment-refunded', { quota: 5_000_001n }),
    );
    const found = differences(await verify());
    expect(found.map(({ check, key }) => [check, key])).toEqual([
      ['refunds stay within their payment', 'pi_1'],
      ['holds are resolved once', call_id],
      ['holds are resolved once', lease_id],
    ]);
  });

  it('compares the cached balances and the holds in them', async () => {
    const cachedBalance = new InProcessCachedBalance({});
    await ledger.start({ cachedBalance });
    await ledger.given(...history);
    const keys = [0, 1, 2].map((account) => `account:${accountIdOf(account)}` as const);
    await cachedBalance.load(await readBudgets(ledger.database.pool, keys));
    const options = { store: ledger.store, pool: ledger.database.pool, cachedBalance };
    const clean = await verifyBooks(options);
    expect(differences(clean)).toEqual([]);
    expect(clean.checks.at(-1)).toMatchObject({ name: 'cached balances', compared: 3 });
    await ledger.rows(
      `UPDATE p_balance.balances SET balance = balance + 5 WHERE account_id = '${accountIdOf(1)}'`,
    );
    await ledger.given(anEvent('balance-adjusted', { account_id: accountIdOf(1), adjustment_id: 'last' }));
    const found = differences(await verifyBooks(options)).map(({ check, accountId }) => [check, accountId]);
    expect(found).toContainEqual(['cached balances', accountIdOf(1)]);
    await cachedBalance.close();
  });
});

describe('a set of UUIDs', () => {
  it('is a set', () => {
    const set = new UuidSet();
    const ids = Array.from({ length: 20_000 }, () => randomUUID());
    expect(ids.filter((id) => !set.add(id))).toEqual([]);
    expect(ids.filter((id) => set.add(id) || !set.has(id))).toEqual([]);
    expect(set.has(randomUUID())).toBe(false);
  });
});

const differences = ({ checks }: Verification) =>
  checks.flatMap(({ name, differences: found }) =>
    found.map((difference) => ({ check: name, ...difference })),
  );

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/** Of every read model, partitions for themselves. */
const columnsOfTables = async (ledger: Ledger): Promise<readonly Column[]> =>
  (await ledger.rows(
    `SELECT attrelid::regclass::text AS table, attname AS column, format_type(atttypid, NULL) AS type
     FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
     WHERE relkind = 'r' AND relnamespace::regnamespace::text LIKE 'p\\_%' AND attnum > 0 AND NOT attisdropped
     ORDER BY 1, attnum`,
  )) as unknown as readonly Column[];

const checks: Readonly<Record<string, string>> = {
  'p_accounts.accounts': 'accounts',
  'p_acts.acts': 'acts of operators',
  'p_balance.balances': 'balances',
  'p_balance.balances_after': 'balances after payments, refunds and adjustments',
  'p_balance.token_usage': 'usage by key',
  'p_cash.cash_orders': 'money of orders at providers',
  'p_cash.cash_facts': 'what became of the money of orders',
  'p_cash.cash_movements': 'fees and payouts',
  'p_cash.cash_entries': 'entries of money at providers',
  'p_cash.cash_postings': 'postings of money at providers',
  'p_catalogue.channels': 'channels',
  'p_catalogue.price_lists': 'price lists',
  'p_codes.code_batches': 'batches of codes',
  'p_codes.codes': 'codes',
  'p_referrals.referrals': 'referrals',
  'p_referrals.referral_rewards': 'rewards of referrals',
  'p_referrals.reward_grants': 'grants of rewards',
  'p_doubts.doubts': 'charges in doubt',
  'p_grants.allocations': 'what was burned of grants',
  'p_grants.debts': 'debts',
  'p_grants.grants': 'grants',
  'p_grants.lots': 'lots',
  'p_subscriptions.plans': 'plans',
  'p_subscriptions.subscriptions': 'subscriptions',
  'p_subscriptions.subscription_periods': 'periods of plans',
  'p_teams.teams': 'teams',
  'p_teams.team_members': 'members of teams',
  'p_teams.team_keys': 'keys of members',
  'p_teams.budgets': 'budgets',
  'p_teams.budget_usage': 'budgets spent by period',
  'p_journal.entries': 'journal',
  'p_operators.operators': 'operators',
  'p_orders.order_flags': 'money that fits no order',
  'p_orders.orders': 'orders',
  'p_payments.payments': 'payments',
  'p_payments.refunds': 'refunds',
  'p_sent_refunds.sent_refunds': 'refunds at providers',
  'p_settings.settings': 'settings',
  'p_statistics.daily_traffic': 'statistics of channels and groups',
  'p_statistics.daily_usage': 'statistics',
  'p_tokens.tokens': 'keys',
};

const checkOf = (table: string): string =>
  table.startsWith('p_usage_log.') ? 'usage log' : (checks[table] ?? `a check of ${table}`);

/** The first column of every check's table, then the second of each. */
function roundsOf(columns: readonly Column[]): readonly (readonly Column[])[] {
  const rounds: Column[][] = [];
  const met = new Map<string, number>();
  for (const column of columns) {
    const check = checkOf(column.table);
    const round = met.get(check) ?? 0;
    met.set(check, round + 1);
    (rounds[round] ??= []).push(column);
  }
  return rounds;
}

const otherValues: Readonly<Record<string, (column: string) => string>> = {
  bigint: (column) => `coalesce(${column}, 0) + 1000`,
  integer: (column) => `${column} + 1`,
  smallint: (column) => `${column} + 1000`,
  boolean: (column) => `NOT ${column}`,
  date: (column) => `${column} + 1`,
  jsonb: () => `'{"changed": true}'`,
  text: (column) => `coalesce(${column}, '') || '!'`,
  'timestamp with time zone': (column) => `${column} + interval '1 second'`,
  uuid: () => 'gen_random_uuid()',
};

async function changeOneValue(ledger: Ledger, table: string, column: string, type: string) {
  const other = otherValues[type];
  if (!other) throw new Error(`say how a ${type} is changed`);
  const { pool } = ledger.database;
  const { rows: chosen } = await pool.query<{ place: string; old: string | null }>(
    `SELECT ctid::text AS place, ${column}::text AS old FROM ${table} ORDER BY ${column} IS NULL LIMIT 1`,
  );
  const [row] = chosen;
  if (!row) throw new Error(`${table} has no row to change`);
  const { rows: changed } = await pool.query<{ place: string }>(
    `UPDATE ${table} SET ${column} = ${other(column)} WHERE ctid = '${row.place}' RETURNING ctid::text AS place`,
  );
  return {
    undo: () =>
      pool.query(`UPDATE ${table} SET ${column} = $1::text::${type} WHERE ctid = $2::tid`, [
        row.old,
        changed[0]?.place,
      ]),
  };
}

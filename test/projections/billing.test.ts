import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  type BillingFilter,
  type BillingPlace,
  type BillingRow,
  readBilling,
  readConsumption,
} from '../../src/projections/statistics/billing/rows.js';
import { readBilledModels, readMonths, readRange } from '../../src/projections/statistics/billing/sums.js';
import { anEvent, append } from '../support/events.js';
import { createLedger, type Ledger } from './projector-setup.js';

const ACCOUNT = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';
const START = Date.parse('2026-10-28T00:00:00Z');

let ledger: Ledger;
let at: Date;
beforeEach(async () => {
  at = new Date(START);
  ledger = await createLedger(() => at);
});
afterEach(() => ledger.close());

/** Nine days and two months of an account that does everything, beside one that does the same. */
async function given(): Promise<void> {
  for (const [index, account_id] of [ACCOUNT, OTHER].entries()) {
    const names = { external_user_id: `user-${index}`, username: `name-${index}` };
    await append(ledger.store, anEvent('account-registered', { account_id, user_id: index + 1, ...names }));
  }
  for (let number = 0; number < 70; number++) {
    at = new Date(START + number * 3 * 3_600_000);
    for (const [index, account_id] of [ACCOUNT, OTHER].entries()) {
      const owner = { account_id, user_id: index + 1 };
      const call = {
        ...owner,
        call_id: randomUUID(),
        token_id: 1 + (number % 2),
        model: `model-${number % 3}`,
      };
      const kinds = [
        anEvent('payment-credited', { ...owner, payment_id: `pi_${index}_${number}` }),
        anEvent('consumption-recorded', call),
        anEvent('consumption-recorded', { ...call, quota: 1_000n + BigInt(number) }),
        anEvent('call-failed', call),
        anEvent('consumption-corrected', call),
        anEvent('balance-adjusted', { ...owner, adjustment_id: `a_${index}_${number}`, quota: -5n }),
        anEvent('consumption-recorded', { ...call, quota: 0n, rounding: 'free', exact_quota: '0' }),
      ];
      const event = kinds[number % kinds.length];
      if (event) await append(ledger.store, event);
    }
  }
  await ledger.given(anEvent('claim-released'));
}

async function everyPage(filter: BillingFilter, limit: number): Promise<readonly BillingRow[]> {
  const rows: BillingRow[] = [];
  for (let after: BillingPlace | undefined; ;) {
    const page = await readBilling(ledger.database.pool, ACCOUNT, filter, { after, limit });
    rows.push(...(page?.rows ?? []));
    const last = page?.rows.at(-1);
    if (!last || page?.rows.length !== limit) return rows;
    after =
      last.position === null
        ? { day: last.day, model: last.model }
        : { day: last.day, position: last.position };
  }
}

const sum = (rows: readonly { readonly amount: bigint }[]) =>
  rows.reduce((total, { amount }) => total + amount, 0n);
const one = async (sql: string) => BigInt((await ledger.rows(sql))[0]?.['value'] as string);
const balance = () => one(`SELECT balance AS value FROM p_balance.balances WHERE account_id = '${ACCOUNT}'`);
const spentUntil = (where: string) =>
  one(
    `SELECT coalesce(sum(spend), 0) AS value FROM p_usage_log.log_rows WHERE account_id = '${ACCOUNT}' AND ${where}`,
  );

async function expectAll(): Promise<void> {
  const { pool } = ledger.database;
  const all = await everyPage({}, 200);
  expect(sum(all)).toBe(await balance());
  for (const limit of [1, 4, 7]) expect(await everyPage({}, limit)).toEqual(all);
  const page = await readBilling(pool, ACCOUNT, {}, { limit: 1 });
  expect(page?.total).toBe(all.length);
  for (const type of ['topup', 'consumption', 'adjustment', 'refund'] as const)
    expect(await everyPage({ type }, 3)).toEqual(all.filter((row) => row.type === type));
  const range = { from: '2026-10-30', to: '2026-11-02' };
  expect(await everyPage(range, 5)).toEqual(all.filter(({ day }) => day >= range.from && day <= range.to));
  for (const { type, position, day, balanceAfter } of all) {
    const until =
      type === 'consumption'
        ? `recorded_at < '${day}Z'::timestamptz + interval '1 day'`
        : `position <= ${position}`;
    expect([day, type, balanceAfter]).toEqual([day, type, -(await spentUntil(until))]);
  }
  for (const row of all.filter(({ type }) => type === 'consumption')) {
    const keys = await readConsumption(pool, ACCOUNT, row);
    expect(sum(keys ?? [])).toBe(row.amount);
  }
  expect(await readConsumption(pool, ACCOUNT, { day: '2026-10-28', model: 'none' })).toBeUndefined();
  await expectSums(all);
}

async function expectSums(all: readonly BillingRow[]): Promise<void> {
  const { pool } = ledger.database;
  const months = await readMonths(pool, ACCOUNT);
  expect([months?.moved, months?.balance]).toEqual([await balance(), await balance()]);
  expect(months?.periods.map(({ name }) => name)).toEqual(['2026-10', '2026-11']);
  const [october, november] = months?.periods ?? [];
  expect([october?.opening, november?.opening, november?.closing]).toEqual([
    0n,
    october?.closing,
    await balance(),
  ]);
  const range = { from: '2026-10-30', to: '2026-11-02' };
  const within = all.filter(({ day }) => day >= range.from && day <= range.to);
  const of = (type: string) => sum(within.filter((row) => row.type === type));
  const found = await readRange(pool, ACCOUNT, range);
  expect(found?.periods[1]).toMatchObject({
    opening: -(await spentUntil(`recorded_at < '2026-10-30Z'`)),
    topup: of('topup'),
    consumption: of('consumption'),
    adjustment: of('adjustment'),
    refund: 0n,
    closing: -(await spentUntil(`recorded_at < '2026-11-03Z'`)),
  });
  expect(sum(await readBilledModels(pool, ACCOUNT, range))).toBe(of('consumption'));
}

it('a bill has every movement and every day of calls once, wherever the statistics are', async () => {
  const projector = await ledger.start();
  await given();
  await expectAll();
  await projector.stop();
  await ledger.rows(`DELETE FROM p_statistics.daily_usage WHERE day > '2026-10-31'`);
  await ledger.rows(
    `UPDATE projection_checkpoints SET position = (SELECT max(position) FROM p_usage_log.log_rows WHERE recorded_at < '2026-11-01Z')
     WHERE projection = 'statistics'`,
  );
  await expectAll();
  await ledger.rows(`DELETE FROM projection_checkpoints WHERE projection = 'statistics'`);
  const { pool } = ledger.database;
  expect(await readBilling(pool, ACCOUNT, {}, { limit: 5 })).toBeUndefined();
  expect(await readMonths(pool, ACCOUNT)).toBeUndefined();
}, 120_000);

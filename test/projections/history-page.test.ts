import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { balancesAfter } from '../../src/projections/usage/balances-after.js';
import { countHistory } from '../../src/projections/usage/history-count.js';
import type { HistoryFilter } from '../../src/projections/usage/history-filter.js';
import { historyEntry, historyPage } from '../../src/projections/usage/history-page.js';
import { anEvent, append } from '../support/events.js';
import { createLedger, type Ledger } from './projector-setup.js';

const HOUR_MS = 3_600_000;
const ACCOUNTS = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];

let ledger: Ledger;
let at: Date;
beforeEach(async () => {
  at = new Date('2026-10-28T00:00:00Z');
  ledger = await createLedger(() => at);
});
afterEach(() => ledger.close());

/** Rows of two accounts over nine days and two months, some of them rare. */
async function given(): Promise<void> {
  for (const [index, account_id] of ACCOUNTS.entries()) {
    const user_id = index + 1;
    const names = { external_user_id: `user-${user_id}`, username: `name-${user_id}` };
    await append(
      ledger.store,
      anEvent('account-registered', { account_id, user_id, ...names }),
      anEvent('token-issued', {
        account_id,
        user_id,
        token_id: user_id,
        key_hash: String(user_id).repeat(64),
      }),
    );
  }
  for (let number = 0; number < 70; number++) {
    at = new Date(Date.parse('2026-10-28T00:00:00Z') + number * 3 * HOUR_MS);
    const user_id = 1 + (number % 2);
    const owner = { user_id, account_id: ACCOUNTS[user_id - 1] as string };
    const call = {
      ...owner,
      call_id: randomUUID(),
      request_id: `req-${number}`,
      token_id: user_id,
      model: number % 23 === 3 ? 'rare' : `model-${number % 3}`,
      channel_id: `channel-${number % 2}`,
    };
    const kinds = [
      anEvent('consumption-recorded', { ...call, group: number % 4 ? 'default' : 'vip' }),
      anEvent('call-failed', { ...call, code: 'no_channel' }),
      anEvent('consumption-recorded', { ...call, group: 'default' }),
      anEvent('payment-credited', { ...owner, payment_id: `pi_${number}` }),
    ];
    const event = kinds[number % kinds.length];
    if (event) await append(ledger.store, event);
  }
  await ledger.given(anEvent('claim-released'));
}

const day = (text: string) => new Date(`${text}T00:00:00Z`);
const filters: readonly (readonly [HistoryFilter, string])[] = [
  [{}, 'true'],
  [{ model: 'rare' }, `model = 'rare'`],
  [{ model: 'none' }, 'false'],
  [{ type: 'error' }, `type = 'error'`],
  [{ type: 'topup', from: day('2026-11-01') }, `type = 'topup' AND recorded_at >= '2026-11-01Z'`],
  [{ channelId: 'channel-0', group: 'vip' }, `channel_id = 'channel-0' AND group_name = 'vip'`],
  [
    { from: day('2026-10-30'), until: day('2026-11-02') },
    `recorded_at >= '2026-10-30Z' AND recorded_at < '2026-11-02Z'`,
  ],
  [{ accountId: ACCOUNTS[0] }, `account_id = '${ACCOUNTS[0]}'`],
  [{ tokenId: 2, model: 'model-1' }, `token_id = 2 AND model = 'model-1'`],
  [
    { accountId: ACCOUNTS[0], channelId: 'channel-0' },
    `account_id = '${ACCOUNTS[0]}' AND channel_id = 'channel-0'`,
  ],
  [
    { accountId: ACCOUNTS[1], model: 'rare', type: 'consume' },
    `account_id = '${ACCOUNTS[1]}' AND model = 'rare' AND type = 'consume'`,
  ],
  [{ accountId: ACCOUNTS[0], type: 'topup' }, `account_id = '${ACCOUNTS[0]}' AND type = 'topup'`],
  [
    { accountId: ACCOUNTS[0], tokenId: 1, from: day('2026-10-30'), until: day('2026-11-02') },
    `token_id = 1 AND recorded_at >= '2026-10-30Z' AND recorded_at < '2026-11-02Z'`,
  ],
  [{ accountId: ACCOUNTS[0], tokenId: 2 }, 'false'],
  [{ accountId: ACCOUNTS[0], model: 'none' }, 'false'],
  [{ reference: 'req-8' }, `request_id = 'req-8'`],
  [{ reference: 'pi_3' }, `reference = 'pi_3'`],
];

async function everyPage(filter: HistoryFilter, limit: number): Promise<readonly bigint[]> {
  const ids: bigint[] = [];
  for (let before: bigint | undefined; ;) {
    const rows = await historyPage(ledger.database.pool, filter, { before, limit });
    ids.push(...rows.map(({ id }) => id));
    if (rows.length < limit) return ids;
    before = rows.at(-1)?.id;
  }
}

async function expectAllFound(): Promise<void> {
  for (const [filter, where] of filters) {
    const rows = await ledger.rows(
      `SELECT position FROM p_usage_log.log_rows WHERE ${where} ORDER BY position DESC`,
    );
    const expected = rows.map(({ position }) => position);
    for (const limit of [3, 200])
      expect([filter, await everyPage(filter, limit)]).toEqual([filter, expected]);
  }
}

async function expectAllCounted(): Promise<void> {
  for (const [filter, where] of filters) {
    const [row] = await ledger.rows(`SELECT count(*)::int AS rows FROM p_usage_log.log_rows WHERE ${where}`);
    expect([filter, await countHistory(ledger.database.pool, filter, 10_000)]).toEqual([
      filter,
      row?.['rows'],
    ]);
  }
}

it('finds and counts every row of a filter once, newest first, wherever the statistics are', async () => {
  const projector = await ledger.start();
  await given();
  await expectAllFound();
  await expectAllCounted();
  const oneByOne = { accountId: ACCOUNTS[0], channelId: 'channel-0' };
  await expect(countHistory(ledger.database.pool, oneByOne, 5)).resolves.toBe(6);
  await projector.stop();
  for (const days of ['daily_traffic', 'daily_usage'])
    await ledger.rows(`DELETE FROM p_statistics.${days} WHERE day > '2026-10-31'`);
  await ledger.rows(
    `UPDATE projection_checkpoints SET position = (SELECT max(position) FROM p_usage_log.log_rows WHERE recorded_at < '2026-11-01Z')
     WHERE projection = 'statistics'`,
  );
  await expectAllFound();
  await expectAllCounted();
  await ledger.rows(`DELETE FROM projection_checkpoints WHERE projection = 'statistics'`);
  await expectAllFound();
  await expectAllCounted();
}, 60_000);

it('says of a row who answered, how long it took, and why it failed', async () => {
  await ledger.start();
  await given();
  const [failed] = await historyPage(ledger.database.pool, { reference: 'req-1' }, { limit: 2 });
  expect(failed).toMatchObject({
    type: 'error',
    externalUserId: 'user-2',
    username: 'name-2',
    tokenId: 2,
    channelId: 'channel-1',
    group: '',
    code: 'no_channel',
    spendQuota: 0n,
  });
  expect(failed?.durationMs).toBeGreaterThanOrEqual(0);
  await expect(historyEntry(ledger.database.pool, failed?.id ?? -1n)).resolves.toEqual(failed);
  await expect(historyEntry(ledger.database.pool, 1_000_000n)).resolves.toBeUndefined();
  // Of an account alone, where one is named.
  const { pool } = ledger.database;
  await expect(historyEntry(pool, failed?.id ?? -1n, ACCOUNTS[1])).resolves.toEqual(failed);
  await expect(historyEntry(pool, failed?.id ?? -1n, ACCOUNTS[0])).resolves.toBeUndefined();
});

/** Of each row of a filter, over all rows of its account; pages of so many. */
async function expectBalances(accountId: string, rare: HistoryFilter, limit: number): Promise<void> {
  const { pool } = ledger.database;
  const known = await ledger.rows(
    `SELECT position, -sum(spend) OVER (ORDER BY recorded_at, position) AS balance FROM p_usage_log.log_rows
     WHERE account_id = '${accountId}'`,
  );
  const expected = new Map(known.map(({ position, balance }) => [position, BigInt(balance as string)]));
  for (const filter of [{}, rare]) {
    let rows = await historyPage(pool, { accountId, ...filter }, { limit });
    expect(rows.length).toBeGreaterThan(2);
    for (; rows.length > 0;) {
      const found = await balancesAfter(pool, accountId, rows);
      expect(found).toEqual(new Map(rows.map(({ id }) => [id, expected.get(id)])));
      rows = await historyPage(pool, { accountId, ...filter }, { before: rows.at(-1)?.id, limit });
    }
  }
}

async function expectAllBalances(): Promise<void> {
  for (const limit of [4, 200]) {
    await expectBalances(ACCOUNTS[0] as string, { model: 'model-1' }, limit);
    await expectBalances(ACCOUNTS[1] as string, { type: 'topup' }, limit);
  }
}

it('says what an account had right after each row, wherever the statistics are', async () => {
  const projector = await ledger.start();
  await given();
  await expectAllBalances();
  await projector.stop();
  await ledger.rows(`DELETE FROM p_statistics.daily_usage WHERE day > '2026-10-31'`);
  await ledger.rows(
    `UPDATE projection_checkpoints SET position = (SELECT max(position) FROM p_usage_log.log_rows WHERE recorded_at < '2026-11-01Z')
     WHERE projection = 'statistics'`,
  );
  await expectAllBalances();
  const rows = await historyPage(ledger.database.pool, { accountId: ACCOUNTS[1] }, { limit: 3 });
  await ledger.rows(`DELETE FROM projection_checkpoints WHERE projection = 'statistics'`);
  await expect(balancesAfter(ledger.database.pool, ACCOUNTS[1] as string, rows)).resolves.toBeUndefined();
}, 60_000);

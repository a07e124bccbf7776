import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nothingSealed } from '../../support/nothing-sealed.js';
import { BEFORE_FIRST } from '../../../src/eventstore/event-store.js';
import { createAudit } from '../../../src/books/audit/audit.js';
import { InProcessCachedBalance } from '../../../src/balance/in-process/in-process-cached-balance.js';
import { readBudgets } from '../../../src/projections/balance/query.js';
import { ACCOUNT_ID, anEvent, append } from '../../support/events.js';
import { accountIdOf, choiceArbitrary, historyOf } from '../../support/history.js';
import { createLedger, type Ledger } from '../../projections/projector-setup.js';
import { createTestDatabase } from '../../support/postgres.js';

const STEP_MS = 60_000;
const BEGIN = Date.UTC(2026, 10, 1);

let ledger: Ledger;
beforeEach(async () => {
  let now = BEGIN;
  ledger = await createLedger(() => new Date((now += STEP_MS)));
});
afterEach(() => ledger.close());

const auditOf = (cachedBalance?: InProcessCachedBalance, pool = ledger.database.pool) =>
  createAudit({
    pool,
    store: ledger.store,
    openTexts: nothingSealed,
    cachedBalance,
    timeZone: 'UTC',
    now: () => new Date(),
  });

/** By the sign of each stored amount, straight from the log's JSON. */
async function bruteForce(accountId: string, counts: (event: { position: bigint; at: Date }) => boolean) {
  const { events } = await ledger.store.readAll({ after: BEFORE_FIRST, limit: 100_000 });
  let balance = 0n;
  let revision: bigint | null = null;
  for (const { type: stored, data, position, recordedAt, stream, revision: place } of events) {
    const type = stored.replace(/\.v\d+$/, '');
    if (data.account_id !== accountId || !counts({ position, at: recordedAt })) continue;
    if (stream.startsWith('account-')) revision = place;
    const quota = BigInt((data.quota as string | undefined) ?? 0);
    if (type === 'payment-credited' || type === 'balance-adjusted') balance += quota;
    if (type === 'grant-given') balance += quota;
    if (type === 'grant-expired' || type === 'grant-withdrawn') balance -= quota;
    if (type === 'payment-refunded' || type === 'consumption-recorded' || type === 'call-abandoned')
      balance -= quota;
    if (type === 'consumption-corrected') balance -= BigInt(data.difference as string);
  }
  return { balance, stream_revision: revision };
}

describe('a balance', () => {
  it('is what a brute-force fold says, for any user, position and time', async () => {
    await ledger.start();
    const head = await ledger.given(...historyOf(fc.sample(choiceArbitrary, { numRuns: 300, seed: 11 })));
    const audit = auditOf();
    const user = fc.integer({ min: 0, max: 2 });
    await fc.assert(
      fc.asyncProperty(user, fc.bigInt({ min: -1n, max: head }), async (account, position) => {
        const view = await audit.balance(`member-${account}`, { position });
        const folded = await bruteForce(accountIdOf(account), (event) => event.position <= position);
        expect(view).toMatchObject({ ...folded, position, account_id: accountIdOf(account), as_of: null });
      }),
      { numRuns: 60 },
    );
    const end = BEGIN + (Number(head) + 2) * STEP_MS;
    await fc.assert(
      fc.asyncProperty(user, fc.integer({ min: BEGIN, max: end }), async (account, time) => {
        const at = new Date(time);
        const view = await audit.balance(`member-${account}`, { at });
        const folded = await bruteForce(accountIdOf(account), (event) => event.at <= at);
        expect(view).toMatchObject({ ...folded, as_of: at.toISOString() });
        const again = await audit.balance(`member-${account}`, { position: view.position });
        expect(again.balance).toBe(view.balance);
      }),
      { numRuns: 40 },
    );
    for (const account of [0, 1, 2]) {
      const folded = await bruteForce(accountIdOf(account), () => true);
      expect(await audit.balance(`member-${account}`, 'now')).toMatchObject({ ...folded, position: head });
    }
  });

  it('names the last movement, and the dollars', async () => {
    await ledger.start();
    await ledger.given(
      anEvent('account-registered'),
      anEvent('payment-credited'),
      anEvent('account-suspended'),
    );
    expect(await auditOf().balance('user-1', 'now')).toEqual({
      external_user_id: 'user-1',
      user_id: 1,
      account_id: ACCOUNT_ID,
      as_of: null,
      position: 2n,
      balance: 5_000_000n,
      balance_usd: '10',
      stream: `account-${ACCOUNT_ID}`,
      stream_revision: 1n,
      last_movement: {
        position: 1n,
        stream: 'payment-pi_1',
        revision: 0n,
        type: 'topup',
        reference: 'pi_1',
        recorded_at: new Date(BEGIN + 2 * STEP_MS).toISOString(),
      },
      holds: null,
    });
  });

  it('shows the open holds where the cache can be seen', async () => {
    const cache = new InProcessCachedBalance({});
    await ledger.start({ cachedBalance: cache });
    await ledger.given(anEvent('account-registered'), anEvent('payment-credited'));
    expect(await auditOf(cache).balance('user-1', 'now')).toMatchObject({
      holds: { cached: false, held: 0n, available: 5_000_000n, open: [] },
    });
    const budget = `account:${ACCOUNT_ID}` as const;
    await cache.load(await readBudgets(ledger.database.pool, [budget]));
    const held = { budgets: [budget], amount: 700n, atLeast: 700n, guards: [], context: '{}' };
    await cache.hold({ holdId: 'hold-1', ...held });
    expect(await auditOf(cache).balance('user-1', 'now')).toMatchObject({
      balance: 5_000_000n,
      holds: {
        cached: true,
        held: 700n,
        available: 4_999_300n,
        open: [{ hold_id: 'hold-1', granted: 700n, settled: null }],
      },
    });
    expect((await auditOf(cache).balance('user-1', { position: 1n })).holds).toBeNull();
    await cache.close();
  });

  it('refuses who is not there and what is not reached', async () => {
    await ledger.start();
    const position = await ledger.given(anEvent('account-registered'));
    const audit = auditOf();
    await expect(audit.balance('nobody\0', 'now')).rejects.toMatchObject({ code: 'account_not_found' });
    await expect(audit.balance('user-1', { position: position + 1n })).rejects.toMatchObject({
      code: 'position_ahead',
    });
  });

  it('waits for the read models, and refuses what they have not got; what is reached can be asked', async () => {
    const projector = await ledger.start();
    const position = await ledger.given(anEvent('account-registered'), anEvent('payment-credited'));
    await projector.stop();
    await append(ledger.store, anEvent('balance-adjusted'));
    const impatient = createAudit({
      pool: ledger.database.pool,
      store: ledger.store,
      openTexts: nothingSealed,
      cachedBalance: undefined,
      timeZone: 'UTC',
      now: () => new Date(),
      waitMs: 100,
    });
    await expect(impatient.balance('user-1', 'now')).rejects.toMatchObject({ code: 'behind' });
    await expect(impatient.explain('pi_1')).rejects.toMatchObject({ code: 'behind' });
    expect((await impatient.balance('user-1', { position })).balance).toBe(5_000_000n);
    const answer = auditOf().balance('user-1', 'now');
    await ledger.start();
    expect((await answer).balance).toBe(5_001_000n);
  });

  it('refuses before there are read models', async () => {
    const database = await createTestDatabase();
    const audit = auditOf(undefined, database.pool);
    await expect(audit.balance('user-1', 'now')).rejects.toMatchObject({ code: 'not_ready' });
    await database.drop();
  });

  it('is not told when journal and balance table differ', async () => {
    await ledger.start();
    await ledger.given(anEvent('account-registered'), anEvent('payment-credited'));
    await ledger.rows('UPDATE p_balance.balances SET balance = balance + 1');
    await expect(auditOf().balance('user-1', 'now')).rejects.toMatchObject({
      name: 'BooksDisagree',
      disagreements: [{ recorded: '5000001', recomputed: '5000000' }],
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditLiability } from '../../../src/books/liability/audit-liability.js';
import {
  closeDays,
  closeNow,
  type ClosingParts,
  keepTrees,
} from '../../../src/books/liability/close-liability.js';
import { commitments, findCommitment } from '../../../src/books/closings/commitments.js';
import { createDayEnds } from '../../../src/compose/liability.js';
import { createReceipts } from '../../../src/books/receipts.js';
import { commitLiability } from '../../../src/commands/liability/commit-liability.js';
import { createTransparencyKeys } from '../../../src/stores/transparency-keys.js';
import { createAccountSalts } from '../../../src/transparency/liability/account-salts.js';
import { checkBalanceProof } from '../../../src/transparency/liability/balance-proof.js';
import { keptTotals, keptTrees } from '../../../src/transparency/liability/sum-tables.js';
import { createLeafMaker } from '../../../src/transparency/leaf-entry.js';
import { ensureSigners, signersOf, verifiersOf } from '../../../src/transparency/signing-keys.js';
import { TransparencyLog } from '../../../src/transparency/transparency-log.js';
import { createRealLedger, type RealLedger } from '../../http/support/real-ledger.js';
import { anEvent } from '../../support/events.js';

const ACCOUNTS = 300;
const accountIdAt = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

describe('what is owed at the end of a day', () => {
  let ledger: RealLedger;
  let parts: ClosingParts;
  let tree: TransparencyLog;
  let receipts: ReturnType<typeof createReceipts>;
  let keys: ReturnType<typeof createTransparencyKeys>;
  let clock: Date;
  const raised: string[] = [];
  const alerts = {
    raise: ({ key }: { readonly key: string }) => Promise.resolve(raised.push(key) > 0),
    resolve: () => Promise.resolve(true),
  };

  const credit = (number: number, payment: string, quota: bigint) =>
    anEvent('payment-credited', {
      account_id: accountIdAt(number),
      user_id: number + 1,
      payment_id: payment,
      amount_usd: '1',
      quota,
    });
  const adjusted = (number: number, adjustment: string, quota: bigint) =>
    anEvent('balance-adjusted', {
      account_id: accountIdAt(number),
      user_id: number + 1,
      adjustment_id: adjustment,
      quota,
    });
  const quotaAt = (number: number): bigint => (number % 10 === 0 ? -BigInt(number + 1) : BigInt(number * 7));
  const proved = async (number: number, asOf?: string) =>
    checkBalanceProof(await receipts.ofBalance({ externalUserId: `user-${number}`, asOf }), {
      logKeys: (await signersOf(keys)).map(({ key }) => key),
    });
  const audit = async (asOf?: string): Promise<void> => {
    const commitment = await findCommitment(ledger.store, asOf);
    if (!commitment) throw new Error('nothing was closed');
    await auditLiability({ ...parts, store: ledger.store, isOfLogAlone: () => false }, commitment);
  };

  /** Closings are made of both. */
  const advance = async () => {
    await ledger.caughtUp();
    await tree.advance();
  };

  beforeAll(async () => {
    ledger = await createRealLedger();
    const { pool, store, keyring } = ledger;
    clock = new Date(Date.now() + 86_400_000);
    keys = createTransparencyKeys(pool, keyring);
    await ensureSigners(keys, 'ledger.example/transparency', new Date());
    const leaves = createLeafMaker(keyring.transparencyKey);
    const salts = createAccountSalts(keyring.transparencyKey);
    tree = new TransparencyLog({
      pool,
      store,
      leaves,
      signers: () => signersOf(keys),
      verifiers: () => verifiersOf(keys),
      now: () => new Date(),
      isOfLogAlone: () => false,
    });
    receipts = createReceipts({ pool, store, leaves, salts, isOn: true });
    parts = {
      pool,
      store,
      salts,
      timeZone: 'UTC',
      now: () => clock,
      commit: async (committed) => void (await commitLiability(ledger.dependencies, committed, 'test')),
    };
    const events = Array.from({ length: ACCOUNTS }, (_, number) => [
      anEvent('account-registered', {
        account_id: accountIdAt(number),
        user_id: number + 1,
        external_user_id: `user-${number}`,
      }),
      ...(number === ACCOUNTS - 1 ? [] : [adjusted(number, `first-${number}`, quotaAt(number))]),
    ]);
    await ledger.given(...events.flat());
    await advance();
  });
  afterAll(() => ledger.close());

  it('is said once, whoever says it at the same time, and every account can prove its part', async () => {
    expect(await Promise.all([closeDays(parts), closeDays(parts)])).toContain(
      new Date().toISOString().slice(0, 10),
    );
    await closeDays(parts);
    const said = await ledger.events('liability-committed');
    expect(said).toHaveLength(1);
    await advance();
    let [owed, overdrawn] = [0n, 0n];
    for (let number = 0; number < ACCOUNTS - 1; number += 1) {
      const quota = quotaAt(number);
      if (quota < 0n) overdrawn -= quota;
      else owed += quota;
      if (number % 3 === 0 || number > 250)
        expect(await proved(number)).toMatchObject({ accountId: accountIdAt(number), balance: quota });
    }
    expect(await proved(1)).toMatchObject({ owed, overdrawn, entries: 2 * ACCOUNTS - 1 });
    await audit();
  });

  it('has nothing of an account that nothing had moved, and nothing of a day that was not closed', async () => {
    await expect(proved(ACCOUNTS - 1)).rejects.toMatchObject({ code: 'figure_not_found' });
    await expect(proved(1, '2001-01-01')).rejects.toMatchObject({ code: 'not_closed' });
  });

  it('stays what it was, whatever comes later, and is the same where its tables are lost', async () => {
    const asOf = (await findCommitment(ledger.store))?.as_of ?? '';
    const before = await keptTotals(ledger.pool, asOf);
    await ledger.given(credit(1, 'later', 500n), adjusted(2, 'later', -100n));
    await advance();
    await ledger.pool.query('TRUNCATE liability_trees, liability_leaves, liability_tiles');
    await expect(proved(1)).rejects.toMatchObject({ code: 'not_closed' });
    expect(await keepTrees(parts)).toBe('closed');
    expect(await keptTotals(ledger.pool, asOf)).toEqual(before);
    expect(await proved(1)).toMatchObject({ balance: quotaAt(1) });
    await audit();
  });

  it('can be closed at any moment, up to where the log is', async () => {
    expect(await closeNow(parts, (await ledger.head()) + 1n)).toMatchObject({ closed: 'behind' });
    const { asOf, closed } = await closeNow(parts, await ledger.head());
    expect(closed).toBe('closed');
    await expect(proved(1, asOf)).rejects.toMatchObject({ code: 'not_signed_yet' });
    await advance();
    expect(await proved(1, asOf)).toMatchObject({ balance: quotaAt(1) + 500n });
    expect(await proved(2, asOf)).toMatchObject({ balance: quotaAt(2) - 100n });
    await audit(asOf);
  });

  it('is said once, and proved, where a process dies at it', async () => {
    clock = new Date(clock.getTime() + 86_400_000);
    const killed = () => Promise.reject(new Error('killed'));
    await expect(closeDays({ ...parts, commit: killed })).rejects.toThrow('killed');
    const said = (await ledger.events('liability-committed')).length;
    const commit: ClosingParts['commit'] = (committed) => parts.commit(committed).then(killed);
    await expect(closeDays({ ...parts, commit })).rejects.toThrow('killed');
    const day = (await findCommitment(ledger.store))?.as_of ?? '';
    expect(await keptTotals(ledger.pool, day)).toBeUndefined();
    await closeDays(parts);
    expect(await keepTrees(parts)).toBe('closed');
    expect(await ledger.events('liability-committed')).toHaveLength(said + 1);
    await advance();
    expect(await proved(1, day)).toMatchObject({ asOf: day, balance: quotaAt(1) + 500n });
  });

  it('of days in which nobody looked is said afterwards, each by itself', async () => {
    clock = new Date(clock.getTime() + 3 * 86_400_000);
    // What one of them adds to the log is to be in the tree and in the journal before the next.
    const endDays = createDayEnds(parts, alerts);
    for (let look = 0; look < 5; look += 1) {
      await endDays();
      await advance();
    }
    expect(raised).toEqual([]);
    const days = [];
    for await (const { as_of: day } of commitments(ledger.store)) if (day.length === 10) days.push(day);
    expect(days).toHaveLength(5);
    expect(new Set(days).size).toBe(5);
    const [newest, before] = await Promise.all(days.slice(0, 2).map((day) => keptTotals(ledger.pool, day)));
    expect(newest?.owed.accounts).toBe(before?.owed.accounts);
    // Other salts each day: nobody can follow an account from one to the next.
    expect(newest?.owed.root).not.toEqual(before?.owed.root);
  });

  it('is no other once a person is erased', async () => {
    await advance();
    const before = await receipts.ofBalance({ externalUserId: 'user-1' });
    await ledger.commands.eraseAccount(
      { externalUserId: 'user-1', reason: 'asked for' },
      { actor: 'operator:ann', requestId: 'r' },
    );
    await ledger.given();
    expect(await receipts.ofBalance({ externalUserId: 'user-1' })).toBe(before);
    await audit();
  });

  it('says so where the journal is not what was signed', async () => {
    await ledger.pool.query(
      'UPDATE p_journal.entries SET counter_amount = counter_amount - 1, user_amount = user_amount + 1 WHERE account_id = $1',
      [accountIdAt(3)],
    );
    await expect(audit()).rejects.toThrow("the journal's sum");
    await ledger.pool.query('TRUNCATE liability_trees, liability_leaves, liability_tiles');
    await expect(keepTrees(parts)).rejects.toThrow('do not agree');
    expect(await keptTrees(ledger.pool)).toEqual([]);
    await createDayEnds(parts, alerts)();
    expect(raised).toEqual(['liability']);
  });
});

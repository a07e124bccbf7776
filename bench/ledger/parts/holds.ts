import { randomUUID } from 'node:crypto';
import type { BudgetKey, CachedBalance } from '../../../src/balance/cached-balance.js';
import { repeatedly, type Subject, type Turn } from '../contest.js';
import { names } from '../report.js';

const CONTEXT = JSON.stringify({ kind: 'call', filler: 'x'.repeat(600) });
const BALANCE = 9_000_000_000_000n;
const HOLD = 10n;
const ACCOUNTS = 10_000;

/**
 * Holds, each with the two guards and the context of a real call. What is held is dropped again every 10 ms, as the projector does;
 * the processor time is of both.
 */
export async function holdSubjects(
  adapter: string,
  cache: CachedBalance,
  seconds: number,
): Promise<readonly Subject[]> {
  await assertExact(cache);
  const subjects: Subject[] = [];
  for (const count of [1, ACCOUNTS]) {
    const accounts = Array.from({ length: count }, (): BudgetKey => `account:${randomUUID()}`);
    await load(cache, accounts, BALANCE);
    for (const callers of [1, 16, 64, 256]) {
      const name = `holds ${adapter}, ${count} account${count > 1 ? 's' : ''}, ${callers} at once`;
      subjects.push({ name, turn: () => holdFor(cache, accounts, callers, seconds) });
    }
  }
  if (adapter === 'through Redis' && !subjects.some(({ name }) => name === names.hotHolds))
    throw new Error('the holds that the target is of are not among those measured');
  return subjects;
}

async function holdFor(
  cache: CachedBalance,
  accounts: readonly BudgetKey[],
  callers: number,
  seconds: number,
): Promise<Turn> {
  const open: string[] = [];
  let next = 0;
  const dropping = setInterval(() => void cache.release(open.splice(0, 5_000)), 10);
  const turn = await repeatedly(callers, seconds, async () => {
    const request = requestOf(accounts[(next += 1) % accounts.length] as BudgetKey);
    const { outcome } = await cache.hold(request);
    if (outcome !== 'held') throw new Error(`a hold was ${outcome}`);
    open.push(request.holdId);
  }).finally(() => clearInterval(dropping));
  while (open.length > 0) await cache.release(open.splice(0, 5_000));
  for (const account of accounts.slice(0, 100)) {
    const view = await cache.view(account);
    if (view?.held !== 0n || view.balance !== BALANCE) throw new Error(`${account} has not what it had`);
  }
  return turn;
}

/** Of 600 holds at once on an account that carries 250 exactly 250 are granted. */
async function assertExact(cache: CachedBalance): Promise<void> {
  const account: BudgetKey = `account:${randomUUID()}`;
  await load(cache, [account], 250n * HOLD);
  const outcomes = await Promise.all(Array.from({ length: 600 }, () => cache.hold(requestOf(account))));
  const held = outcomes.filter(({ outcome }) => outcome === 'held').length;
  if (held !== 250) throw new Error(`${held} holds were granted of a balance for 250`);
}

async function load(cache: CachedBalance, accounts: readonly BudgetKey[], balance: bigint): Promise<void> {
  const snapshots = accounts
    .flatMap((account): BudgetKey[] => [account, `token:${account}`])
    .map((budget) => ({ budget, balance, position: 1n, revision: 1n }));
  for (let from = 0; from < snapshots.length; from += 1_000)
    await cache.load(snapshots.slice(from, from + 1_000));
}

function requestOf(account: BudgetKey) {
  const guards = [account, `token:${account}` as const].map((key) => ({ key, revision: 1n }));
  return { holdId: randomUUID(), budgets: [account], amount: HOLD, atLeast: HOLD, guards, context: CONTEXT };
}

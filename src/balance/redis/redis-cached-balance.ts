import {
  type BudgetKey,
  type BudgetSnapshot,
  type BudgetView,
  type CachedBalance,
  CacheUnavailable,
  type FarthestSeen,
  type Guard,
  HoldAlreadyResolved,
  type HoldOutcome,
  type HoldRequest,
  type OpenHold,
} from '../cached-balance.js';
import type { LeasedBalance, LeaseEnd } from '../hold-leasing.js';
import * as limits from '../limits.js';
import { integer, readHold, readRefusal, readView, text, writeHold } from './codec.js';
import type { Reply } from './connection.js';
import { HoldBatches, replyOf } from './hold-batches.js';
import { RedisSession, type SessionOptions } from './session.js';

export interface RedisCachedBalanceOptions extends Pick<SessionOptions, 'url' | 'isLedgerEmpty'> {
  /** Default `counterfoil`. Two ledgers on one server need two. */
  readonly keyPrefix?: string;
  /** How long a hold lives without a heartbeat. Default 15,000. */
  readonly leaseMs?: number;
  /** How long after a loss nothing is granted, so that owners can register again; several heartbeats. Default 3,000. */
  readonly graceMs?: number;
  /** How long any call may take. Default 1,000. */
  readonly commandTimeoutMs?: number;
  /** Problems of the connection, for the log; it repairs itself. */
  readonly onProblem?: (error: Error) => void;
}

/**
 * The cached balance in Redis, shared by all processes. Waits until the server has answered, but no longer than two command
 * timeouts: when it is away, calls reject with CacheUnavailable until it is back.
 */
export async function openRedisCachedBalance(options: RedisCachedBalanceOptions): Promise<LeasedBalance> {
  const { commandTimeoutMs = 1_000, leaseMs = 15_000 } = options;
  const session = new RedisSession({
    url: options.url,
    isLedgerEmpty: options.isLedgerEmpty,
    keyPrefix: options.keyPrefix ?? 'counterfoil',
    graceMs: options.graceMs ?? 3_000,
    commandTimeoutMs,
    onProblem: options.onProblem ?? (() => undefined),
  });
  await session.waitUntilJoined(2 * commandTimeoutMs);
  return new RedisCachedBalance(session, String(leaseMs));
}

class RedisCachedBalance implements LeasedBalance {
  private readonly holds: HoldBatches;

  constructor(
    private readonly session: RedisSession,
    private readonly leaseMs: string,
  ) {
    this.holds = new HoldBatches((texts) => session.run('hold', texts));
  }

  async hold(request: HoldRequest): Promise<HoldOutcome> {
    limits.assertHoldRequest(request);
    return readOutcome(request, await this.holds.place(writeRequest(request, this.leaseMs)));
  }

  async takeLease(request: HoldRequest): Promise<HoldOutcome> {
    limits.assertLeaseRequest(request);
    const [, reply] = await this.session.run('takeLease', writeRequest(request, this.leaseMs));
    return readOutcome(request, replyOf(reply));
  }

  async closeLease(end: LeaseEnd): ReturnType<LeasedBalance['closeLease']> {
    limits.assertLeaseEnd(end);
    const { leaseId, settled, calls } = end;
    const settlement = settled ? [settled.charge.toString(), settled.position.toString()] : ['', ''];
    const args = [this.leaseMs, leaseId, ...settlement, ...calls.flatMap(writeHold)];
    // What was lost with the cache is registered again, and not closed.
    const [word] = await this.session.run('closeLease', args, 'drop');
    return word === 'closed' || word === 'unknown' ? word : 'lost';
  }

  async isLeased(guards: readonly Guard[]): Promise<boolean> {
    limits.assertGuards(guards);
    const [, answer] = await this.session.run('isLeased', writeGuards(guards));
    return text(answer) === '1';
  }

  async spare(budget: BudgetKey): Promise<boolean> {
    limits.assertBudgetKey(budget);
    const [, answer] = await this.session.run('spare', [budget]);
    return text(answer) === '1';
  }

  async load(snapshots: readonly BudgetSnapshot[]): Promise<void> {
    limits.assertSnapshots(snapshots);
    const args = snapshots.flatMap((snapshot) => [...writeBalance(snapshot), snapshot.revision.toString()]);
    // What was read before a loss must not be loaded after it.
    await this.session.run('load', args, 'drop');
  }

  async settle(settlements: Parameters<CachedBalance['settle']>[0]): Promise<void> {
    limits.assertSettlements(settlements);
    const args = settlements.flatMap(({ holdId, charge, position }) => [holdId, `${charge}`, `${position}`]);
    await this.session.run('settle', args);
  }

  async release(holdIds: readonly string[]): Promise<void> {
    limits.assertHoldIds(holdIds);
    await this.session.run('release', holdIds);
  }

  async renew(heartbeats: Parameters<CachedBalance['renew']>[0]): Promise<readonly string[]> {
    limits.assertHeartbeats(heartbeats);
    const args = heartbeats.flatMap(({ holdId, deliveredTokens }) => [holdId, String(deliveredTokens)]);
    const [, ...unknown] = await this.session.run('renew', [this.leaseMs, ...args]);
    return unknown.map(text);
  }

  async register(holds: readonly OpenHold[]): Promise<void> {
    limits.assertOpenHolds(holds);
    await this.session.run('register', [this.leaseMs, ...holds.flatMap(writeHold)]);
  }

  async apply(batch: Parameters<CachedBalance['apply']>[0]): Promise<void> {
    limits.assertApply(batch);
    const { position, last, balances, resolvedHolds } = batch;
    const args = [
      position.toString(),
      last ?? '',
      String(balances.length),
      ...balances.flatMap(writeBalance),
    ];
    await this.session.run('apply', args.concat(resolvedHolds));
  }

  async appliedPosition(): Promise<bigint | undefined> {
    const [, position] = await this.session.run('applied', []);
    return position === undefined ? undefined : integer(position);
  }

  async lastApplied(): Promise<string | undefined> {
    const [, , last] = await this.session.run('applied', []);
    return last === undefined ? undefined : text(last);
  }

  async noteSeen(seen: FarthestSeen): Promise<void> {
    limits.assertSeen(seen);
    await this.session.run('noteSeen', [seen.position.toString(), seen.last ?? '']);
  }

  async farthestSeen(): Promise<FarthestSeen | undefined> {
    const [, position, last] = await this.session.run('farthestSeen', []);
    if (position === undefined) return undefined;
    return { position: integer(position), last: last === undefined ? undefined : text(last) };
  }

  async raiseGuards(guards: readonly Guard[]): Promise<void> {
    limits.assertGuards(guards);
    await this.session.run('raiseGuards', writeGuards(guards));
  }

  async checkGuards(guards: readonly Guard[]): ReturnType<CachedBalance['checkGuards']> {
    limits.assertGuards(guards);
    return readRefusal(await this.session.run('checkGuards', writeGuards(guards)));
  }

  async expired(limit: number): Promise<readonly OpenHold[]> {
    const [, ...rows] = await this.session.run('expired', [this.leaseMs, String(limit)]);
    return rows.map(readHold);
  }

  async view(budget: BudgetKey): Promise<BudgetView | undefined> {
    const [, row, ...holds] = await this.session.run('view', [budget]);
    return row === undefined ? undefined : readView(budget, row, holds);
  }

  onLost(registerAgain: () => void): () => void {
    return this.session.onLost(registerAgain);
  }

  async checkHealth(): Promise<void> {
    await this.session.run('applied', []);
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

function writeRequest(
  { holdId, budgets, amount, atLeast, guards, context }: HoldRequest,
  leaseMs: string,
): string[] {
  const head = [holdId, amount.toString(), atLeast.toString(), leaseMs, context, String(budgets.length)];
  head.push(...budgets, ...writeGuards(guards));
  return head;
}

function readOutcome({ holdId, atLeast }: HoldRequest, reply: Reply): HoldOutcome {
  if (reply[0] === 'held') return { outcome: 'held', granted: integer(reply[1]) };
  if (reply[0] === 'resolved') throw new HoldAlreadyResolved(`the hold ${holdId} is over`);
  if (reply[0] === 'insufficient') {
    const budget = text(reply[1]) as BudgetKey;
    return { outcome: 'insufficient', budget, needed: atLeast, available: integer(reply[2]) };
  }
  const refusal = readRefusal(reply);
  if (!refusal) throw new CacheUnavailable(`the cached balance answered ${reply[0]} to a hold`);
  return refusal;
}

function writeGuards(guards: readonly Guard[]): string[] {
  return guards.flatMap(({ key, revision }) => [key, revision.toString()]);
}

function writeBalance({ budget, balance, position }: Omit<BudgetSnapshot, 'revision'>): string[] {
  return [budget, balance.toString(), position.toString()];
}

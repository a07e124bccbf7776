import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import type { BudgetKey } from '../../src/balance/cached-balance.js';
import type { LeasedBalance } from '../../src/balance/hold-leasing.js';
import { createBudgetLoader, holdOrLoad } from '../../src/projections/balance/load.js';
import { openRedisCachedBalance } from '../../src/balance/redis/redis-cached-balance.js';
import { OpenHolds } from '../../src/relay/holds/open-holds.js';
import { newAccount, requestOf } from './cached-balance-contract/subject.js';
import { eventually } from './eventually.js';
import { startRedis, type TestRedis } from './redis.js';

/** As in the product longer than the longest pause between two tries to connect, a second: who lives comes within it, however long Redis was away. */
const GRACE_MS = 1_500;

/** A process of the relay as far as holds go: its connection, its open holds, and the tables it loads from. */
export interface HoldingProcess {
  readonly cache: LeasedBalance;
  readonly holds: OpenHolds;
  losses(): number;
  /** Places a hold as the relay does, and keeps it open. */
  call(amount: bigint): Promise<{ readonly outcome: string; readonly holdId: string }>;
  /** The answer of the first call that is not told to wait. */
  callAfterRecovery(amount: bigint): Promise<string>;
}

/** A Redis that a test may ill-treat, and processes that share one account in it. */
export class RedisUnderStress {
  keyPrefix = '';
  account: BudgetKey = newAccount();
  /** What PostgreSQL would say of the account. */
  tables = { balance: 100n, position: 10n };
  private closing: (() => Promise<void>)[] = [];

  private constructor(
    readonly server: TestRedis,
    readonly admin: Redis,
    private readonly commandTimeoutMs: number,
  ) {}

  /** @param commandTimeoutMs short only where a Redis that stands still is what is looked at: a busy machine stands still as well */
  static async start(commandTimeoutMs = 10_000): Promise<RedisUnderStress> {
    const server = await startRedis();
    const admin = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    admin.on('error', () => undefined);
    return new RedisUnderStress(server, admin, commandTimeoutMs);
  }

  async reset(): Promise<void> {
    await this.admin.flushall();
    this.keyPrefix = `test-${randomUUID()}`;
    this.account = newAccount();
    this.tables = { balance: 100n, position: 10n };
  }

  async process(isLedgerEmpty = true): Promise<HoldingProcess> {
    const cache = await openRedisCachedBalance({
      url: this.server.url,
      keyPrefix: this.keyPrefix,
      graceMs: GRACE_MS,
      commandTimeoutMs: this.commandTimeoutMs,
      leaseMs: 5_000,
      isLedgerEmpty: () => Promise.resolve(isLedgerEmpty),
    });
    let losses = 0;
    cache.onLost(() => (losses += 1));
    const quiet = () => undefined;
    const holds = new OpenHolds({ cache, heartbeatMs: 50, onOverrun: quiet, onProblem: quiet });
    this.closing.push(
      () => cache.close(),
      () => holds.close(),
    );
    const loader = createBudgetLoader({
      cache,
      read: (budgets) => Promise.resolve(budgets.map((budget) => ({ budget, ...this.tables, revision: 0n }))),
    });
    const call: HoldingProcess['call'] = async (amount) => {
      const request = requestOf([this.account], amount);
      const outcome = await holdOrLoad(cache, loader, request);
      if (outcome.outcome === 'held') holds.add({ ...request, granted: outcome.granted }, () => 0);
      return { outcome: outcome.outcome, holdId: request.holdId };
    };
    const callAfterRecovery: HoldingProcess['callAfterRecovery'] = (amount) =>
      eventually(async () => {
        const { outcome } = await call(amount);
        if (outcome === 'recovering') throw new Error('still recovering');
        return outcome;
      });
    return { cache, holds, losses: () => losses, call, callAfterRecovery };
  }

  async closeProcesses(): Promise<void> {
    for (const close of this.closing.splice(0).reverse()) await close();
  }

  async stop(): Promise<void> {
    this.admin.disconnect();
    await this.server.stop();
  }
}

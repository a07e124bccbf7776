import type pg from 'pg';
import type { EventStore } from '../../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../../src/eventstore/eventstoredb/event-store-db.js';
import { eventually } from '../../../test/support/eventually.js';

const PATIENCE = { timeoutMs: 3_600_000, intervalMs: 500 };
const DEADLINE_MS = 30_000;

/** What a service under load has written down, whichever log it has: where that ends, and the charges in it. */
export class ServiceBooks {
  private readonly store: EventStore | undefined;

  /** @param eventStoreUrl of the log, where that is not in the database */
  constructor(
    private readonly pool: pg.Pool,
    eventStoreUrl: string | undefined,
  ) {
    this.store =
      eventStoreUrl === undefined
        ? undefined
        : createEventStoreDb({ connectionString: eventStoreUrl, deadlineMs: DEADLINE_MS });
  }

  /** Every read model is where the log ends. */
  async allProjected(): Promise<void> {
    const done = async () => (await this.one(BEHIND, [await this.head()])) === 0;
    await eventually(done, PATIENCE);
  }

  /** Counts the charges from here on, once the read models have them all. Where the log is in the database they are counted there as well. */
  async chargeCounter(): Promise<() => Promise<number>> {
    const head = await this.head();
    const before = await this.one(IN_READ_MODELS);
    const charges = async () => (await this.one(IN_READ_MODELS)) - before;
    if (this.store)
      return async () => {
        await this.allProjected();
        return charges();
      };
    return async () => {
      let found = -1;
      const agrees = async () => {
        found = await this.one(IN_LOG, [head]);
        return (await charges()) === found;
      };
      await eventually(agrees, { timeoutMs: 120_000, intervalMs: 200 });
      await this.allProjected();
      return found;
    };
  }

  async close(): Promise<void> {
    await this.store?.close();
  }

  private async head(): Promise<bigint> {
    return this.store ? this.store.head() : BigInt(await this.one('SELECT position AS n FROM log_head'));
  }

  private async one(sql: string, values: unknown[] = []): Promise<number> {
    return Number((await this.pool.query<{ n: string }>(sql, values)).rows[0]?.n);
  }
}

const BEHIND = `SELECT count(*) AS n FROM projection_checkpoints WHERE slot = 'live' AND position < $1`;
const IN_READ_MODELS = 'SELECT coalesce(sum(total_requests), 0) AS n FROM p_balance.balances';
const IN_LOG = `SELECT count(*) AS n FROM events WHERE position > $1 AND type LIKE 'consumption-recorded.%'`;

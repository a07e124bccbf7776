import { nothingSealed } from '../support/nothing-sealed.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { createReadModels } from '../../src/projections/create-read-models.js';
import { ledgerProjections } from '../../src/projections/all-projections.js';
import { type Projector, type ProjectorOptions, startProjector } from '../../src/projections/projector.js';
import type { ReadModels } from '../../src/projections/read-models.js';
import { PositionWaiter } from '../../src/projections/runtime/waiter.js';
import type { DomainEvent } from '../../src/domain/events/catalogue.js';
import { eventually, PATIENCE_MS } from '../support/eventually.js';
import { append } from '../support/events.js';
import { FakeCachedBalance } from '../support/fake-cached-balance.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

export const PERSONAL = {
  display_name: 'Alice',
  email: 'alice@example.com',
  phone: '',
  wechat_openid: '',
  wechat_unionid: '',
  alipay_userid: '',
  external_data: '',
};

/** A log in memory, a database, a cache that takes notes, and the read side on them. */
export interface Ledger {
  readonly store: EventStore;
  readonly database: TestDatabase;
  readonly cache: FakeCachedBalance;
  readonly reads: ReadModels;
  readonly waiter: PositionWaiter;
  start(options?: Partial<ProjectorOptions>): Promise<Projector>;
  /** Appends, and waits until ledger and statistics have them. */
  given(...events: readonly DomainEvent[]): Promise<bigint>;
  rows(sql: string): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** @param hasReadModels whether their tables are there before the first projector */
export async function createLedger(
  now: () => Date = () => new Date(),
  hasReadModels = true,
): Promise<Ledger> {
  const store = createMemoryEventStore({ now });
  const database = await createTestDatabase({ readModels: hasReadModels });
  const cache = new FakeCachedBalance();
  const waiter = new PositionWaiter({
    db: database.pool,
    projections: ledgerProjections.map(({ name }) => name),
  });
  const reads = createReadModels({
    pool: database.pool,
    openPersonal: () => Promise.resolve(PERSONAL),
    openTexts: nothingSealed,
    settledAt: () => Promise.resolve(undefined),
    waiter,
    head: () => store.head(),
  });
  const projectors = new Set<Projector>();
  const rows = async (sql: string) => (await database.pool.query<Record<string, unknown>>(sql)).rows;
  return {
    store,
    database,
    cache,
    reads,
    waiter,
    rows,
    start: async (options = {}) => {
      const projector = await startProjector({
        store,
        pool: database.pool,
        cachedBalance: cache,
        waiter,
        timeZone: 'UTC',
        pollIntervalMs: 20,
        ...options,
      });
      projectors.add(projector);
      return projector;
    },
    given: async (...events) => {
      const position = await append(store, ...events);
      await eventually(async () => {
        const behind = await rows(
          `SELECT 1 FROM projection_checkpoints WHERE slot = 'live' AND position < ${position}`,
        );
        return behind.length === 0;
      });
      if (!(await waiter.waitFor(position, PATIENCE_MS))) throw new Error('the projector did not get there');
      return position;
    },
    close: async () => {
      for (const projector of projectors) await projector.stop();
      await store.close();
      await database.drop();
    },
  };
}

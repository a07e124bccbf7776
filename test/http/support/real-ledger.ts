import { randomBytes, randomUUID } from 'node:crypto';
import { typeOfStored } from '../../../src/domain/events/versions.js';
import type { Commands } from '../../../src/commands/commands.js';
import { createCommands } from '../../../src/commands/create-commands.js';
import type { CommandDependencies } from '../../../src/commands/handling/ports.js';
import type { DomainEvent } from '../../../src/domain/events/catalogue.js';
import { BEFORE_FIRST, type EventStore } from '../../../src/eventstore/event-store.js';
import { createPostgresEventStore } from '../../../src/eventstore/postgres/postgres-event-store.js';
import { createCodeGuesses } from '../../../src/stores/code-guesses.js';
import { createAdjustmentRequests } from '../../../src/stores/adjustment-requests.js';
import { createOrderSlots } from '../../../src/stores/order-slots.js';
import { createIssuedSecrets } from '../../../src/stores/issued-secrets.js';
import { numbersGiven } from '../../../src/projections/numbers-given.js';
import { createNumericIds } from '../../../src/stores/numeric-ids.js';
import { createPersonKeyVault } from '../../../src/stores/person-keys.js';
import { createServiceKeys, type ServiceKeyStore } from '../../../src/stores/service-keys.js';
import { ledgerProjections } from '../../../src/projections/all-projections.js';
import { type Audit, createAudit } from '../../../src/books/audit/audit.js';
import { lastSettled } from '../../../src/balance/cached-balance.js';
import { InProcessCachedBalance } from '../../../src/balance/in-process/in-process-cached-balance.js';
import { readBudgets } from '../../../src/projections/balance/query.js';
import { opened } from '../../../src/support/opened.js';
import type { PersonalDataVault } from '../../../src/support/personal-data-vault.js';
import { knownCode } from '../../../src/projections/code/query.js';
import { leftOfGrant } from '../../../src/projections/grant/query.js';
import { countAccountOrders } from '../../../src/projections/order/query.js';
import { ordersPaidBy } from '../../../src/projections/order/of-payment.js';
import { tokensOfAccount } from '../../../src/projections/token/of-account.js';
import { createReadModels } from '../../../src/projections/create-read-models.js';
import { startProjector } from '../../../src/projections/projector.js';
import type { ReadModels } from '../../../src/projections/read-models.js';
import { PositionWaiter } from '../../../src/projections/runtime/waiter.js';
import { createKeyring, type Keyring } from '../../../src/support/keyring.js';
import { append } from '../../support/events.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { PATIENCE_MS } from '../../support/eventually.js';

/** The whole ledger without its shell and relay: PostgreSQL log and read models, in-process cache, real commands. */
export interface RealLedger {
  readonly commands: Commands;
  readonly dependencies: CommandDependencies;
  readonly readModels: ReadModels;
  readonly audit: Audit;
  readonly serviceKeys: ServiceKeyStore;
  readonly cachedBalance: InProcessCachedBalance;
  readonly keyring: Keyring;
  readonly vault: PersonalDataVault;
  readonly store: EventStore;
  readonly pool: TestDatabase['pool'];
  readonly url: string;
  /** Events another part of the product writes (charges of calls), projected. */
  given(...events: readonly DomainEvent[]): Promise<void>;
  /** Everything that is in the log is in the read models. */
  caughtUp(): Promise<void>;
  events(type: string): Promise<readonly Record<string, unknown>[]>;
  head(): Promise<bigint>;
  close(): Promise<void>;
}

/** What one operator gives or takes alone: $100. */
const ALONE = 50_000_000n;

export async function createRealLedger(timezone = 'UTC'): Promise<RealLedger> {
  const database = await createTestDatabase({ readModels: timezone === 'UTC', max: 12 });
  const { url, pool } = database;
  const store = createPostgresEventStore({ connectionString: url });
  const cache = new InProcessCachedBalance({});
  const keyring = createKeyring(Buffer.alloc(32, 7));
  const vault = createPersonKeyVault(pool, keyring);
  const waiter = new PositionWaiter({ db: pool, projections: ledgerProjections.map(({ name }) => name) });
  const projector = await startProjector({ store, pool, cachedBalance: cache, waiter, timeZone: timezone });
  const balanceOf = async (accountId: string) =>
    (await readBudgets(pool, [`account:${accountId}`]))[0]?.balance ?? 0n;
  const dependencies: CommandDependencies = {
    store,
    vault,
    keyring,
    ids: createNumericIds(pool, (connection) => numbersGiven(connection, store)),
    secrets: createIssuedSecrets(pool, keyring),
    guards: cache,
    reservations: reservationsWithoutCalls(balanceOf, waiter),
    adjustmentRequests: createAdjustmentRequests(pool),
    adjustAlone: ALONE,
    sellsPlans: true,
    hasTeams: true,
    booksCash: true,
    timezone: 'Asia/Shanghai',
    givesGrants: true,
    makesCodes: true,
    bindsReferrals: true,
    codeOf: (codeHash) => knownCode(pool, store, codeHash),
    codeGuesses: createCodeGuesses(pool),
    leftOfGrant: (grantId) => leftOfGrant(pool, grantId),
    balanceOf,
    tokensOf: (accountId) => tokensOfAccount(pool, store, accountId),
    ordersPaidBy: (providerPayment) => ordersPaidBy(pool, store, providerPayment),
    orderSlots: createOrderSlots(pool, countAccountOrders),
    now: () => new Date(),
    newId: randomUUID,
    randomBytes,
    timings: { deadlineMs: 10_000, unavailableAttempts: 3, baseDelayMs: 5, maxDelayMs: 250 },
    claimGraceMs: 60_000,
  };
  const commands = createCommands(dependencies);
  const readModels = createReadModels({
    pool,
    openPersonal: (sealed) => vault.open(sealed),
    openTexts: vault.openTexts,
    waiter,
    head: () => store.head(),
    settledAt: async (accountId) => lastSettled(await cache.view(`account:${accountId}`)),
  });
  const projectedTo = async (position: bigint) => {
    if (!(await waiter.waitFor(position, PATIENCE_MS))) throw new Error('the projector did not get there');
  };
  return {
    commands,
    dependencies,
    readModels,
    audit: createAudit({
      pool,
      store,
      openTexts: vault.openTexts,
      cachedBalance: cache,
      timeZone: timezone,
      now: () => new Date(),
    }),
    serviceKeys: createServiceKeys(pool, keyring),
    cachedBalance: cache,
    keyring,
    vault,
    store,
    pool,
    url,
    given: async (...events) => projectedTo(await append(store, ...events)),
    caughtUp: async () => projectedTo(await store.head()),
    events: async (type) =>
      opened(
        vault.openTexts,
        (await store.readAll({ after: BEFORE_FIRST, limit: 10_000 })).events
          .filter((event) => typeOfStored(event.type) === type)
          .map(({ data }) => data),
      ),
    head: () => store.head(),
    close: async () => {
      await projector.stop();
      await cache.close();
      await store.close();
      await database.drop();
    },
  };
}

/** Nobody calls models here, so the projected balance is all there is to hold against. */
function reservationsWithoutCalls(
  balanceOf: (accountId: string) => Promise<bigint>,
  waiter: PositionWaiter,
): CommandDependencies['reservations'] {
  return {
    reserve: async ({ accountId, quota, creditedAt }) => {
      if (creditedAt !== undefined) await waiter.waitFor(creditedAt, PATIENCE_MS);
      const available = await balanceOf(accountId);
      return available >= quota ? { ok: true } : { ok: false, needed: quota, available };
    },
    settle: async () => undefined,
    release: async () => undefined,
    abandon: () => undefined,
  };
}

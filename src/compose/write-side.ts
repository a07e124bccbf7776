import { randomBytes, randomUUID } from 'node:crypto';
import type { BudgetKey, Guard } from '../balance/cached-balance.js';
import type { CommandDependencies } from '../commands/handling/ports.js';
import { createCommands } from '../commands/create-commands.js';
import type { Commands } from '../commands/commands.js';
import { DEFAULT_TIMINGS } from '../commands/handling/timings.js';
import { decimal } from '../domain/money/decimal.js';
import { quotaOfUsd } from '../domain/money/quota.js';
import { raiseUntilEffective } from '../balance/raise-guards.js';
import { createCodeGuesses } from '../stores/code-guesses.js';
import { createAdjustmentRequests } from '../stores/adjustment-requests.js';
import { createOrderSlots } from '../stores/order-slots.js';
import { createIssuedSecrets } from '../stores/issued-secrets.js';
import { createNumericIds } from '../stores/numeric-ids.js';
import { CaughtUpTables } from '../projections/balance/caught-up-tables.js';
import { type BudgetLoader, createBudgetLoader } from '../projections/balance/load.js';
import { readBudgets } from '../projections/balance/query.js';
import { knownCode } from '../projections/code/query.js';
import { leftOfGrant } from '../projections/grant/query.js';
import { countAccountOrders } from '../projections/order/query.js';
import { ordersPaidBy } from '../projections/order/of-payment.js';
import { tokensOfAccount } from '../projections/token/of-account.js';
import { numbersGiven } from '../projections/numbers-given.js';
import type { HoldLeases } from '../relay/holds/hold-leases.js';
import { OpenHolds } from '../relay/holds/open-holds.js';
import { repeat } from '../support/repeat.js';
import type { Foundation, Ledger } from './ledger.js';
import { openHoldLeases } from './hold-leases.js';
import { createReservations } from './reservations.js';

const CLAIM_GRACE_MS = 60_000;
const PURGE_EVERY_MS = 3_600_000;

/** The holds of this process and the way balances get into the cache. Needed wherever something is held: commands and relay. */
export interface Holding {
  readonly loader: BudgetLoader;
  readonly holds: OpenHolds;
}

export function openHolding({ cache, database, store, waiter, log, shutdown }: Ledger): Holding {
  const tables = new CaughtUpTables({
    cache,
    store,
    waitFor: (position, timeoutMs) => waiter.waitFor(position, timeoutMs),
  });
  shutdown.add('look at the tables', () => tables.close());
  const loader = createBudgetLoader({
    cache,
    read: async (budgets) => {
      await tables.wait();
      return readBudgets(database.pool, budgets);
    },
  });
  const holds = new OpenHolds({
    cache,
    onOverrun: (holdId) =>
      log.warn({ hold: holdId }, 'a hold was resolved by a sweeper while its call still runs'),
    onProblem: (error) => log.warn({ err: error }, 'a heartbeat of the open holds failed; it is tried again'),
  });
  shutdown.add('open holds', () => holds.close());
  return { loader, holds };
}

/** What whoever changes balances works with. */
export interface WriteSide extends Holding {
  readonly commands: Commands;
  /** Where HOLD_LEASES is on. */
  readonly leases: HoldLeases | undefined;
  /** What they work with, for commands that keep more than the log. */
  readonly dependencies: CommandDependencies;
}

/**
 * Commands that hold in the same cached balance as calls do. They know of leases whether or not this process takes any: other processes may, and a key
 * that is revoked is so for all of them.
 */
export function openWriteSide(ledger: Ledger): WriteSide {
  const { cache, waiter } = ledger;
  const holding = openHolding(ledger);
  const leases = openHoldLeases({ ...ledger, ...holding });
  const closeLeasesOf = (budget: BudgetKey) => leases?.closeOf(budget);
  const reservations = createReservations({ cache, waiter, closeLeasesOf, ...holding });
  const raising = { cache, withdraw: (guards: readonly Guard[]) => leases?.withdraw(guards) };
  const guards = { raiseGuards: (raised: readonly Guard[]) => raiseUntilEffective(raising, raised) };
  const dependencies = commandDependencies(ledger, { guards, reservations });
  return { ...holding, leases, dependencies, commands: createCommands(dependencies) };
}

/** The commands on the real servers, on the cached balance of the caller. */
export const openCommands = (
  foundation: Foundation,
  balance: Pick<CommandDependencies, 'guards' | 'reservations'>,
): Commands => createCommands(commandDependencies(foundation, balance));

function commandDependencies(
  { config, database, keyring, store, vault, log, shutdown }: Foundation,
  { guards, reservations }: Pick<CommandDependencies, 'guards' | 'reservations'>,
): CommandDependencies {
  const secrets = createIssuedSecrets(database.pool, keyring);
  const stopPurging = repeat(PURGE_EVERY_MS, async () => {
    await secrets
      .purge()
      .catch((error: unknown) => log.warn({ err: error }, 'expired secrets could not be purged'));
    return PURGE_EVERY_MS;
  });
  shutdown.add('purge of expired secrets', stopPurging);
  return {
    store,
    vault,
    keyring,
    secrets,
    ids: createNumericIds(database.pool, (connection) => numbersGiven(connection, store)),
    guards,
    reservations,
    adjustmentRequests: createAdjustmentRequests(database.pool),
    adjustAlone: config.adjustAloneUsd === undefined ? undefined : quotaOfUsd(decimal(config.adjustAloneUsd)),
    givesGrants: config.givesGrants,
    makesCodes: config.makesCodes,
    bindsReferrals: config.bindsReferrals,
    codeOf: (codeHash) => knownCode(database.pool, store, codeHash),
    codeGuesses: createCodeGuesses(database.pool),
    sellsPlans: config.sellsPlans,
    hasTeams: config.hasTeams,
    booksCash: config.booksCash,
    timezone: config.timezone,
    leftOfGrant: (grantId) => leftOfGrant(database.pool, grantId),
    balanceOf: async (accountId) => {
      const [snapshot] = await readBudgets(database.pool, [`account:${accountId}`]);
      return snapshot?.balance ?? 0n;
    },
    tokensOf: (accountId) => tokensOfAccount(database.pool, store, accountId),
    ordersPaidBy: (providerPayment) => ordersPaidBy(database.pool, store, providerPayment),
    orderSlots: createOrderSlots(database.pool, countAccountOrders),
    now: () => new Date(),
    newId: randomUUID,
    randomBytes,
    timings: DEFAULT_TIMINGS,
    claimGraceMs: CLAIM_GRACE_MS,
  };
}

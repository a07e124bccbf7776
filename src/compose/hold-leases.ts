import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { CommandDependencies } from '../commands/handling/ports.js';
import { abandonLease } from '../commands/lease/abandon-lease.js';
import { encodeHoldContext } from '../domain/hold/hold-context.js';
import { HoldLeases } from '../relay/holds/hold-leases.js';
import type { OpenHolds } from '../relay/holds/open-holds.js';
import type { SweeperOptions } from '../relay/sweeper/sweeper.js';
import type { Ledger } from './ledger.js';
import type { Process } from './process.js';
import { isShutOut, shutOutOlder } from './older-versions.js';

/** The first version with it waits for leases (73), and reads what becomes of those whose holders died. */
const KNOWS_ABANDONED_LEASES = 74;

/** The leases of this process, where any are taken: to be stopped when the last charge is settled, and before the holds are let go. */
export function openHoldLeases({
  cache,
  config,
  holds,
  log,
  shutdown,
}: Pick<Ledger, 'cache' | 'config' | 'log' | 'shutdown'> & { readonly holds: OpenHolds }):
  | HoldLeases
  | undefined {
  if (!config.leasesHolds) return undefined;
  const holder = `${hostname().slice(0, 80)}:${process.pid}`;
  const leases = new HoldLeases({
    cache,
    holds,
    contextOf: ({ guards }) =>
      encodeHoldContext({
        kind: 'lease',
        holder,
        key: guards[0]?.key ?? '',
        taken_at: new Date().toISOString(),
      }),
    newId: randomUUID,
    onProblem: (error) => log.warn({ err: error }, 'a lease of holds has a problem; it is closed later'),
  });
  shutdown.add('leases of holds', () => leases.stop());
  return leases;
}

/**
 * Before the first lease: a version that does not wait for them would answer a revocation too soon.
 *
 * @throws when one is at work
 */
export async function allowHoldLeases(
  leases: HoldLeases,
  { database, metrics }: Pick<Process, 'database' | 'metrics'>,
): Promise<void> {
  await shutOutOlder(database, {
    migration: KNOWS_ABANDONED_LEASES,
    // Whoever changes keys and accounts, and whoever reads the log.
    roles: 'api|relay|projector|all',
    say: (older) =>
      `HOLD_LEASES=on: an older version works on this ledger (${older}), and would not wait for leases when it revokes a key, or could not read what becomes of them. Stop it first (docs/operators.md, "Leases of holds").`,
  });
  metrics.gauge(
    'hold_leases',
    'Leases of holds granted to this process since its start.',
    () => leases.granted,
  );
  metrics.gauge(
    'leased_calls',
    'Calls that were admitted out of a lease since the start of this process.',
    () => leases.admitted,
  );
}

/**
 * Has it recorded what a dead process left of a lease. Whoever sweeps may take no leases itself: it is said where somebody who does has seen to it
 * that no version is at work that could not read it.
 */
export function recorderOfLeases({
  database,
  dependencies,
}: Pick<Process, 'database'> & {
  readonly dependencies: CommandDependencies;
}): SweeperOptions['recordLease'] {
  return async (lease) => {
    if (!(await isShutOut(database.pool, KNOWS_ABANDONED_LEASES))) return undefined;
    const said = await abandonLease(dependencies, lease);
    if (!said.ok) throw new Error(`a lease that was given up cannot be recorded: ${said.refusal.code}`);
    return said.position;
  };
}

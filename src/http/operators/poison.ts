import type { CommandMeta } from '../../commands/handling/command.js';
import type { Skipped } from '../../domain/ledger/state.js';
import type { Obstacle } from '../../projections/runtime/obstacles.js';

/** What stands at a place of the log. */
export interface PoisonedPlace {
  readonly event: Obstacle['event'];
  /** Why the ledger cannot go past it; undefined: nothing is in the way. */
  readonly reason: string | undefined;
  readonly skipped: Skipped | undefined;
}

/** Events that the ledger can neither use nor go past, and the way past them. All methods read the log from where the tables are. */
export interface PoisonDesk {
  list(): Promise<{ readonly obstacles: readonly Obstacle[]; readonly skipped: readonly Skipped[] }>;
  /** Undefined where nothing stands, though nothing is missing. */
  at(position: bigint): Promise<PoisonedPlace | undefined>;
  /** For good. `known`: it was skipped before; `free`: nothing is in the way there. */
  skip(position: bigint, reason: string, meta: CommandMeta): Promise<'skipped' | 'known' | 'free'>;
}

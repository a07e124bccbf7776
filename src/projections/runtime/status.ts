import type { Poison } from './faults.js';

/** A group of projections that advance together, for /readyz, /metrics and people. */
export interface GroupStatus {
  readonly group: string;
  /** `preparing`: installing, checking the log or rebuilding. `stopped`: nothing more until the projector is started again. */
  readonly state: 'preparing' | 'running' | 'stopped';
  /** Everything up to here is in the tables. */
  readonly position: bigint;
  /** Places of the log still to come; 0 at its end. In EventStoreDB these are bytes of its log, elsewhere events. Undefined while the log cannot be read. */
  readonly lagPositions: bigint | undefined;
  /** Age of the oldest event known not to be in the tables, in seconds; 0 at the end of the log. Undefined while the log cannot be read. */
  readonly lagSeconds: number | undefined;
  /** Why it stopped, naming the event where one is to blame. */
  readonly stoppedBecause?: string;
  readonly poison?: Poison;
  /** The last fault that repetition may cure; undefined once a step succeeded. */
  readonly lastFault?: string;
}

/** Told of what happens; must not throw. Everything is optional. */
export interface ProjectionObserver {
  batchApplied?(batch: {
    readonly group: string;
    readonly events: number;
    readonly position: bigint;
    readonly durationMs: number;
  }): void;
  /** For an alarm: the group does nothing more. */
  stopped?(group: string, error: Error): void;
  quarantined?(group: string, poison: Poison): void;
  /** Tried again, with growing pauses. */
  faulted?(group: string, error: Error): void;
  rebuilding?(progress: RebuildProgress): void;
}

export interface RebuildProgress {
  readonly projection: string;
  readonly position: bigint;
  readonly head: bigint;
  readonly events: number;
  readonly elapsedMs: number;
}

import type pg from 'pg';
import { pauseMs } from '../../support/backoff.js';
import { repeat } from '../../support/repeat.js';
import { readCheckpointText } from '../checkpoint.js';
import {
  addCosignatures,
  newestCheckpoint,
  publishCheckpoint,
  publishedCheckpoint,
} from '../checkpoint-tables.js';
import { Prover } from '../proofs.js';
import { readNote } from '../signed-note.js';
import { tileReader } from '../tree-tables.js';
import type { Anchor, Taken } from './anchor.js';
import { anchored, claimAnchor, failedToAnchor } from './anchor-table.js';

/** What is told of an anchor. */
export interface AnchorObserver {
  readonly taken: (name: string) => Promise<void>;
  /** `forMs`: since it took one last. */
  readonly failed: (name: string, reason: string, forMs: number) => Promise<void>;
  readonly contradicts: (name: string, reason: string) => Promise<void>;
  /** Neither it nor the database may be in order; it is tried again. */
  readonly faulted: (name: string, error: unknown) => void;
}

export interface AnchorRunnerOptions {
  readonly pool: pg.Pool;
  readonly anchors: readonly Anchor[];
  readonly observer: AnchorObserver;
  readonly lookEveryMs?: number;
  readonly attemptMs?: number;
}

const LOOK_EVERY_MS = 2_000;
const ATTEMPT_MS = 20_000;
/** What is known of an attempt at its end must still be written down. */
const LEASE_BEYOND_ATTEMPT_MS = 15_000;
const AGAIN = { baseDelayMs: 2_000, maxDelayMs: 300_000 };

/**
 * Gives each anchor the newest checkpoint, whenever it has an older one and its time has come: one that was away gets what is new then, and
 * not all that it missed. Any number of processes may be at it. None waits for another, and the ledger for none.
 */
export class AnchorRunner {
  private stops: readonly (() => Promise<void>)[] = [];
  private readonly ending = new AbortController();

  constructor(private readonly options: AnchorRunnerOptions) {}

  start(): void {
    const { anchors, lookEveryMs = LOOK_EVERY_MS } = this.options;
    this.stops = anchors.map((anchor) =>
      repeat(0, async () => {
        await this.lookAt(anchor);
        return lookEveryMs;
      }),
    );
  }

  /** Gives each what there is now, once more, and ends. */
  async stop(withinMs: number): Promise<void> {
    const late = setTimeout(() => this.ending.abort(), withinMs);
    await Promise.all(this.stops.map((stop) => stop()));
    await this.look(this.options.anchors.filter(({ isSentByOthers }) => !isSentByOthers));
    clearTimeout(late);
  }

  async look(anchors = this.options.anchors): Promise<void> {
    // What witnesses sign is what the others are to keep.
    const witnesses = anchors.filter(({ isWitness }) => isWitness);
    await Promise.all(witnesses.map((anchor) => this.lookAt(anchor)));
    await Promise.all(anchors.filter(({ isWitness }) => !isWitness).map((anchor) => this.lookAt(anchor)));
  }

  private async lookAt(anchor: Anchor): Promise<void> {
    try {
      await this.give(anchor);
    } catch (error) {
      this.options.observer.faulted(anchor.name, error);
    }
  }

  private async give(anchor: Anchor): Promise<void> {
    const { pool, observer, attemptMs = ATTEMPT_MS } = this.options;
    const { name, everyMs } = anchor;
    const newest = anchor.isWitness ? await newestCheckpoint(pool) : await publishedCheckpoint(pool);
    if (!newest) return;
    const leaseMs = attemptMs + LEASE_BEYOND_ATTEMPT_MS;
    const known = await claimAnchor(pool, name, { below: newest.size, leaseMs });
    if (known === undefined) return this.publish(anchor, newest.size);
    const given = {
      checkpoint: newest,
      origin: readCheckpointText(readNote(newest.note).text).origin,
      history: new Prover(newest.size, tileReader(pool)),
      known,
    };
    const within = AbortSignal.any([AbortSignal.timeout(attemptMs), this.ending.signal]);
    const taken = await anchor
      .take(given, within)
      .catch((error: unknown): Taken => ({ kind: 'failed', reason: nameOf(error, within) }));
    if (taken.kind === 'taken') {
      await addCosignatures(pool, newest.size, taken.cosignatures ?? []);
      await anchored(pool, name, newest.size, everyMs);
      await observer.taken(name);
    } else {
      const { reason } = taken;
      const againInMs = (attempts: number) => 1_000 + pauseMs(AGAIN, attempts);
      const forMs = await failedToAnchor(pool, name, { reason, againInMs });
      await (taken.kind === 'contradicts'
        ? observer.contradicts(name, reason)
        : observer.failed(name, reason, forMs));
    }
    await this.publish(anchor, newest.size);
  }

  /** Shown when each witness has signed it, or has failed to. */
  private async publish({ isWitness }: Anchor, size: number): Promise<void> {
    if (!isWitness) return;
    const { pool, anchors } = this.options;
    const names = anchors.filter((each) => each.isWitness).map(({ name }) => name);
    await publishCheckpoint(pool, size, names);
  }
}

/** Of an error its name alone is told: its text may hold an address. */
const nameOf = (error: unknown, within: AbortSignal): string => {
  if (within.aborted) return 'no answer in time';
  const { code, name } = error as NodeJS.ErrnoException;
  return code ?? name;
};

import type pg from 'pg';
import { isInPlace } from '../eventstore/applied-event.js';
import type { EventStore } from '../eventstore/event-store.js';
import { checkpointText } from './checkpoint.js';
import { keepCheckpoint, newestCheckpoint, type SignedCheckpoint } from './checkpoint-tables.js';
import { compareLog, comparisonText } from './compare-log.js';
import type { LeafMaker } from './leaf-entry.js';
import { LogTree, type LogTreeOptions, MovedByOthers } from './log-tree.js';
import { Prover } from './proofs.js';
import { noteText, type Signer } from './signed-note.js';
import { tileReader, type TreePlace } from './tree-tables.js';

/** The log is not what was signed of it: nothing more is signed. */
export class LogDisagrees extends Error {
  override readonly name = 'LogDisagrees';
}

export interface TransparencyLogOptions extends Omit<LogTreeOptions, 'store'> {
  readonly pool: pg.Pool;
  readonly store: Pick<EventStore, 'readAll' | 'readStream'>;
  readonly leaves: Pick<LeafMaker, 'entryOf'>;
  readonly signers: () => Promise<readonly Signer[]>;
  readonly now: () => Date;
  /** Told where the tables of the tree were lost, or changed, and are made anew. */
  readonly onRemade?: (() => void) | undefined;
}

/** The tree of the log, and what is signed of it. */
export class TransparencyLog {
  private readonly tree: LogTree;

  constructor(private readonly options: TransparencyLogOptions) {
    this.tree = new LogTree(options);
  }

  /**
   * Adds what has come, and signs a checkpoint of it. One process signs a size; another that is at it signs nothing.
   * @returns the checkpoint, where one was signed
   * @throws LogDisagrees
   */
  async advance(signal?: AbortSignal): Promise<SignedCheckpoint | undefined> {
    const { pool, now } = this.options;
    const grown = await this.grow(signal);
    if (!grown) return undefined;
    const { size, root } = grown;
    const newest = await newestCheckpoint(pool);
    if (size <= (newest?.size ?? 0)) return undefined;
    const signers = await this.options.signers();
    const [first] = signers;
    if (!first) return undefined;
    const text = checkpointText({ origin: first.key.name, size, root });
    const note = noteText({ text, signatures: signers.map((signer) => signer.sign(text)) });
    const checkpoint = { size, root, note, signedAt: now() };
    return (await keepCheckpoint(pool, checkpoint)) ? checkpoint : undefined;
  }

  /** Undefined where another process is at it: that one signs. */
  private async grow(signal: AbortSignal | undefined) {
    try {
      return await this.tree.advance((place) => this.examine(place), signal);
    } catch (error) {
      if (error instanceof MovedByOthers) return undefined;
      throw error;
    }
  }

  /** A tree that was read from the tables must be the one that was signed, of the log that is there. */
  private async examine(place: TreePlace): Promise<void> {
    const newest = await newestCheckpoint(this.options.pool);
    if (await this.isSound(place, newest)) return;
    if (newest) {
      const comparison = await compareLog({
        ...this.options,
        checkpoints: [newest],
        readTile: tileReader(this.options.pool),
      });
      if (comparison.kind !== 'agrees') throw new LogDisagrees(comparisonText(comparison));
    }
    await this.tree.clear();
    this.options.onRemade?.();
  }

  private async isSound(
    { size, lastEvent }: TreePlace,
    newest: SignedCheckpoint | undefined,
  ): Promise<boolean> {
    if (size < (newest?.size ?? 0)) return false;
    if (lastEvent && !(await isInPlace(this.options.store, lastEvent))) return false;
    if (!newest) return true;
    const root = await new Prover(size, tileReader(this.options.pool))
      .root(newest.size)
      .catch(() => undefined);
    return root?.equals(newest.root) ?? false;
  }
}

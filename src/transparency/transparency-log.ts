import { isInPlace } from '../eventstore/applied-event.js';
import type { EventStore } from '../eventstore/event-store.js';
import { checkpointText } from './checkpoint.js';
import { keepCheckpoint, newestCheckpoint, type SignedCheckpoint } from './checkpoint-tables.js';
import { compareLog, comparisonText } from './compare-log.js';
import { GrowingBundle } from './growing-bundle.js';
import { readKeptTree } from './kept-tree.js';
import { LogTree, type LogTreeOptions, MovedByOthers } from './log-tree.js';
import { Prover } from './proofs.js';
import { LogDisagrees, newestHeads, type SignedHead, type SignedHeadsOptions } from './signed-heads.js';
import { noteText, type Signer } from './signed-note.js';
import { readBundle, readTreePlace, tileReader, type TreePlace } from './tree-tables.js';

export interface TransparencyLogOptions extends Omit<LogTreeOptions, 'store'>, SignedHeadsOptions {
  readonly store: Pick<EventStore, 'readAll' | 'readStream'>;
  readonly signers: () => Promise<readonly Signer[]>;
  readonly now: () => Date;
  /** Others see a checkpoint when witnesses had the time to sign it. */
  readonly hasWitnesses?: boolean | undefined;
  /** Told where the tables of the tree were lost, or changed, and are made anew. */
  readonly onRemade?: (() => void) | undefined;
}

/** A log that was found another one is not read whole again before that: a person has to do something first. */
const LOOK_AGAIN_MS = 600_000;

/** The tree of the log, and what is signed of it. */
export class TransparencyLog {
  private readonly tree: LogTree;
  private found: { readonly disagreement: LogDisagrees; readonly atMs: number } | undefined;

  constructor(private readonly options: TransparencyLogOptions) {
    this.tree = new LogTree(options);
  }

  /**
   * Adds what has come, and signs a checkpoint of it. One process signs a size; another that is at it signs nothing.
   * @returns the checkpoint, where one was signed
   * @throws LogDisagrees
   */
  async advance(signal?: AbortSignal): Promise<SignedCheckpoint | undefined> {
    const { pool, now, hasWitnesses = false } = this.options;
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
    return (await keepCheckpoint(pool, checkpoint, !hasWitnesses)) ? checkpoint : undefined;
  }

  /** Undefined where another process is at it: that one signs. */
  private async grow(signal: AbortSignal | undefined) {
    try {
      return await this.tree.advance(() => this.examine(), signal);
    } catch (error) {
      if (error instanceof MovedByOthers) return undefined;
      throw error;
    }
  }

  /** A tree that was read from the tables must be the one that was signed, of the log that is there. */
  private async examine(): Promise<void> {
    if (this.found && performance.now() - this.found.atMs < LOOK_AGAIN_MS) throw this.found.disagreement;
    const heads = await newestHeads(this.options);
    // Behind them: another process may be signing meanwhile.
    const place = await readTreePlace(this.options.pool);
    if (await this.isSound(place, heads)) return;
    if (heads.length > 0) {
      const kept = await readKeptTree(this.options.pool, this.options.store);
      const comparison = await compareLog({ ...this.options, heads, kept, readTile: kept.readTile });
      if (comparison.kind !== 'agrees' && comparison.kind !== 'spoiled') {
        this.found = { disagreement: new LogDisagrees(comparisonText(comparison)), atMs: performance.now() };
        throw this.found.disagreement;
      }
    }
    await this.tree.clear();
    this.options.onRemade?.();
  }

  private async isSound({ size, lastEvent }: TreePlace, heads: readonly SignedHead[]): Promise<boolean> {
    if (lastEvent && !(await isInPlace(this.options.store, lastEvent))) return false;
    for (const head of heads) {
      if (size < head.size) return false;
      const root = await new Prover(size, tileReader(this.options.pool))
        .root(head.size)
        .catch(() => undefined);
      if (!root?.equals(head.root)) return false;
    }
    const bundle = GrowingBundle.resume(size, (index) => readBundle(this.options.pool, index));
    return bundle.then(
      () => true,
      () => false,
    );
  }
}

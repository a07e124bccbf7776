import type pg from 'pg';
import type { EventStore } from '../eventstore/event-store.js';
import { Bell } from '../projections/runtime/bell.js';
import { Superseded } from '../projections/runtime/faults.js';
import { FollowedReaction } from './following/followed-reaction.js';
import { installReactions } from './following/places.js';
import type { Outbox } from './outbox/outbox.js';
import type { Reaction } from './reaction.js';

export interface ReactionRunnerOptions {
  readonly reactions: readonly Reaction[];
  readonly store: Pick<EventStore, 'readAll' | 'head' | 'reaches' | 'readStream'>;
  /** Of the ledger, as its log says: places of another log are told by it. */
  readonly generation: number;
  readonly pool: pg.Pool;
  readonly outbox: Pick<Outbox, 'add' | 'waitingOf'>;
  /** Messages were put into the outbox. */
  readonly onMessages?: () => void;
  /** A step failed and is tried again; an event that cannot be read is such a fault for as long as it stands there. After Superseded nothing is. */
  readonly onFault?: (reaction: string, error: unknown) => void;
  /**
   * How often the log is looked at; default 1,000. Nobody waits for a reaction, and a look at every append would cost what the append
   * does.
   */
  readonly pollIntervalMs?: number;
  /** With more than so many of a reaction waiting it does not go on, so that the outbox has bounds; default 100,000. */
  readonly maxWaiting?: number;
}

const MAX_PAUSE_MS = 5_000;

/**
 * Follows the log with each reaction from a checkpoint of its own: the messages of a page and the checkpoint are one transaction, so
 * that each event is reacted to exactly once, whoever dies. Any number of processes may run at once; one of them is ahead. A reaction begins
 * at the log's end of the moment it is first seen, and nothing that happens to the read models moves it.
 */
export class ReactionRunner {
  private readonly bells: Bell[] = [];
  private stopping = false;
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ReactionRunnerOptions) {}

  /** Resolves when every reaction has its place in the log. @throws WrongLog, EventStoreUnavailable, and what the database says */
  async start(): Promise<void> {
    const {
      reactions,
      store,
      generation,
      pool,
      outbox,
      onMessages = () => undefined,
      maxWaiting = 100_000,
    } = this.options;
    const places = await installReactions(pool, { store, generation }, reactions);
    this.running = Promise.all(
      reactions.map((reaction) => {
        const place = places.get(reaction.name);
        if (!place) throw new Error(`the reaction ${reaction.name} is not installed`);
        const options = { store, generation, pool, outbox, onMessages, maxWaiting };
        return this.follow(reaction.name, new FollowedReaction(reaction, place, options));
      }),
    );
  }

  /** Lets the pages under way end, and writes down how far each came. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.bells.forEach((bell) => bell.ring());
    await this.running;
  }

  private async follow(name: string, followed: FollowedReaction): Promise<void> {
    const bell = new Bell();
    this.bells.push(bell);
    const { pollIntervalMs = 1_000, onFault } = this.options;
    let pauseMs = 50;
    while (!this.stopping) {
      try {
        const found = await followed.step();
        pauseMs = 50;
        if (found !== 'more') await bell.wait(pollIntervalMs);
      } catch (error) {
        onFault?.(name, error);
        if (error instanceof Superseded) return;
        await bell.wait(pauseMs);
        pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
      }
    }
    await followed.writePlace(true).catch((error: unknown) => onFault?.(name, error));
  }
}

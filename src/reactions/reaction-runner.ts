import type pg from 'pg';
import { typeOfStored } from '../domain/events/catalogue.js';
import type { EventStore, RecordedEvent } from '../eventstore/event-store.js';
import { withTransaction } from '../postgres/pool.js';
import { Bell } from '../projections/runtime/bell.js';
import { decodeRecorded } from '../projections/runtime/decode-event.js';
import type { Outbox } from './outbox/outbox.js';
import type { Message } from './outbox/message.js';
import type { Reaction } from './reaction.js';

export interface ReactionRunnerOptions {
  readonly reactions: readonly Reaction[];
  readonly store: Pick<EventStore, 'readAll' | 'head'>;
  readonly pool: pg.Pool;
  readonly outbox: Pick<Outbox, 'add' | 'figures'>;
  /** Messages were put into the outbox. */
  readonly onMessages?: () => void;
  /** A step failed and is tried again; an event that cannot be read is such a fault for as long as it stands there. */
  readonly onFault?: (reaction: string, error: unknown) => void;
  /**
   * How often the log is looked at; default 1,000. Nobody waits for a reaction, and a look at every append would cost what the append
   * does.
   */
  readonly pollIntervalMs?: number;
  /** With more than so many waiting no more are made, so that the outbox has bounds; default 100,000. */
  readonly maxWaiting?: number;
}

const PAGE = 2_000;
const MAX_PAUSE_MS = 5_000;
/** A place from which nothing followed is written down at most so often: what is read again gives the same messages. */
const MARK_EVERY_MS = 10_000;

/** Where a reaction is: in the log, and as the table has it. */
interface Place {
  position: bigint;
  marked: bigint;
  markedAtMs: number;
}

/**
 * Follows the log with each reaction from a checkpoint of its own: the messages of a page and the checkpoint are one transaction, so
 * that each event is reacted to exactly once, whoever dies. Any number of processes may run at once; one of them is ahead. A reaction begins
 * at the log's end of the moment it is first seen, and nothing that happens to the read models moves it.
 */
export class ReactionRunner {
  private readonly bell = new Bell();
  private stopping = false;
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ReactionRunnerOptions) {}

  /** Resolves when every reaction has its place in the log. @throws EventStoreUnavailable, and what the database says */
  async start(): Promise<void> {
    const { reactions, store, pool } = this.options;
    const places = new Map<Reaction, Place>();
    for (const each of reactions) {
      const head = await store.head();
      await pool.query(
        `INSERT INTO reaction_checkpoints (reaction, begins_after, position) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING`,
        [each.name, head],
      );
      places.set(each, await this.placeOf(each));
    }
    this.running = this.run(places);
  }

  /** Lets the page under way end. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.bell.ring();
    await this.running;
  }

  private async run(places: ReadonlyMap<Reaction, Place>): Promise<void> {
    const { pollIntervalMs = 1_000, onFault } = this.options;
    let pauseMs = pollIntervalMs;
    while (!this.stopping) {
      let failed = false;
      for (const [followed, place] of places) {
        try {
          while (!this.stopping && (await this.step(followed, place))) continue;
        } catch (error) {
          failed = true;
          onFault?.(followed.name, error);
        }
      }
      pauseMs = failed ? Math.min(pauseMs * 2, MAX_PAUSE_MS) : pollIntervalMs;
      await this.bell.wait(pauseMs);
    }
  }

  /** One page of the log; whether there is more. */
  private async step(followed: Reaction, place: Place): Promise<boolean> {
    const found = new Found(followed);
    const page = await this.options.store.readAll({
      after: place.position,
      limit: PAGE,
      onEvent: (recorded) => found.take(recorded),
    });
    const { unreadable } = found;
    const position = unreadable ? found.until : page.position;
    if (position !== undefined && position > place.position)
      await this.advance(followed, place, position, found);
    if (unreadable) throw unreadable;
    return !page.atEnd;
  }

  private async advance(followed: Reaction, place: Place, position: bigint, { told }: Found): Promise<void> {
    const { pool, outbox, onMessages, maxWaiting = 100_000 } = this.options;
    if (told.length === 0 && performance.now() - place.markedAtMs < MARK_EVERY_MS) {
      place.position = position;
      return;
    }
    if (told.length > 0 && (await outbox.figures()).waiting > maxWaiting)
      throw new Error('too many messages wait');
    const moved = await withTransaction(pool, async (tx) => {
      const { rowCount } = await tx.query(
        `UPDATE reaction_checkpoints SET position = $3, updated_at = now() WHERE reaction = $1 AND position = $2`,
        [followed.name, place.marked, position],
      );
      if (rowCount === 0) return false;
      for (const { at, messages } of told)
        await outbox.add(tx, messages, { source: followed.name, position: at });
      return true;
    });
    if (!moved) {
      // Another process was here first: on from where it is.
      Object.assign(place, await this.placeOf(followed));
      return;
    }
    Object.assign(place, { position, marked: position, markedAtMs: performance.now() });
    if (told.length > 0) onMessages?.();
  }

  private async placeOf({ name }: Reaction): Promise<Place> {
    const { rows } = await this.options.pool.query<{ position: bigint }>(
      `SELECT position FROM reaction_checkpoints WHERE reaction = $1`,
      [name],
    );
    if (!rows[0]) throw new Error(`the checkpoint of the reaction ${name} is gone`);
    const { position } = rows[0];
    return { position, marked: position, markedAtMs: performance.now() };
  }
}

/**
 * What follows from the events of a page, up to one that cannot be read: that one is nobody's to go past without a person's word. Events that
 * are not handled are not decoded; most of a log is charges.
 */
class Found {
  readonly told: { readonly at: bigint; readonly messages: readonly Message[] }[] = [];
  /** The last place before the unreadable event. */
  until: bigint | undefined;
  unreadable: Error | undefined;

  constructor(private readonly followed: Reaction) {}

  take(recorded: RecordedEvent): void {
    if (this.unreadable) return;
    try {
      const messages = this.messagesOf(recorded);
      if (messages.length > 0) this.told.push({ at: recorded.position, messages });
      this.until = recorded.position;
    } catch (error) {
      this.unreadable = error instanceof Error ? error : new Error('an event cannot be read');
    }
  }

  private messagesOf(recorded: RecordedEvent): readonly Message[] {
    const type = typeOfStored(recorded.type);
    if (type === undefined) throw new Error(`${recorded.type} is not known`);
    if (!this.followed.handles.includes(type)) return [];
    return this.followed.react(decodeRecorded(recorded));
  }
}

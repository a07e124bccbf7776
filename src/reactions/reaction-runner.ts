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
  readonly store: Pick<EventStore, 'readAll' | 'head' | 'subscribe'>;
  readonly pool: pg.Pool;
  readonly outbox: Pick<Outbox, 'add' | 'figures'>;
  /** Messages were put into the outbox. */
  readonly onMessages?: () => void;
  /** A step failed and is tried again; an event that cannot be read is such a fault for as long as it stands there. */
  readonly onFault?: (reaction: string, error: unknown) => void;
  /** The safety net under the doorbell; default 1,000. */
  readonly pollIntervalMs?: number;
  /** With more than so many waiting the log is not read on, so that the outbox has bounds; default 100,000. */
  readonly maxWaiting?: number;
}

const PAGE = 500;
const MAX_PAUSE_MS = 5_000;

/**
 * Follows the log with each reaction from a checkpoint of its own: the messages of a page and the checkpoint are one transaction, so
 * that each event is reacted to exactly once, whoever dies. Any number of processes may run at once; one of them is ahead. A reaction begins
 * at the log's end of the moment it is first seen, and nothing that happens to the read models moves it.
 */
export class ReactionRunner {
  private readonly bells = new Map<string, Bell>();
  private stopping = false;
  private running: Promise<unknown> = Promise.resolve();
  private unsubscribe: () => void = () => undefined;

  constructor(private readonly options: ReactionRunnerOptions) {}

  /** Resolves when every reaction has its place in the log. @throws EventStoreUnavailable, and what the database says */
  async start(): Promise<void> {
    const { reactions, store, pool } = this.options;
    for (const { name } of reactions) {
      const head = await store.head();
      await pool.query(
        `INSERT INTO reaction_checkpoints (reaction, begins_after, position) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING`,
        [name, head],
      );
      this.bells.set(name, new Bell());
    }
    this.unsubscribe = store.subscribe(() => this.ring());
    this.running = Promise.all(reactions.map((each) => this.follow(each)));
  }

  /** Lets the pages under way end. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.unsubscribe();
    this.ring();
    await this.running;
  }

  private ring(): void {
    for (const bell of this.bells.values()) bell.ring();
  }

  private async follow(followed: Reaction): Promise<void> {
    const bell = this.bells.get(followed.name) as Bell;
    const { pollIntervalMs = 1_000, onFault } = this.options;
    let pauseMs = 50;
    while (!this.stopping) {
      try {
        const more = await this.step(followed);
        pauseMs = 50;
        if (!more) await bell.wait(pollIntervalMs);
      } catch (error) {
        onFault?.(followed.name, error);
        await bell.wait(pauseMs);
        pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
      }
    }
  }

  /** One page of the log; whether there is more. */
  private async step(followed: Reaction): Promise<boolean> {
    const { store, pool, outbox, maxWaiting = 100_000 } = this.options;
    if ((await outbox.figures()).waiting > maxWaiting) throw new Error('too many messages wait');
    const after = await this.positionOf(pool, followed);
    const page = await store.readAll({ after, limit: PAGE });
    if (page.position <= after) return false;
    const { events, until, unreadable } = readable(page.events);
    const position = unreadable === undefined ? page.position : until;
    if (position !== undefined && position > after) await this.react(followed, after, position, events);
    if (unreadable !== undefined) throw unreadable;
    return !page.atEnd;
  }

  private async react(
    followed: Reaction,
    after: bigint,
    position: bigint,
    events: readonly Told[],
  ): Promise<void> {
    const { pool, outbox, onMessages } = this.options;
    const told = events.flatMap((event) => {
      if (!(followed.handles as readonly string[]).includes(event.type)) return [];
      return [{ at: event.position, messages: followed.react(event) }];
    });
    const moved = await withTransaction(pool, async (tx) => {
      const { rowCount } = await tx.query(
        `UPDATE reaction_checkpoints SET position = $3, updated_at = now() WHERE reaction = $1 AND position = $2`,
        [followed.name, after, position],
      );
      // Another process was here first.
      if (rowCount === 0) return false;
      for (const { at, messages } of told)
        await outbox.add(tx, messages, { source: followed.name, position: at });
      return true;
    });
    if (moved && told.some(({ messages }: { messages: readonly Message[] }) => messages.length > 0))
      onMessages?.();
  }

  private async positionOf(pool: pg.Pool, { name }: Reaction): Promise<bigint> {
    const { rows } = await pool.query<{ position: bigint }>(
      `SELECT position FROM reaction_checkpoints WHERE reaction = $1`,
      [name],
    );
    if (!rows[0]) throw new Error(`the checkpoint of the reaction ${name} is gone`);
    return rows[0].position;
  }
}

type Told = ReturnType<typeof decodeRecorded>;

/** The events of a page up to one that cannot be read: that one is nobody's to go past without a person's word. */
function readable(recorded: readonly RecordedEvent[]): {
  readonly events: readonly Told[];
  /** The last place before the unreadable event; undefined where it is the first. */
  readonly until: bigint | undefined;
  readonly unreadable: Error | undefined;
} {
  const events: Told[] = [];
  let until: bigint | undefined;
  for (const each of recorded) {
    try {
      if (typeOfStored(each.type) === undefined) throw new Error(`${each.type} is not known`);
      events.push(decodeRecorded(each));
    } catch (error) {
      const unreadable = error instanceof Error ? error : new Error('an event cannot be read');
      return { events, until, unreadable };
    }
    until = each.position;
  }
  return { events, until, unreadable: undefined };
}

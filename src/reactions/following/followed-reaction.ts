import type pg from 'pg';
import { storedNamesOfOthers } from '../../domain/events/versions.js';
import type { EventStore } from '../../eventstore/event-store.js';
import { withTransaction } from '../../postgres/pool.js';
import { PoisonEvent, Superseded } from '../../projections/runtime/faults.js';
import type { Place } from '../../projections/runtime/projection.js';
import type { Outbox } from '../outbox/outbox.js';
import type { Reaction } from '../reaction.js';
import { messagesOf, type Reacted } from './messages-of.js';
import { assertSameLog, lockPlace, movePlace, type ReactionPlace } from './places.js';
import { readHandled } from './read-handled.js';

export interface FollowedOptions {
  readonly store: Pick<EventStore, 'readAll'>;
  /** Of the ledger, as its log says. */
  readonly generation: number;
  readonly pool: pg.Pool;
  readonly outbox: Pick<Outbox, 'add' | 'waitingOf'>;
  /** New messages are in the outbox. */
  readonly onMessages: () => void;
  readonly maxWaiting: number;
}

/** More of a reaction's messages wait than may. It goes on when there is room; the log keeps its place. */
export class OutboxFull extends Error {
  override readonly name = 'OutboxFull';
}

const EVENTS_A_PAGE = 2_000;
/** A place at which nothing happened is written down no more often than this: looking there again costs less. */
const WRITE_PLACE_EVERY_MS = 5_000;

/** A reaction on its way along the log. */
export class FollowedReaction {
  private position: bigint;
  private written: bigint;
  private writtenMs = performance.now();
  private last: Place | undefined;
  private readonly handles: ReadonlySet<string>;
  private readonly without: readonly string[];

  constructor(
    private readonly reaction: Reaction,
    place: ReactionPlace,
    private readonly options: FollowedOptions,
  ) {
    this.position = this.written = place.position;
    this.handles = new Set(reaction.handles);
    this.without = storedNamesOfOthers(this.handles);
  }

  /**
   * Reacts to one page of the log: there was nothing new, all that was new, or more than a page holds.
   * @throws PoisonEvent after all that came before it was reacted to; Superseded, OutboxFull, WrongLog, EventStoreUnavailable
   */
  async step(): Promise<'nothing' | 'all' | 'more'> {
    const after = this.position;
    const { handles, without } = this;
    const page = await readHandled(this.options.store, { after, limit: EVENTS_A_PAGE, without }, handles);
    if (page.position <= after) {
      await this.writePlace();
      return 'nothing';
    }
    const reacted = messagesOf(this.reaction, page, after);
    const last = reacted.poison ? undefined : page.last;
    if (reacted.told.length > 0) {
      await this.assertRoom();
      await this.write(reacted, last);
    } else {
      this.position = reacted.position;
      this.last = last ?? this.last;
      await this.writePlace();
    }
    if (reacted.poison) throw new PoisonEvent(reacted.poison);
    return page.atEnd ? 'all' : 'more';
  }

  /** Writes down how far it came, where that is overdue. */
  async writePlace(atOnce = false): Promise<void> {
    if (this.position === this.written) return;
    if (!atOnce && performance.now() - this.writtenMs < WRITE_PLACE_EVERY_MS) return;
    await this.write({ told: [], position: this.position, poison: undefined }, this.last);
  }

  /** Messages and place in one transaction. What another process has reacted to meanwhile is left out. */
  private async write({ told, position }: Reacted, last: Place | undefined): Promise<void> {
    const { pool, generation, outbox, onMessages } = this.options;
    const { name, version = 1 } = this.reaction;
    const place = await withTransaction(pool, async (tx) => {
      const found = await lockPlace(tx, name);
      if (found?.version !== version)
        throw new Superseded(
          `the reaction ${name} has version ${found?.version ?? 'none'}, this program has version ${version}`,
        );
      assertSameLog(name, found, generation);
      if (found.position >= position) return found.position;
      for (const { at, messages } of told)
        if (at > found.position) await outbox.add(tx, messages, { source: name, position: at });
      await movePlace(tx, name, position, last);
      return position;
    });
    this.position = this.written = place;
    this.writtenMs = performance.now();
    if (told.length > 0) onMessages();
  }

  private async assertRoom(): Promise<void> {
    const { outbox, maxWaiting } = this.options;
    if ((await outbox.waitingOf(this.reaction.name, maxWaiting + 1)) > maxWaiting)
      throw new OutboxFull(`more than ${maxWaiting} messages of ${this.reaction.name} wait to be sent`);
  }
}

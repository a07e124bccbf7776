import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readLogHistory } from '../../src/commands/move/log-history.js';
import { claimStream } from '../../src/domain/streams.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { withOriginalTimes } from '../../src/eventstore/original-times.js';
import type { MoveOptions } from '../../src/move/move-log.js';
import { FollowedReaction } from '../../src/reactions/following/followed-reaction.js';
import { installReactions } from '../../src/reactions/following/places.js';
import { messageId } from '../../src/reactions/outbox/message.js';
import { PostgresOutbox } from '../../src/reactions/outbox/postgres-outbox.js';
import { reaction } from '../../src/reactions/reaction.js';
import { anEvent, append, appendRaw } from '../support/events.js';
import { GENERATION } from '../support/whole-ledger/whole-ledger.js';
import { createMovingWorld, type MovingWorld } from './moving-world.js';

const PATIENCE_MS = 240_000;

const telling = reaction<'claim-reserved'>({
  name: 'telling',
  handles: ['claim-reserved'],
  react: ({ id, data }) => [
    { id: messageId('telling', id), receiver: 'test', kind: 'told', payload: { of: data.owner } },
  ],
});

let world: MovingWorld;
let moved: EventStore | undefined;
let happened: string[];
let told: string[];
beforeEach(async () => {
  [moved, happened, told] = [undefined, [], []];
  world = await createMovingWorld(1_000);
}, PATIENCE_MS);
afterEach(async () => {
  await moved?.close();
  await world.close();
}, 120_000);

describe('a log that is moved under the feet of a reaction', () => {
  it(
    'there and back: every event is reacted to exactly once, though one who works with the log of before goes on',
    async () => {
      const { connectionString: esdb } = world.eventStoreDb;
      await moveUnderFeet(world.postgres, GENERATION, (options) => world.move('database', esdb, options));
      const there = await openMoved();
      await moveUnderFeet(there, GENERATION + 1, (options) => world.move(esdb, 'database', options));
      const last = await follow(world.postgres, GENERATION + 2);
      await happens(world.postgres);
      await goOn(last);
      expect(told).toEqual(happened);
    },
    PATIENCE_MS,
  );

  it(
    'takes the places of its messages along, and those of alerts',
    async () => {
      const { pool } = world.database;
      const former = await follow(world.postgres, GENERATION);
      const stood = await happens(world.postgres);
      await former.step();
      const details = { position: String(stood) };
      await pool.query(`INSERT INTO alerts (key, kind, details) VALUES ('a', 'stopped', $1)`, [details]);
      await world.move('database', world.eventStoreDb.connectionString);
      const { rows } = await pool.query(
        `SELECT c.event_position AS reached, o.position AS sent, (a.details ->> 'position')::bigint AS stopped
         FROM reaction_checkpoints c, outbox o, alerts a WHERE c.reaction = 'telling' AND o.source = 'telling'`,
      );
      const [event] = await (
        await openMoved()
      ).readStream(claimStream('username', 'somebody 0'), { limit: 1 });
      const stands = event?.position;
      expect(stands).not.toBe(stood);
      expect(rows).toEqual([{ reached: stands, sent: stands, stopped: stands }]);
    },
    PATIENCE_MS,
  );
});

/**
 * Who reacts sees the last events of the log only when both logs have been compared, and is still there when the tables have gone over: then
 * it looks once more, sees something of somebody else's, and writes down how far it came.
 */
async function moveUnderFeet(
  from: EventStore,
  generation: number,
  move: (tampered: (options: MoveOptions) => MoveOptions) => Promise<unknown>,
): Promise<void> {
  const former = await follow(from, generation);
  await happens(from);
  await goOn(former);
  await happens(from, 3);
  await move(beforeItIsWhole(() => goOn(former)));
  const type = 'order-placed';
  const event = { id: randomUUID(), type, data: {}, metadata: {} };
  await appendRaw(from, [{ stream: 'orders-1', event }]).catch(() => undefined);
  await former.step().catch(() => undefined);
  await former.writePlace(true).catch(() => undefined);
}

const beforeItIsWhole =
  (then: () => Promise<void>) =>
  (options: MoveOptions): MoveOptions => {
    const store = Object.create(options.target.store) as EventStore;
    store.append = async (writes) => {
      if (writes[0]?.events[0]?.type.startsWith('log-copied')) await then();
      return options.target.store.append(writes);
    };
    return { ...options, target: { ...options.target, store } };
  };

async function follow(store: EventStore, generation: number): Promise<FollowedReaction> {
  const { pool } = world.database;
  const places = await installReactions(pool, { store, generation }, [telling]);
  const outbox = new PostgresOutbox(pool);
  const options = { store, generation, pool, outbox, onMessages: () => undefined, maxWaiting: 1_000 };
  return new FollowedReaction(telling, places.get('telling') as never, options);
}

/** Reacts to all that is new. What was sent is forgotten, as after its days: a repetition would be sent again. */
async function goOn(followed: FollowedReaction): Promise<void> {
  while ((await followed.step()) !== 'nothing');
  const { rows } = await world.database.pool.query<{ of: string; sequence: bigint }>(
    `DELETE FROM outbox WHERE source = 'telling' RETURNING payload ->> 'of' AS of, sequence`,
  );
  told.push(...rows.sort((a, b) => Number(a.sequence - b.sequence)).map((row) => row.of));
}

async function happens(store: EventStore, count = 1): Promise<bigint> {
  let position = -1n;
  for (let index = 0; index < count; index += 1) {
    const owner = `somebody ${happened.length}`;
    happened.push(owner);
    const event = anEvent('claim-reserved', { owner });
    position = await append(store, event);
  }
  return position;
}

async function openMoved(): Promise<EventStore> {
  const { connectionString } = world.eventStoreDb;
  moved = createEventStoreDb({ connectionString, deadlineMs: 30_000 });
  const { copyEnd } = await readLogHistory(moved);
  return withOriginalTimes(moved, () => copyEnd);
}

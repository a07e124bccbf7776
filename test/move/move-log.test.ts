import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PlacedEvent } from '../../src/eventstore/event-store.js';
import { CannotMove, type MoveOptions } from '../../src/move/move-log.js';
import { CopyDiffers } from '../../src/move/align-logs.js';
import { CommandProcess } from '../support/command-process.js';
import { anEvent, append, eventData } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { readWholeLog } from '../support/whole-log.js';
import { createMovingWorld, type MovingWorld } from './moving-world.js';

const EVENTS = 1_500;
const PATIENCE_MS = 240_000;

let world: MovingWorld;
beforeEach(async () => {
  world = await createMovingWorld(EVENTS);
}, PATIENCE_MS);
afterEach(() => world.close(), 120_000);

const esdb = () => world.eventStoreDb.connectionString;
const identity = ({ id, stream, revision, type, data }: PlacedEvent) => [id, stream, revision, type, data];
const ownOf = (events: readonly PlacedEvent[]) => events.filter(({ stream }) => stream !== 'log');

describe('moving the log', () => {
  it(
    'goes on wherever it was killed, and ends as if it had not been',
    async () => {
      const original = await readWholeLog(world.postgres);
      const killed = new Set<string>();
      for (let ended = false; !ended;) {
        ended = await world.move('database', esdb(), killedOnceAtEach(killed)).then(
          () => true,
          (error: Error) => {
            expect(error.message).toBe('killed');
            return false;
          },
        );
      }
      expect([...killed].sort()).toEqual(MOMENTS);
      expect(ownOf(copied()).map(identity)).toEqual(original.map(identity));
      expect(await world.move('database', esdb())).toMatchObject({ events: original.length });
    },
    PATIENCE_MS,
  );

  it(
    'closes the log: appends are refused with words that name the new one, and so is every start on it',
    async () => {
      await (await world.start()).close();
      const last = await readWholeLog(world.postgres);
      const places = await reactionPlaces();
      await world.move('database', esdb());
      // Reactions go on from the same events, wherever these are.
      const idAt = new Map(world.log.events.map(({ position, id }) => [position, id]));
      expect((await reactionPlaces()).map((place) => idAt.get(place))).toEqual(
        places.map((place) => last[Number(place)]?.id),
      );
      expect(places.length).toBeGreaterThan(0);
      const refused = await world.postgres.append([
        { stream: 'payment-late', expected: 'no-stream', events: [eventData(anEvent('payment-credited'))] },
      ]);
      expect(refused).toMatchObject({ outcome: 'unavailable' });
      const { cause } = refused as { cause: Error };
      expect(String((cause.cause as Error).message)).toMatch(
        /the log is closed: it was moved to esdb:\/\/127/,
      );
      expect(await world.postgres.head()).toBe(BigInt(last.length));
      for (const role of ['all', 'api', 'relay', 'projector'])
        await expect(world.start({ ROLE: role, REDIS_URL: 'redis://127.0.0.1:9' })).rejects.toMatchObject({
          name: 'WrongLog',
          message: expect.stringContaining('EventStoreDB'),
        });
      const service = await world.start({ EVENTSTORE_URL: esdb() });
      await eventually(async () => expect((await fetch(`${service.url}/readyz`)).status).toBe(200), {
        timeoutMs: 30_000,
      });
    },
    PATIENCE_MS,
  );

  it(
    'makes no copy of what is no beginning of the log, and takes no log that has events',
    async () => {
      const { id, type } = eventData(anEvent('claim-reserved'));
      const data = Buffer.from('{}');
      const somebodys = { id, type, contentType: 'application/json', data, metadata: data };
      world.log.append('claim-somebody', 'no-stream', [somebodys]);
      await expect(world.move('database', esdb())).rejects.toThrow(CannotMove);
      expect(await world.postgres.head()).toBeGreaterThan(0n);
      expect((await world.postgres.readStream('log', { limit: 1 })).length).toBe(0);
    },
    PATIENCE_MS,
  );

  it(
    'copies no log that lies, and says so in the words of the command',
    async () => {
      const command = new CommandProcess(world.environment);
      const copy = () => command.run(['log', 'copy', '--from', 'database', '--to', esdb(), '--by', 'alice']);
      try {
        const head = await world.postgres.head();
        for (const [sql, words, code] of LIES) {
          const takeBack = await tell(sql);
          expect(await copy()).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(words) });
          // Not closed, and in use as before.
          expect(await world.postgres.readStream('log', { limit: 1 })).toEqual([]);
          expect(await world.postgres.head()).toBe(head);
          expect(world.log.events.some(({ type }) => type.startsWith('log-copied'))).toBe(false);
          await takeBack();
        }
      } finally {
        await command.close();
      }
    },
    PATIENCE_MS,
  );

  it(
    'does not finish a copy that somebody else wrote into',
    async () => {
      const intrude = (options: MoveOptions): MoveOptions => ({
        ...options,
        source: {
          ...options.source,
          close: async (write, because) => {
            await append(options.target.store, anEvent('claim-reserved', { owner: 'an intruder' }));
            return options.source.close(write, because);
          },
        },
      });
      await expect(world.move('database', esdb(), intrude)).rejects.toThrow(CopyDiffers);
      await expect(world.move('database', esdb())).rejects.toThrow(/is not in the log that it is a copy of/);
      await expect(world.start({ EVENTSTORE_URL: esdb() })).rejects.toMatchObject({ name: 'WrongLog' });
    },
    PATIENCE_MS,
  );
});

/** What somebody did to the log in its database, and the words that say so. */
const LIES: readonly (readonly [string, RegExp, number])[] = [
  [`DELETE FROM events WHERE position = 700`, /nothing stands at position 700/, 1],
  [
    `UPDATE events SET revision = revision + 100000 WHERE position = 900`,
    /at position 900 expected revision \d+ of/,
    1,
  ],
  [
    `DO $$ DECLARE one bigint; next bigint; BEGIN
       SELECT a.position, b.position INTO one, next FROM events a JOIN events b ON b.stream = a.stream AND b.revision = a.revision + 1
       WHERE a.position > 1000 AND a.stream <> 'ledger' ORDER BY a.position LIMIT 1;
       UPDATE events SET position = -1 WHERE position = one; UPDATE events SET position = one WHERE position = next;
       UPDATE events SET position = next WHERE position = -1; END $$`,
    /at position \d+ expected revision \d+ of/,
    1,
  ],
  [
    `UPDATE events SET data = json_build_object('note', repeat('x', 3000000)) WHERE position = 1100`,
    /the event at position 1100 has 3\d{6} bytes or more/,
    1,
  ],
  [
    `UPDATE events SET data = jsonb_set(data::jsonb, '{ledger_id}', '"5b8c8a6e-0000-4000-8000-000000000001"')::json WHERE stream = 'ledger' AND revision = 0`,
    /expected the log of ledger [-0-9a-f]+ to move; found that of ledger 5b8c8a6e/,
    2,
  ],
];

/** Tells the lie, and answers the way to take it back. */
async function tell(sql: string): Promise<() => Promise<unknown>> {
  const tampered = (...statements: readonly string[]) =>
    world.database.pool.query(
      ['BEGIN', 'SET LOCAL session_replication_role = replica', ...statements, 'COMMIT'].join(';'),
    );
  await tampered('CREATE TABLE true_events AS TABLE events', sql);
  return () =>
    tampered('DELETE FROM events', 'INSERT INTO events SELECT * FROM true_events', 'DROP TABLE true_events');
}

async function reactionPlaces(): Promise<readonly bigint[]> {
  const { rows } = await world.database.pool.query<{ position: bigint }>(
    'SELECT position FROM reaction_checkpoints ORDER BY reaction',
  );
  return rows.map(({ position }) => position);
}

/** What the stand-in stores, as events. */
function copied(): readonly PlacedEvent[] {
  const json = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString('utf8')) as PlacedEvent['data'];
  return world.log.events
    .filter(({ stream }) => !stream.startsWith('$'))
    .map(({ id, stream, revision, type, data, metadata }) => ({
      ...{ id, stream, revision, type },
      data: json(data),
      metadata: json(metadata),
    }));
}

/** Where a move is killed: before and after each thing that it changes, and halfway through a page of events. */
const MOMENTS = [
  'after the close',
  'after the note',
  'before a page',
  'before the close',
  'before the note',
  'closing the log',
  'comparing both logs',
  'halfway through a page',
  'making the tables of the new log',
];

/** Dies at each moment the first time that it is met. */
function killedOnceAtEach(killed: Set<string>): (options: MoveOptions) => MoveOptions {
  const die = (moment: string): void => {
    if (!MOMENTS.includes(moment) || killed.has(moment)) return;
    killed.add(moment);
    throw new Error('killed');
  };
  return (options) => ({
    ...options,
    onProgress: (step, events) => {
      if (events === undefined) die(step);
    },
    source: {
      ...options.source,
      close: async (write, because) => {
        die('before the close');
        const outcome = await options.source.close(write, because);
        die('after the close');
        return outcome;
      },
    },
    target: {
      ...options.target,
      writer: {
        close: () => options.target.writer.close(),
        write: async (events) => {
          const half = Math.floor(events.length / 2);
          die('before a page');
          await options.target.writer.write(events.slice(0, half));
          die('halfway through a page');
          await options.target.writer.write(events.slice(half));
        },
      },
    },
    noteLog: async (tx, log) => {
      die('before the note');
      await options.noteLog(tx, log);
      die('after the note');
    },
  });
}

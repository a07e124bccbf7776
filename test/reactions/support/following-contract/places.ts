import { describe, expect, it } from '@jest/globals';
import { allProjections } from '../../../../src/projections/all-projections.js';
import { startProjector } from '../../../../src/projections/projector.js';
import { rebuild } from '../../../../src/projections/runtime/rebuild.js';
import { carryOver } from '../../../../src/reactions/following/carry-over.js';
import { PlaceMap } from '../../../../src/eventstore/place-map.js';
import { WrongLog } from '../../../../src/eventstore/wrong-log.js';
import { setBack } from '../../../../src/reactions/following/places.js';
import { Superseded } from '../../../../src/projections/runtime/faults.js';
import { PositionWaiter } from '../../../../src/projections/runtime/waiter.js';
import { withTransaction } from '../../../../src/postgres/pool.js';
import { eventually } from '../../../support/eventually.js';
import { FakeCachedBalance } from '../../../support/fake-cached-balance.js';
import { anEvent, append } from '../../../support/events.js';
import { telling, type Under } from './setup.js';

export function describePlaces(under: Under): void {
  const ids = async () => (await under.outbox.list({ limit: 100 })).map(({ id }) => id);

  describe('its place', () => {
    it('is moved by no rebuild of the read models: nothing is sent again', async () => {
      const { store, database } = under;
      const projections = allProjections('UTC');
      const projector = await startProjector({
        store,
        pool: database.pool,
        cachedBalance: new FakeCachedBalance(),
        waiter: new PositionWaiter({
          db: database.pool,
          projections: projections.map(({ name }) => name),
        }),
        timeZone: 'UTC',
        pollIntervalMs: 20,
      });
      try {
        const first = await under.start();
        await append(store, anEvent('channel-configured'));
        const before = await under.happens(3);
        await under.areTold(before);
        await eventually(
          async () => {
            const { rows } = await database.pool.query<{ position: bigint }>(
              `SELECT min(position) AS position FROM projection_checkpoints WHERE slot = 'live'`,
            );
            return (rows[0]?.position ?? -1n) >= (before.at(-1) ?? 0n);
          },
          { timeoutMs: 20_000 },
        );
        const known = await ids();
        for (const projection of projections)
          await rebuild(projection, { store, pool: database.pool, accept: true });
        await first.stop();
        await under.start();
        const after = await under.happens();
        await under.areTold([...before, ...after]);
        expect((await ids()).filter((id) => known.includes(id))).toEqual(known);
      } finally {
        await projector.stop();
      }
    }, 120_000);

    it('restored from a backup, gives the messages again under the ids that they had', async () => {
      const first = await under.start();
      const [kept = 0n, ...lost] = await under.happens(3);
      await under.areTold([kept, ...lost]);
      await first.stop();
      const before = await ids();
      await under.database.pool.query('UPDATE reaction_checkpoints SET position = $1', [kept]);
      await under.database.pool.query('DELETE FROM outbox WHERE position = $1', [lost.at(-1)]);
      await under.start();
      await under.areTold([kept, ...lost]);
      expect(await ids()).toEqual(before);
    });

    it('goes on from the end of an older log that was accepted, and its being set back may be repeated', async () => {
      const first = await under.start();
      const before = await under.happens(2);
      await under.areTold(before);
      await first.stop();
      const { store, database } = under;
      // The event that it handled last is one that the older copy does not have.
      await database.pool.query('UPDATE reaction_checkpoints SET event_id = $1', [crypto.randomUUID()]);
      await expect(under.start()).rejects.toMatchObject({ name: 'WrongLog' });
      await setBack(database.pool, store, 0);
      await setBack(database.pool, store, 0);
      await under.start();
      const after = await under.happens();
      await under.areTold([...before, ...after]);
    });

    it('is of one log: who works with that of before, or after, moves it no further and does not start', async () => {
      const at = (generation: number) => under.start({ generation });
      const first = await at(1);
      const before = await under.happens(2);
      await under.areTold(before);
      const { pool } = under.database;
      await withTransaction(pool, (tx) => carryOver(tx, new PlaceMap(), 2));
      const after = await under.happens();
      await eventually(() => first.faults.some((fault) => fault instanceof WrongLog), { timeoutMs: 20_000 });
      expect(await under.told()).toEqual(before);
      for (const other of [1, 3])
        await expect(at(other)).rejects.toMatchObject({ name: 'WrongLog', reason: 'another-generation' });
      await at(2);
      await under.areTold([...before, ...after]);
    });

    it('is found again by its event in a log that was moved since, when that is accepted', async () => {
      const first = await under.start();
      const before = await under.happens(2);
      await under.areTold(before);
      await first.stop();
      const after = await under.happens(2);
      const { store, database } = under;
      await database.pool.query(
        `UPDATE reaction_checkpoints SET position = 1000000, begins_after = 999000, event_position = 1000000`,
      );
      await setBack(database.pool, store, 1);
      await under.start({ generation: 1 });
      await under.areTold([...before, ...after]);
    });

    it('put before its beginning, sends nothing of what was before it', async () => {
      await under.happens(2);
      const first = await under.start();
      await first.stop();
      await under.database.pool.query('UPDATE reaction_checkpoints SET position = -1');
      await under.start();
      const after = await under.happens();
      await under.areTold(after);
    });

    it('is a newer program’s once that has come: the older one stands back, and nothing is sent again', async () => {
      const older = await under.start();
      const before = await under.happens(2);
      await under.areTold(before);
      await under.start({ reactions: [telling({ version: 2 })] });
      const after = await under.happens(2);
      await under.areTold([...before, ...after]);
      await eventually(() => older.faults.some((fault) => fault instanceof Superseded), {
        timeoutMs: 20_000,
      });
      const late = await under.start();
      const last = await under.happens();
      await under.areTold([...before, ...after, ...last]);
      await eventually(() => late.faults.some((fault) => fault instanceof Superseded), {
        timeoutMs: 20_000,
      });
    });
  });
}

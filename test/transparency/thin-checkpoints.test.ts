import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { newestCheckpoint, thinCheckpoints } from '../../src/transparency/checkpoint-tables.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const now = new Date('2026-11-30T12:00:00Z');

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const signedEvery = (minutes: number, from: string, until: string, sizesFrom: number) =>
  database.pool.query(
    `INSERT INTO transparency_checkpoints (size, root, note, signed_at)
     SELECT $1 + row_number() OVER (ORDER BY at), sha256('x'), 'a note', at
     FROM generate_series($2::timestamptz, $3, make_interval(mins => $4)) AS at`,
    [sizesFrom, from, until, minutes],
  );
const kept = async (from: string, until: string) => {
  const { rows } = await database.pool.query<{ at: string }>(
    `SELECT to_char(signed_at AT TIME ZONE 'UTC', 'DD HH24:MI') AS at FROM transparency_checkpoints
     WHERE signed_at >= $1 AND signed_at < $2 ORDER BY size`,
    [from, until],
  );
  return rows.map(({ at }) => at);
};

it('all of the last days are kept, then the last one of each hour, then of each day', async () => {
  await signedEvery(10, '2026-08-01T00:00Z', '2026-08-03T23:59Z', 0);
  await signedEvery(10, '2026-11-20T00:00Z', '2026-11-20T02:59Z', 1_000);
  await signedEvery(10, '2026-11-30T00:00Z', '2026-11-30T01:59Z', 2_000);
  expect(await thinCheckpoints(database.pool, now)).toBe(3 * 143 + 3 * 5);
  expect(await kept('2026-08-01', '2026-08-04')).toEqual(['01 23:50', '02 23:50', '03 23:50']);
  expect(await kept('2026-11-20', '2026-11-21')).toEqual(['20 00:50', '20 01:50', '20 02:50']);
  expect(await kept('2026-11-30', '2026-12-01')).toHaveLength(12);
  expect(await thinCheckpoints(database.pool, now)).toBe(0);
});

it('the newest is kept, however old', async () => {
  await signedEvery(10, '2026-01-01T00:00Z', '2026-01-01T00:30Z', 0);
  await thinCheckpoints(database.pool, now);
  expect((await newestCheckpoint(database.pool))?.size).toBe(4);
  expect(await kept('2026-01-01', '2026-01-02')).toEqual(['01 00:30']);
});

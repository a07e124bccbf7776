import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openCallIds } from '../../src/compose/call-ids.js';
import { placeOf } from '../../src/domain/usage/call-id.js';
import { migrate } from '../../src/postgres/migrate.js';
import { createPool } from '../../src/postgres/pool.js';
import { eventually } from '../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

describe('ids of calls', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const open = (usageStreams: 'account' | 'process') =>
    openCallIds({ config: { usageStreams }, database: { pool: database.pool, ownerUrl: database.url } });
  const isBreaking = async () =>
    (
      await database.pool.query<{ breaking: boolean }>(
        'SELECT breaking FROM schema_migrations WHERE number = 60',
      )
    ).rows[0]?.breaking;

  it('name the lane of their process, and shut no version out as long as charges go to streams of accounts', async () => {
    const [one, other] = [await open('account'), await open('account')];
    expect(placeOf(one())).toEqual({ lane: expect.stringMatching(/^[0-9a-f]{2}$/), madeMs: undefined });
    expect(placeOf(one()).lane).toBe(placeOf(one()).lane);
    expect(placeOf(one()).lane).not.toBe(placeOf(other()).lane);
    expect(await isBreaking()).toBe(false);
  });

  it('are not made for streams of processes while a version of before is at work, which changes nothing', async () => {
    const older = createPool({
      connectionString: database.url,
      max: 1,
      applicationName: 'counterfoil relay listen',
    });
    const reader = createPool({ connectionString: database.url, max: 1, applicationName: 'counterfoil api' });
    try {
      await older.query('SELECT 1');
      await reader.query('SELECT 1');
      // What brought the database up to date came after it.
      await database.pool.query(
        'UPDATE schema_migrations SET applied_at = clock_timestamp() WHERE number = 60',
      );
      await expect(open('process')).rejects.toThrow(
        /USAGE_STREAMS=process: an older version works on this ledger \(counterfoil relay listen, .*Stop it first/,
      );
      expect(await isBreaking()).toBe(false);
    } finally {
      await older.end();
      await reader.end();
    }
  });

  it('name the time as well where charges go to streams of processes, and no version of before can start from then on', async () => {
    const fromMs = Date.now();
    // The database takes a moment to notice that somebody has gone.
    const newCallId = await eventually(() => open('process'));
    expect(placeOf(newCallId()).madeMs).toBeGreaterThanOrEqual(fromMs);
    expect(await isBreaking()).toBe(true);
    // As a version that does not know the migration sees it.
    await database.pool.query(`UPDATE schema_migrations SET number = 9999 WHERE number = 60`);
    await expect(migrate(database.pool)).rejects.toThrow(
      'The database was changed by a newer version (0060_usage_streams.sql)',
    );
  });
});

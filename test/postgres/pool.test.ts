import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool, withTransaction } from '../../src/postgres/pool.js';
import { prepared, preparing } from '../../src/postgres/prepared.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

describe('the pool', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
    await database.pool.query('CREATE TABLE ledger (amount bigint)');
  });
  afterAll(() => database.drop());

  it('reads int8 as bigint, a date as text and numeric as a string', async () => {
    const { rows } = await database.pool.query(
      `SELECT 9223372036854775807 AS big, 1 AS small, DATE '2026-02-28' AS day, 0.10::numeric AS ratio`,
    );
    expect(rows).toEqual([{ big: 9223372036854775807n, small: 1, day: '2026-02-28', ratio: '0.10' }]);
  });

  it('commits what resolves and rolls back what rejects', async () => {
    await withTransaction(database.pool, (client) => client.query('INSERT INTO ledger VALUES (1)'));
    const failing = withTransaction(database.pool, async (client) => {
      await client.query('INSERT INTO ledger VALUES (2)');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const { rows } = await database.pool.query('SELECT amount FROM ledger');
    expect(rows).toEqual([{ amount: 1n }]);
  });

  it('ends a statement that takes too long', async () => {
    const pool = createPool({
      connectionString: database.url,
      max: 1,
      applicationName: 'slow',
      statementTimeoutMs: 50,
    });
    await expect(pool.query('SELECT pg_sleep(60)')).rejects.toThrow('statement timeout');
    await pool.end();
  });

  it('survives the loss of a lent connection: the borrower gets the error, the next one a new connection', async () => {
    const lost = withTransaction(database.pool, (client) =>
      client.query('SELECT pg_terminate_backend(pg_backend_pid())'),
    );
    await expect(lost).rejects.toThrow();
    await expect(database.pool.query('SELECT 1 AS one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
  });

  it('parses what is prepared once for a connection, and reads the tables that have the name by then', async () => {
    const pool = createPool({ connectionString: database.url, max: 1, applicationName: 'prepared' });
    await pool.query('CREATE SCHEMA live; CREATE TABLE live.rows (id int); INSERT INTO live.rows VALUES (1)');
    await pool.query('CREATE SCHEMA next; CREATE TABLE next.rows (id int); INSERT INTO next.rows VALUES (2)');
    const read = (least: number) =>
      pool.query<{ id: number }>(prepared('SELECT id FROM live.rows WHERE id >= $1', [least]));
    // The plan of the sixth time on may be one for any values.
    for (const least of [0, 1, 0, 1, 0, 1, 0]) expect((await read(least)).rows).toEqual([{ id: 1 }]);
    expect((await read(2)).rows).toEqual([]);

    await pool.query('ALTER SCHEMA live RENAME TO old; ALTER SCHEMA next RENAME TO live');
    expect((await read(0)).rows).toEqual([{ id: 2 }]);
    const { rows } = await preparing(pool).query<{ times: bigint }>(
      'SELECT generic_plans + custom_plans AS times FROM pg_prepared_statements WHERE statement LIKE $1',
      ['SELECT id FROM live.rows%'],
    );
    expect(rows).toEqual([{ times: 9n }]);
    await pool.end();
  });

  it('leaves a statement without values, and one that cannot be parsed, as they are', async () => {
    const pool = createPool({ connectionString: database.url, max: 1, applicationName: 'prepared' });
    await expect(pool.query(prepared('SELECT id FROM later WHERE id = $1', [1]))).rejects.toThrow(
      'does not exist',
    );
    await preparing(pool).query('CREATE TABLE later (id int); INSERT INTO later VALUES (1)');
    expect((await pool.query(prepared('SELECT id FROM later WHERE id = $1', [1]))).rows).toEqual([{ id: 1 }]);
    await pool.end();
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool, withTransaction } from '../../src/postgres/pool.js';
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
});

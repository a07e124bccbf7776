import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  FLEETING_TABLES,
  KEPT_SEQUENCES,
  KEPT_TABLES,
  LOG_TABLES,
  REMADE_TABLES,
} from '../../src/backup/tables.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

describe('what a backup has of the database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const names = async (text: string): Promise<readonly string[]> =>
    (await database.pool.query<{ name: string }>(text)).rows.map(({ name }) => name);

  it('is every table but those that are made of the log, so that a migration cannot add one that nobody saves', async () => {
    const tables = await names(`SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'`);

    const told = [
      ...KEPT_TABLES.map(({ table }) => table),
      ...LOG_TABLES,
      ...REMADE_TABLES,
      ...FLEETING_TABLES,
    ];
    expect([...tables].sort()).toEqual([...told].sort());
  });

  it('is every sequence', async () => {
    const sequences = await names(
      `SELECT sequencename::text AS name FROM pg_sequences WHERE schemaname = 'public'`,
    );

    expect([...sequences].sort()).toEqual([...KEPT_SEQUENCES].sort());
  });

  it('is in an order that the rows themselves give', async () => {
    for (const { table, by } of KEPT_TABLES) {
      const unique = await names(
        `SELECT indexdef AS name FROM pg_indexes WHERE tablename = '${table}' AND indexdef LIKE 'CREATE UNIQUE%'`,
      );
      expect({ table, unique }).toEqual({
        table,
        unique: expect.arrayContaining([expect.stringContaining(`(${by})`)]),
      });
    }
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, SchemaTooNew } from '../../src/postgres/migrate.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

describe('migrations', () => {
  let database: TestDatabase;
  let directory: string;
  const file = (name: string, sql: string) => writeFile(join(directory, name), sql);

  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
  });
  beforeEach(async () => {
    await database.pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    directory = await mkdtemp(join(tmpdir(), 'counterfoil-migrations-'));
    await file('0001_first.sql', 'CREATE TABLE first (id int)');
  });
  afterEach(() => rm(directory, { recursive: true }));
  afterAll(() => database.drop());

  it('applies all of the project, once, in order', async () => {
    const all = (await readdir('migrations')).filter((name) => name.endsWith('.sql')).sort();
    expect(await migrate(database.pool)).toEqual(all);
    expect(await migrate(database.pool)).toEqual([]);
  });

  it('is safe when many start at once', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => migrate(database.pool, directory)));
    expect(results.flat()).toEqual(['0001_first.sql']);
  });

  it('applies what was added later, and nothing of a set in which one fails', async () => {
    await migrate(database.pool, directory);
    await file('0002_second.sql', 'CREATE TABLE second (id int)');
    await file('0003_third.sql', 'CREATE TABLE third (id nosuchtype)');
    await expect(migrate(database.pool, directory)).rejects.toThrow(/0003_third\.sql failed.*nosuchtype/);
    await file('0003_third.sql', 'CREATE TABLE third (id int)');
    expect(await migrate(database.pool, directory)).toEqual(['0002_second.sql', '0003_third.sql']);
  });

  it('lets an old program work on a newer schema unless that is marked as breaking', async () => {
    await file('0002_harmless.sql', 'CREATE INDEX ON first (id)');
    await migrate(database.pool, directory);
    await rm(join(directory, '0002_harmless.sql'));
    expect(await migrate(database.pool, directory)).toEqual([]);

    await file('0003_breaking.sql', '-- breaking\nDROP TABLE first');
    await migrate(database.pool, directory);
    await rm(join(directory, '0003_breaking.sql'));
    await expect(migrate(database.pool, directory)).rejects.toThrow(SchemaTooNew);
  });

  it('refuses two files with one number', async () => {
    await file('0001_again.sql', 'SELECT 1');
    await expect(migrate(database.pool, directory)).rejects.toThrow('Two migrations have the number 1');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allProjections } from '../../../src/projections/all-projections.js';
import { installProjections } from '../../../src/projections/runtime/install.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';

const projections = allProjections('UTC');

describe('the installation of read models', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const indexes = async () => {
    const { rows } = await database.pool.query<{ name: string }>(
      `SELECT schemaname || '.' || indexname AS name FROM pg_indexes ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  };

  it('makes the indexes that tables of before do not have, and leaves tables of another version alone', async () => {
    await installProjections(database.pool, projections);
    const all = await indexes();
    const byPosition = all.filter((name) => name.endsWith('.payments_by_position'));
    expect(byPosition).toHaveLength(1);
    await database.pool.query(`DROP INDEX ${byPosition.join()}`);
    const otherVersion = projections.map((projection) => ({ ...projection, version: 'other' }));
    expect(await installProjections(database.pool, otherVersion)).toHaveLength(projections.length);
    expect(await indexes()).not.toEqual(all);
    expect(await installProjections(database.pool, projections)).toEqual([]);
    expect(await indexes()).toEqual(all);
  });
});

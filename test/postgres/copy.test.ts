import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { copyInto, copyLine } from '../../src/postgres/copy.js';
import { copyOut } from '../../src/postgres/copy-out.js';
import { withTransaction } from '../../src/postgres/pool.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

describe('copying rows', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
    await database.pool.query('CREATE TABLE t (n bigint PRIMARY KEY, s text, at timestamptz, id uuid)');
  });
  afterAll(() => database.drop());

  it('keeps every text that can be stored, and marks what cannot', async () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom('\\', '\t', '\n', '\r', '\0', '\ud800', 'N', '😀'), fc.string()),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text), { minLength: 1, maxLength: 20 }), async (texts) => {
        await database.pool.query('TRUNCATE t');
        const lines = texts.map((s, n) => copyLine([n, s, null, null])).join('');
        expect(await withTransaction(database.pool, (tx) => copyInto(tx, 't (n, s, at, id)', lines))).toBe(
          texts.length,
        );
        const { rows } = await database.pool.query<{ s: string | null }>('SELECT s FROM t ORDER BY n');
        expect(rows.map(({ s }) => s)).toEqual(
          texts.map((s) => (s === null ? null : Buffer.from(s.replaceAll('\0', '\uFFFD')).toString())),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('fails as any statement does, and the connection goes on', async () => {
    const line = copyLine([1, 'x', null, null]);
    await expect(
      withTransaction(database.pool, (tx) => copyInto(tx, 't (n, s, at, id)', line + line)),
    ).rejects.toMatchObject({ code: '23505' });
    await expect(
      withTransaction(database.pool, (tx) => copyInto(tx, 'nowhere (n)', '1\n')),
    ).rejects.toMatchObject({ code: '42P01' });
    const failing = withTransaction(database.pool, (tx) =>
      copyOut(tx, 'SELECT n FROM generate_series(1, 1000) n', () => {
        throw new RangeError('no such row');
      }),
    );
    await expect(failing).rejects.toThrow('no such row');
    expect((await database.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('reads every kind of column, times cut off to the millisecond, and no rows at all', async () => {
    const read = async (query: string) => {
      const rows: unknown[] = [];
      await withTransaction(database.pool, (tx) =>
        copyOut(tx, query, (row) => rows.push([row.bigint(0), row.text(1), row.time(2), row.uuid(3)])),
      );
      return rows;
    };
    const id = '8a6f2a34-7a52-5a7c-9a4e-1f5a3d1f0e11';
    const rowOf = (n: bigint, s: string, at: string) =>
      `SELECT ${n}::bigint, '${s}'::text, '${at}'::timestamptz, '${id}'::uuid`;
    expect(
      await read(
        `${rowOf(-5n, 'ä😀', '1999-12-31T23:59:59.9999Z')} UNION ALL ${rowOf(9n, '', '2026-11-21T09:00:00.001999Z')}`,
      ),
    ).toEqual([
      [-5n, 'ä😀', new Date('1999-12-31T23:59:59.999Z'), id],
      [9n, '', new Date('2026-11-21T09:00:00.001Z'), id],
    ]);
    expect(await read(`${rowOf(1n, 'x', '2000-01-01Z')} WHERE false`)).toEqual([]);
  });
});

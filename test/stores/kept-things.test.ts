import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createKeptThings } from '../../src/stores/kept-things.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const ADA = '6f1c1d2e-0000-4000-8000-00000000000a';
const BEN = '6f1c1d2e-0000-4000-8000-00000000000b';
const at = (accountId: string, channelId = 'main', tokens = 25) => ({
  accountId,
  channelId,
  keyId: 'key-1',
  tokens,
});

describe('the record of what is kept at upstreams', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('finds what was left, the account’s own before that of another', async () => {
    const kept = createKeptThings(database.pool);
    await kept.keep(at(ADA), ['one', 'one', 'two']);
    await kept.keep(at(BEN, 'other', 7), ['two', 'three']);
    expect(await kept.find(ADA, ['one', 'two', 'three', 'four'])).toEqual(
      new Map([
        ['one', at(ADA)],
        ['two', at(ADA)],
        ['three', at(BEN, 'other', 7)],
      ]),
    );
    await kept.forget(BEN, 'one');
    await kept.forget(ADA, 'two');
    expect([...(await kept.find(ADA, ['one', 'two'])).values()]).toEqual([at(ADA), at(BEN, 'other', 7)]);
  });

  it('knows the keys that others have used, for ever', async () => {
    const kept = createKeptThings(database.pool);
    await kept.keep(at(ADA, 'alone'), ['a']);
    await kept.keep(at(ADA, 'alone'), ['b']);
    expect(await kept.sharedKeys(ADA)).not.toContain('alone/key-1');
    expect(await kept.sharedKeys(BEN)).toContain('alone/key-1');
    await kept.keep(at(BEN, 'alone'), ['c']);
    await kept.forget(BEN, 'c');
    expect(await kept.sharedKeys(ADA)).toContain('alone/key-1');
  });

  it('is of one mind when accounts leave something at once', async () => {
    const kept = createKeptThings(database.pool);
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        kept.keep(at(n % 2 ? ADA : BEN, 'busy'), [`busy-${n >> 1}`, 'busy']),
      ),
    );
    expect(await kept.sharedKeys(ADA)).toContain('busy/key-1');
    expect(await kept.sharedKeys(BEN)).toContain('busy/key-1');
  });

  it('forgets what is older than thirty days, and an account’s oldest beyond its bound', async () => {
    const kept = createKeptThings(database.pool);
    await kept.keep(at(ADA), ['old', 'young']);
    await database.pool.query("UPDATE kept_things SET kept_at = now() - interval '31 days' WHERE id = 'old'");
    expect([...(await kept.find(ADA, ['old', 'young'])).keys()]).toEqual(['young']);
    const bounded = createKeptThings(database.pool, 3);
    await bounded.keep(at(ADA), ['x1', 'x2', 'x3']);
    const { rows } = await database.pool.query('SELECT id FROM kept_things WHERE account_id = $1', [ADA]);
    expect(rows.map(({ id }) => String(id)).sort()).toEqual(['x1', 'x2', 'x3']);
  });

  it.each([
    ['one account', [ADA], ADA],
    ['several accounts', [ADA, BEN], null],
  ])('takes a key of before that %s may have used for theirs', async (_accounts, accounts, sole) => {
    const { pool } = database;
    await pool.query(
      `DROP TABLE kept_things, kept_keys; DROP SCHEMA IF EXISTS p_accounts, p_catalogue CASCADE;
       CREATE SCHEMA p_accounts; CREATE TABLE p_accounts.accounts (account_id uuid);
       CREATE SCHEMA p_catalogue; CREATE TABLE p_catalogue.channels (channel_id text, settings jsonb);
       INSERT INTO p_catalogue.channels VALUES ('main', '{"keys": [{"id": "a"}, {"id": "b"}]}'), ('empty', '{}')`,
    );
    await pool.query('INSERT INTO p_accounts.accounts SELECT unnest($1::uuid[])', [accounts]);
    await pool.query(await readFile('migrations/0009_kept_things.sql', 'utf8'));
    const { rows } = await pool.query('SELECT * FROM kept_keys ORDER BY key_id');
    const of = (key_id: string) => ({ channel_id: 'main', key_id, sole_account: sole });
    expect(rows).toEqual([of('a'), of('b')]);
  });
});

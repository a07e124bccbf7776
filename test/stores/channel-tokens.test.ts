import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTokenStore } from '../../src/stores/channel-tokens.js';
import { createKeyring } from '../../src/support/keyring.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const KEY = { channelId: 'one', keyId: 'key-1' };
const token = (n: number) => ({
  accessToken: `access-secret-${n}`,
  expiresAtMs: Date.UTC(2026, 10, 29, n),
  livesMs: 3_600_000,
  refreshToken: `refresh-secret-${n}`,
  askedFor: 'a',
});

describe('tokens of channels', () => {
  let database: TestDatabase;
  const store = () => createTokenStore(database.pool, createKeyring(new Uint8Array(32).fill(7)));
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('are kept sealed, and are the same for every process', async () => {
    await store().alone(KEY, async ({ kept, keep }) => {
      expect(kept).toBeUndefined();
      await keep(token(1));
    });
    expect(await store().alone(KEY, async ({ kept }) => kept)).toEqual(token(1));
    expect(await store().alone({ ...KEY, keyId: 'key-2' }, async ({ kept }) => kept)).toBeUndefined();
    const { rows } = await database.pool.query('SELECT * FROM channel_tokens');
    expect(JSON.stringify(rows)).not.toContain('secret');
  });

  it('are renewed by one process at a time, each of which sees what the one before kept', async () => {
    const seen: (string | undefined)[] = [];
    await Promise.all(
      [2, 3, 4].map((n) =>
        store().alone(KEY, async ({ kept, keep }) => {
          seen.push(kept?.accessToken);
          await keep(token(n));
        }),
      ),
    );
    const last = (await store().alone(KEY, async ({ kept }) => kept))?.accessToken;
    expect(new Set([...seen, last])).toEqual(new Set([1, 2, 3, 4].map((n) => token(n).accessToken)));
  });

  it('that were kept stay, also where what comes after them fails', async () => {
    const fails = store().alone(KEY, async ({ keep }) => {
      await keep(token(9));
      throw new Error('the process dies');
    });
    await expect(fails).rejects.toThrow('dies');
    expect(await store().alone(KEY, async ({ kept }) => kept)).toEqual(token(9));
  });
});

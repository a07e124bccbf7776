import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Child } from '../../../../bench/support/child.js';
import { eventually } from '../../../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../../support/postgres.js';
import { startTcpProxy, type TcpProxy } from '../../../support/tcp-proxy.js';
import { channel } from '../../support/relay-world.js';
import { startTokenEndpoint, type TokenEndpoint } from '../../support/token-endpoint.js';

const HOUR_MS = 3_600_000;
const BEGIN_MS = Date.UTC(2026, 10, 29);

let database: TestDatabase;
let endpoint: TokenEndpoint;

/** Of the turn of one that was killed: the others wait for it. */
const TURN_MS = '3000';

async function start(url = database.url): Promise<Child> {
  const env = { DATABASE_URL: url, TURN_MS };
  const child = new Child(new URL('./token-process.ts', import.meta.url), { env });
  await child.ready();
  return child;
}
const access = (keyId = 'key-1') => ({
  channelId: 'one',
  keyId,
  apiKey: JSON.stringify({ refresh_token: 'refresh-0', client_secret: 'client-secret-test' }),
  settings: channel('one', 'https://up.example', {
    oauth: { token_url: endpoint.url, client_id: 'client-1', scopes: [] },
  }).settings,
});
/** What the process shows upstream at this time. */
const shown = (child: Child, nowMs: number, keyId?: string) =>
  child.ask<{ token?: string; error?: string }>({ nowMs, access: access(keyId) });
/** At once, and nothing of it can be said any more. */
const kill = (child: Child) => process.kill(child.pid, 'SIGKILL');
const refreshTokens = () => endpoint.asked.map((form) => form.get('refresh_token'));

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  endpoint = await startTokenEndpoint();
  await database.pool.query('DELETE FROM channel_tokens; DELETE FROM channel_token_turns');
});
afterEach(async () => {
  await endpoint.close();
});

describe('three processes with the tokens of one channel', () => {
  const started: Child[] = [];
  const begin = async () => {
    const child = await start();
    started.push(child);
    return child;
  };
  afterEach(async () => {
    for (const child of started.splice(0)) await child.stop();
  });

  it('fetch one each time that it is due, with the refresh token that came last, and go on where one is killed', async () => {
    const [one, two, three] = await Promise.all([begin(), begin(), begin()]);
    const all = [one, two, three];
    for (let round = 0; round < 3; round++) {
      const tokens = await Promise.all(all.map((child) => shown(child, BEGIN_MS + round * HOUR_MS)));
      expect(tokens).toEqual(all.map(() => ({ token: `access-${round + 1}` })));
    }
    expect(refreshTokens()).toEqual(['refresh-0', 'refresh-1', 'refresh-2']);

    // Killed while the endpoint has its question: the token that it asked with is still good.
    let answer: () => void = () => undefined;
    endpoint.waits = new Promise((resolve) => (answer = resolve));
    const asking = shown(one, BEGIN_MS + 3 * HOUR_MS).catch(() => 'killed');
    await eventually(async () => endpoint.asked.length === 4);
    const waiting = [two, three].map((child) => shown(child, BEGIN_MS + 3 * HOUR_MS));
    kill(one);
    expect(await asking).toBe('killed');
    await eventually(async () => endpoint.asked.length === 5);
    answer();
    expect(await Promise.all(waiting)).toEqual([{ token: 'access-4' }, { token: 'access-4' }]);
    expect(refreshTokens().slice(3)).toEqual(['refresh-3', 'refresh-3']);

    // Killed once it was given one: what came with it is kept, and who comes after knows it.
    endpoint.waits = undefined;
    expect(await shown(two, BEGIN_MS + 4 * HOUR_MS)).toEqual({ token: 'access-5' });
    kill(two);
    kill(three);
    const four = await begin();
    expect(await shown(four, BEGIN_MS + 4 * HOUR_MS)).toEqual({ token: 'access-5' });
    expect(endpoint.asked).toHaveLength(6);
    expect(await shown(four, BEGIN_MS + 5 * HOUR_MS)).toEqual({ token: 'access-6' });
    expect(refreshTokens().slice(5)).toEqual(['refresh-4', 'refresh-5']);
  });
});

describe('a process whose connection to PostgreSQL breaks while it is its turn', () => {
  let proxy: TcpProxy;
  let one: Child;
  let two: Child;
  let answer: () => void;
  /** Another one in each test: what a process was told of one key it knows. */
  let key: string;
  beforeAll(async () => {
    proxy = await startTcpProxy(database.url);
    [one, two] = await Promise.all([start(proxy.url), start()]);
  });
  afterAll(async () => {
    for (const child of [one, two]) await child.stop();
    await proxy.stop();
  });
  beforeEach(() => {
    key = randomUUID();
    endpoint.waits = new Promise((resolve) => (answer = resolve));
  });

  /** Whose turn it is, by its connection. */
  const turnOf = async (): Promise<number | undefined> => {
    const { rows } = await database.pool.query<{ pid: number }>(
      `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 72617 AND granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return rows[0]?.pid;
  };
  /** The endpoint has the question of one, whose connection then breaks, and two is the next. */
  async function breakWithin(breaks: () => unknown) {
    const first = shown(one, BEGIN_MS, key);
    await eventually(async () => endpoint.asked.length === 1);
    const before = await turnOf();
    const second = shown(two, BEGIN_MS, key);
    await breaks();
    return { first, second, before };
  }

  it('before it has asked: it asks nothing, and the next one does', async () => {
    answer();
    const test = await database.pool.connect();
    try {
      await test.query(`SELECT pg_advisory_lock(72617, hashtext($1))`, [`one/${key}`]);
      const first = shown(one, BEGIN_MS, key);
      await eventually(async () => {
        const { rows } = await test.query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`);
        return rows.length > 0;
      });
      proxy.cut();
      expect(await first).toHaveProperty('error');
      expect(endpoint.asked).toHaveLength(0);
    } finally {
      await test.query('SELECT pg_advisory_unlock_all()');
      test.release();
    }
    expect(await shown(two, BEGIN_MS, key)).toEqual({ token: 'access-1' });
    expect(await shown(one, BEGIN_MS + 6_000, key)).toEqual({ token: 'access-1' });
    expect(refreshTokens()).toEqual(['refresh-0']);
  });

  it('while the endpoint is asked: what it is given is kept by another connection, and the next one waits for it', async () => {
    const { first, second, before } = await breakWithin(() => proxy.cut());
    await eventually(async () => ![undefined, before].includes(await turnOf()));
    answer();
    expect(await Promise.all([first, second])).toEqual([{ token: 'access-1' }, { token: 'access-1' }]);
    expect(refreshTokens()).toEqual(['refresh-0']);
  });

  it('when it was given a token, and for a while there is none: it is kept as soon as there is', async () => {
    const { first, second, before } = await breakWithin(() => proxy.interrupt());
    await eventually(async () => ![undefined, before].includes(await turnOf()));
    answer();
    await proxy.restore();
    expect(await Promise.all([first, second])).toEqual([{ token: 'access-1' }, { token: 'access-1' }]);
    expect(refreshTokens()).toEqual(['refresh-0']);
  });

  it('when it was kept, and the word of that is lost', async () => {
    const { first, second } = await breakWithin(() => proxy.swallowAnswers());
    answer();
    await eventually(async () => {
      const { rows } = await database.pool.query('SELECT FROM channel_tokens');
      return rows.length === 1;
    });
    proxy.cut();
    expect(await Promise.all([first, second])).toEqual([{ token: 'access-1' }, { token: 'access-1' }]);
    expect(refreshTokens()).toEqual(['refresh-0']);
  });
});

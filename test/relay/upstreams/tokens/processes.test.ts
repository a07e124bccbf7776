import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Child } from '../../../../bench/support/child.js';
import { eventually } from '../../../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../../support/postgres.js';
import { channel } from '../../support/relay-world.js';
import { startTokenEndpoint, type TokenEndpoint } from '../../support/token-endpoint.js';

const HOUR_MS = 3_600_000;
const BEGIN_MS = Date.UTC(2026, 10, 29);

let database: TestDatabase;
let endpoint: TokenEndpoint;
const started: Child[] = [];

async function start(): Promise<Child> {
  const env = { DATABASE_URL: database.url };
  const child = new Child(new URL('./token-process.ts', import.meta.url), { env });
  started.push(child);
  await child.ready();
  return child;
}
const access = () => ({
  channelId: 'one',
  keyId: 'key-1',
  apiKey: JSON.stringify({ refresh_token: 'refresh-0', client_secret: 'client-secret-test' }),
  settings: channel('one', 'https://up.example', {
    oauth: { token_url: endpoint.url, client_id: 'client-1', scopes: [] },
  }).settings,
});
/** What the process shows upstream at this time. */
const shown = (child: Child, nowMs: number) =>
  child.ask<{ token?: string; error?: string }>({ nowMs, access: access() });
/** At once, and nothing of it can be said any more. */
const kill = (child: Child) => process.kill(child.pid, 'SIGKILL');
const refreshTokens = () => endpoint.asked.map((form) => form.get('refresh_token'));

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  endpoint = await startTokenEndpoint();
  await database.pool.query('DELETE FROM channel_tokens');
});
afterEach(async () => {
  for (const child of started.splice(0)) await child.stop();
  await endpoint.close();
});

describe('three processes with the tokens of one channel', () => {
  it('fetch one each time that it is due, with the refresh token that came last, and go on where one is killed', async () => {
    const [one, two, three] = await Promise.all([start(), start(), start()]);
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
    const four = await start();
    expect(await shown(four, BEGIN_MS + 4 * HOUR_MS)).toEqual({ token: 'access-5' });
    expect(endpoint.asked).toHaveLength(6);
    expect(await shown(four, BEGIN_MS + 5 * HOUR_MS)).toEqual({ token: 'access-6' });
    expect(refreshTokens().slice(5)).toEqual(['refresh-4', 'refresh-5']);
  });
});

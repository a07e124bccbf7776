import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { type Service, startService } from '../../src/compose/service.js';
import { readConfig } from '../../src/config.js';
import { SERVICE_KEY } from '../acceptance/support/deployment.js';
import { frontEnd } from '../acceptance/support/clients.js';
import { counterfoil } from '../support/counterfoil.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

/** As New API keeps it, and as its owner has it. */
const KEY = 'q7'.repeat(24);
const EXTERNAL_USER_ID = 'new-api-7';

let folder: string;
let database: TestDatabase;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-carried-'));
  database = await createTestDatabase({ empty: true });
  environment = {
    PORT: '0',
    DATA_DIR: folder,
    DATABASE_URL: database.url,
    MASTER_KEY: randomBytes(32).toString('base64'),
    SERVICE_KEYS: SERVICE_KEY,
  };
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function fileOf(name: string, row: object): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, `${JSON.stringify(row)}\n`);
  return file;
}

async function call({ url }: Service): Promise<number> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer sk-${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello there' }] }),
  });
  await response.text();
  return response.status;
}

describe('a key that was carried over from a New API', () => {
  it('calls as it did, from the balance that came along, until it is reset', async () => {
    const users = { id: 7, username: 'seven', status: 1, quota: 1_000_000 };
    const tokens = { id: 3, user_id: 7, key: KEY, name: 'laptop', status: 1, expired_time: -1 };
    const files = ['--users', await fileOf('users', users), '--tokens', await fileOf('tokens', tokens)];
    const { code, stdout } = await counterfoil(['import', 'new-api', ...files], environment);
    expect([code, stdout]).toEqual([0, expect.stringContaining('1 access keys, 0 brought before')]);

    const config = readConfig(environment, { mockUpstream: true });
    const service = await startService(config, pino({ level: 'silent' }), () => undefined);
    try {
      expect(await call(service)).toBe(200);
      const { body } = await frontEnd(service.url, 'GET', `/${EXTERNAL_USER_ID}/stats`);
      const [token] = body.data.tokens as readonly { id: number; key: string }[];
      expect(token?.key).toBe('sk-q7q7...q7q7');
      await frontEnd(service.url, 'POST', '/token/reset', {
        external_user_id: EXTERNAL_USER_ID,
        token_id: token?.id,
      });
      expect(await call(service)).toBe(401);
    } finally {
      await service.close();
    }
  });
});

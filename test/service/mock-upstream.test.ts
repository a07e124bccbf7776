import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { type Customer, createCustomer } from '../acceptance/support/clients.js';
import { SERVICE_KEY } from '../acceptance/support/deployment.js';
import { type Service, startService } from '../../src/compose/service.js';
import { readConfig, type StartOptions } from '../../src/config.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

let folder: string;
let database: TestDatabase;
let environment: Record<string, string>;
let customer: Customer;
/** What the last start warned of, until it was ready. */
let warned: readonly Record<string, unknown>[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-mock-'));
  database = await createTestDatabase();
  environment = {
    PORT: '0',
    DATA_DIR: folder,
    DATABASE_URL: database.url,
    MASTER_KEY: randomBytes(32).toString('base64'),
    SERVICE_KEYS: SERVICE_KEY,
  };
}, 120_000);
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function whileServing(
  options: StartOptions,
  run: (service: Service) => Promise<void>,
  more: Record<string, string> = {},
): Promise<void> {
  const lines: Record<string, unknown>[] = [];
  const keep = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  const config = readConfig({ ...environment, ...more }, options);
  const service = await startService(config, pino({ level: 'warn' }, keep), () => undefined);
  warned = [...lines];
  try {
    await run(service);
  } finally {
    await service.close();
  }
}

async function call({ url }: Service, model: string) {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${customer.accessKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello there' }] }),
  });
  const { error } = (await response.json()) as { error?: { message: string } };
  return {
    status: response.status,
    charge: Number(response.headers.get('x-counterfoil-charge')),
    message: error?.message,
  };
}

const mockOf = async ({ ledger }: Service) =>
  (await ledger.readModels.catalogue()).channels.find(({ channelId }) => channelId === 'counterfoil-mock');
const SAMPLE = { BOOTSTRAP_FILE: 'samples/bootstrap.yaml' };

describe('a service that was started with the mock upstream', () => {
  it('answers and charges a first call with no file, no account and no price list', () =>
    whileServing({ mockUpstream: true }, async (service) => {
      customer = await createCustomer(service.url, 1);
      expect(await call(service, 'gpt-4o-mini')).toEqual({
        status: 200,
        charge: expect.any(Number),
        message: undefined,
      });
      expect((await call(service, 'gpt-4o')).charge).toBeGreaterThan(10);
      expect(warned.map(({ msg }) => msg)).toEqual([expect.stringContaining('a mock upstream answers')]);
    }));

  it('is not called by a service that was started without', () =>
    whileServing({}, async (service) => {
      expect(await mockOf(service)).toMatchObject({
        enabled: false,
        disabled: { reason: expect.stringContaining('was not asked for') },
      });
      expect(await call(service, 'gpt-4o-mini')).toMatchObject({
        status: 503,
        message: expect.stringContaining('those that would are disabled'),
      });
      expect(warned.map(({ msg }) => msg)).toEqual([expect.stringContaining('no channel is in use')]);
    }));

  it('leaves the price list alone that is in force', () =>
    whileServing({ mockUpstream: true }, async (service) => {
      expect((await service.ledger.readModels.catalogue()).priceVersion).toBe(1);
      expect((await call(service, 'gpt-4o-mini')).status).toBe(200);
    }));

  it("serves the models of the sample's channels, which are disabled and said to be", () =>
    whileServing(
      { mockUpstream: true },
      async (service) => {
        expect((await call(service, 'deepseek-chat')).status).toBe(200);
        const { disabled } = warned.find(({ disabled }) => disabled) ?? {};
        expect([...(disabled as string[])].sort()).toEqual(['DeepSeek', 'OpenAI', 'Qwen']);
      },
      SAMPLE,
    ));
});

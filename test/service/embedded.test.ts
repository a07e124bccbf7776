import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { ServiceProcess } from '../support/service-process.js';
import { StepwiseUpstream } from '../support/stepwise-upstream.js';
import type { ParsedJson } from '../support/parsed-json.js';

const SERVICE_KEY = 'front-end-test-key-1';
const UPSTREAM_KEY = 'upstream-secret-key';
const EXTERNAL = '/api/user/external';

const upstream = new StepwiseUpstream();
let folder: string;
let environment: Record<string, string>;
let service: ServiceProcess;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-service-'));
  // Where root runs the tests, PostgreSQL runs as somebody else, who must be able to enter.
  await chmod(folder, 0o755);
  const bootstrap = {
    prices: [{ model: 'gpt-4o', model_ratio: 1.25, completion_ratio: 4, max_output_tokens: 1000 }],
    channels: [{ name: 'Main', base_url: await upstream.start(), api_key: UPSTREAM_KEY, models: 'gpt-4o' }],
  };
  await writeFile(join(folder, 'bootstrap.json'), JSON.stringify(bootstrap));
  environment = {
    DATA_DIR: join(folder, 'data'),
    BOOTSTRAP_FILE: join(folder, 'bootstrap.json'),
    SERVICE_KEYS: SERVICE_KEY,
  };
  service = new ServiceProcess(environment);
  url = await service.ready();
}, 120_000);

afterAll(async () => {
  await service.stop();
  await upstream.close();
  await rm(folder, { recursive: true, force: true });
});

const json = async (response: Response) => (await response.json()) as Record<string, ParsedJson>;
async function external(path: string, body?: object) {
  const response = await fetch(url + EXTERNAL + path, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${SERVICE_KEY}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(200);
  return (await json(response)).data;
}
const chat = (accessKey: string) =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'Hi' }] }),
  });

describe('the service with everything embedded', () => {
  let accessKey: string;

  it('is alive, ready, and shows its figures', async () => {
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz`);
    expect(await json(ready)).toMatchObject({ ready: true });
    expect(ready.status).toBe(200);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('counterfoil_ledger_lag_seconds 0');
    expect((await fetch(`${url}/openapi.json`)).status).toBe(200);
    expect((await fetch(`${url}${EXTERNAL}/user-1`)).status).toBe(401);
  });

  it('makes its master key readable for nobody else', async () => {
    expect((await stat(join(folder, 'data', 'master.key'))).mode & 0o777).toBe(0o600);
  });

  it('takes a user from the first sync to a key', async () => {
    await external('/sync', { external_user_id: 'user-1', username: 'alice' });
    const topup = { external_user_id: 'user-1', amount_usd: 10, payment_id: 'pi_1' };
    expect(await external('/topup', topup)).toMatchObject({ current_quota: 5_000_000 });
    const token = await external('/token', { external_user_id: 'user-1', token_name: 'key' });
    accessKey = token.access_key;
    expect(accessKey).toMatch(/^sk-/);
  });

  it('refuses a second process on the same database, saying what to do', async () => {
    const second = new ServiceProcess(environment);
    expect(await second.exited()).toBe(3);
    expect(second.stderr).toContain('REDIS_URL');
  });

  it('lets an open stream finish and settles it before it ends, then starts again with the same books', async () => {
    const response = await chat(accessKey);
    const reader = response.body!.getReader();
    const decoder = new TextDecoder();
    let text = decoder.decode((await reader.read()).value);
    expect(text).toContain('Hello');
    service.signal('SIGTERM');
    await eventually(() => service.lines.some(({ msg }) => msg === 'shutting down'));
    // A connection that was idle may carry one more request; a new one is refused.
    await eventually(() =>
      fetch(`${url}/healthz`).then(
        () => false,
        () => true,
      ),
    );
    upstream.finish();
    for (let part = await reader.read(); !part.done; part = await reader.read())
      text += decoder.decode(part.value);
    expect(text).toContain(' world');
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(await service.exited()).toBe(0);
    expect(service.output).not.toContain(UPSTREAM_KEY);
    expect(service.output).not.toContain(accessKey);
    expect(service.output).not.toContain(SERVICE_KEY);

    service = new ServiceProcess(environment);
    url = await service.ready();
    // 1.25 × (10 + 5 × 4)
    const charge = 38;
    expect(await external('/user-1')).toMatchObject({
      used_quota: charge,
      current_quota: 5_000_000 - charge,
      total_requests: 1,
    });
    const catalogue = await external('/user-1/stats');
    expect(catalogue.user_info.balance_capacity['gpt-4o']).toMatchObject({ model_ratio: 1.25 });
  });

  it('breaks off a stream that outlasts the deadline, and charges what was delivered', async () => {
    await service.stop();
    service = new ServiceProcess({ ...environment, SHUTDOWN_DEADLINE_MS: '200' });
    url = await service.ready();
    const before = (await external('/user-1')).used_quota as number;
    const response = await chat(accessKey);
    const reader = response.body!.getReader();
    await reader.read();
    expect(await service.stop()).toBe(0);
    await reader.cancel().catch(() => undefined);
    service = new ServiceProcess(environment);
    url = await service.ready();
    const after = await external('/user-1');
    expect(after.used_quota).toBeGreaterThan(before);
    expect(after.used_quota - before).toBeLessThan(100);
  });
});

describe('the service with a faulty environment', () => {
  it('prints all faults at once and ends', async () => {
    const faulty = new ServiceProcess({ PORT: 'x', LEDGER_TIMEZONE: 'Mars/Olympus', ROLE: 'cook' });
    expect(await faulty.exited()).toBe(2);
    for (const name of ['PORT', 'LEDGER_TIMEZONE', 'ROLE']) expect(faulty.stderr).toContain(name);
  });

  it('names the faults of the bootstrap file before it starts anything', async () => {
    const file = join(folder, 'faulty.yaml');
    await writeFile(file, 'prices: [{ model: a }]');
    const faulty = new ServiceProcess({ DATA_DIR: join(folder, 'other'), BOOTSTRAP_FILE: file });
    expect(await faulty.exited()).toBe(2);
    expect(faulty.stderr).toContain('prices[1]');
    await expect(stat(join(folder, 'other'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operatorCommandsOn } from '../../src/compose/administration.js';
import { createCustomer } from '../acceptance/support/clients.js';
import { Deployment, type Service } from '../acceptance/support/deployment.js';
import { eventually } from '../support/eventually.js';

let deployment: Deployment;
let api: Service;
let relay: Service;
beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'redis' });
  api = await deployment.start('all');
  relay = await deployment.start('relay', { ROLE: 'relay' });
}, 180_000);
afterAll(() => deployment?.close());

const admin = async (method: string, path: string, body: object, token = '') => {
  const response = await fetch(`${api.url}/api/admin${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- expectations say what is in it
  return { status: response.status, data: ((await response.json()) as { data: any }).data };
};

describe('a setting that is changed through one process', () => {
  it('is in force there at once and in another soon, without a restart', async () => {
    const [name, password] = ['root', 'correct horse battery'];
    const { pool } = deployment.database;
    const meta = { actor: 'cli', requestId: 'test' };
    const operators = operatorCommandsOn({ pool, store: deployment.store });
    await operators.create({ name, role: 'admin', password }, meta);
    let token = '';
    await eventually(
      async () => {
        const { status, data } = await admin('POST', '/login', { name, password });
        if (status === 200) token = data.token as string;
        return status === 200;
      },
      { timeoutMs: 30_000, intervalMs: 500 },
    );
    const { accessKey } = await createCustomer(api.url, 0.01);
    /** The worst case of so many choices is more than the balance. */
    const statusAt = async ({ url }: Service) => {
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${accessKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'by-token', n: 60, messages: [{ role: 'user', content: 'hello' }] }),
      });
      await response.text();
      return response.status;
    };
    expect([await statusAt(api), await statusAt(relay)]).toEqual([200, 200]);

    expect((await admin('PUT', '/settings/hold_policy', { value: 'reject' }, token)).status).toBe(200);
    expect(await statusAt(api)).toBe(402);
    await eventually(async () => (await statusAt(relay)) === 402, { timeoutMs: 20_000, intervalMs: 100 });

    expect((await admin('PUT', '/settings/hold_policy', { reset: true }, token)).data.value).toBe('clamp');
    expect(await statusAt(api)).toBe(200);
    await eventually(async () => (await statusAt(relay)) === 200, { timeoutMs: 20_000, intervalMs: 100 });
  });
});

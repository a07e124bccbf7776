import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCustomer } from '../acceptance/support/clients.js';
import { Deployment, type Service } from '../acceptance/support/deployment.js';
import { signInAdmin } from '../acceptance/support/operator.js';
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

describe('a setting that is changed through one process', () => {
  it('is in force there at once and in another soon, without a restart', async () => {
    const admin = await signInAdmin(deployment, api.url);
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
    expect(await statusAt(api)).toBe(200);
    // What a call held beyond its charge is free for other processes a moment after its answer.
    await eventually(async () => (await statusAt(relay)) === 200, { timeoutMs: 20_000, intervalMs: 100 });

    await admin('PUT', '/settings/hold_policy', { value: 'reject' });
    expect(await statusAt(api)).toBe(402);
    await eventually(async () => (await statusAt(relay)) === 402, { timeoutMs: 20_000, intervalMs: 100 });

    expect((await admin('PUT', '/settings/hold_policy', { reset: true })).value).toBe('clamp');
    await eventually(async () => (await statusAt(api)) === 200, { timeoutMs: 20_000, intervalMs: 100 });
    await eventually(async () => (await statusAt(relay)) === 200, { timeoutMs: 20_000, intervalMs: 100 });
  });
});

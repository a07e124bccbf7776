import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCustomer, succeed } from '../acceptance/support/clients.js';
import { Deployment, type Service } from '../acceptance/support/deployment.js';

// A process behind a proxy that it trusts, as it is really put together.

const TOKEN = 'a-token-for-the-metrics';
let deployment: Deployment;
let service: Service;
beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'redis' });
  service = await deployment.start('all', { TRUSTED_PROXIES: '127.0.0.0/8', METRICS_TOKEN: TOKEN });
}, 180_000);
afterAll(() => deployment?.close());

describe('behind a trusted proxy', () => {
  it('a key is used from the addresses it is allowed, whatever else the client claims', async () => {
    const { id, tokenId, accessKey } = await createCustomer(service.url, 1);
    await succeed(service.url, 'PATCH', '/token', {
      external_user_id: id,
      token_id: tokenId,
      allow_ips: ['203.0.113.0/24'],
    });
    const statusFor = async (headers: Record<string, string>) => {
      const response = await fetch(`${service.url}/v1/models`, {
        headers: { authorization: `Bearer ${accessKey}`, ...headers },
      });
      await response.text();
      return response.status;
    };
    expect(await statusFor({ 'x-forwarded-for': '203.0.113.9' })).toBe(200);
    expect(await statusFor({ forwarded: 'for=203.0.113.9' })).toBe(200);
    expect(await statusFor({})).toBe(403);
    expect(await statusFor({ 'x-forwarded-for': '203.0.113.9, 198.51.100.7' })).toBe(403);
    expect(await statusFor({ 'x-forwarded-for': '198.51.100.7', forwarded: 'for=203.0.113.9' })).toBe(403);
  });

  it('guesses from one address leave every other one its own', async () => {
    const guess = async (address: string) => {
      const response = await fetch(`${service.url}/api/admin/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
        body: JSON.stringify({ name: 'nobody', password: 'a wrong password' }),
      });
      await response.text();
      return response.status;
    };
    const statuses: number[] = [];
    for (let tries = 0; tries < 7; tries++) statuses.push(await guess('203.0.113.9'));
    expect(statuses).toContain(429);
    expect(await guess('203.0.113.10')).toBe(401);
  });

  it('the metrics ask for their token', async () => {
    const status = async (headers: Record<string, string>) => {
      const response = await fetch(`${service.url}/metrics`, { headers });
      await response.text();
      return response.status;
    };
    expect([await status({}), await status({ authorization: `Bearer ${TOKEN}` })]).toEqual([401, 200]);
  });
});

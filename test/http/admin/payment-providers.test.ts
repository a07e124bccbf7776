import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PeopleServer, startPeopleServer } from '../support/people-server.js';

let world: PeopleServer;
let token: string;
beforeAll(async () => {
  world = await startPeopleServer();
  token = await world.administration.signIn('root', 'admin');
});
afterAll(() => world.close());

async function call(method: string, path: string, body?: object) {
  const answer = await world.server.raw(`/api/admin/payment-providers${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      'Accept-Language': 'en',
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: JSON.parse(answer.text), text: answer.text };
}

const configuration = {
  kind: 'stripe',
  settings: { account: 'acct_1Test', currencies: ['USD'] },
  secrets: { secret_key: 'sk_test_example0', webhook_secret: 'whsec_example0' },
};

describe('payment providers', () => {
  it('are configured, offered and offered no more; nothing shows their secrets', async () => {
    const made = await call('PUT', '/stripe', configuration);
    expect(made.body.data).toMatchObject({
      provider_id: 'stripe',
      revision: 1,
      enabled: false,
      settings: { account: 'acct_1Test', currencies: ['USD'], api_url: 'https://api.stripe.com' },
      notify_url: 'https://portal.example.com/api/payments/notify/stripe',
      configured_by: 'operator:root',
    });
    const changed = await call('PUT', '/stripe', {
      kind: 'stripe',
      settings: { account: 'acct_1Test', currencies: ['USD', 'CNY'] },
    });
    expect(changed.body.data.revision).toBe(2);
    expect((await call('POST', '/stripe/enable')).body.data.enabled).toBe(true);
    expect((await call('POST', '/stripe/disable')).body.data.enabled).toBe(false);
    const listed = await call('GET', '');
    expect(listed.body.data.providers).toHaveLength(1);
    for (const { text } of [made, changed, listed]) expect(text).not.toMatch(/sk_test|whsec/);
  });

  it('have their secrets sent nowhere else: another host or kind is to be given them again', async () => {
    await call('PUT', '/elsewhere', configuration);
    const moved = await call('PUT', '/elsewhere', {
      kind: 'stripe',
      settings: { ...configuration.settings, api_url: 'https://stripe.example.net' },
    });
    expect([moved.status, moved.body.errors.map(({ field }: { field: string }) => field)]).toEqual([
      400,
      ['secrets.secret_key', 'secrets.webhook_secret'],
    ]);
    const { providers } = (await call('GET', '')).body.data;
    expect(providers.find((each: { provider_id: string }) => each.provider_id === 'elsewhere')).toMatchObject(
      {
        revision: 1,
        settings: { api_url: 'https://api.stripe.com' },
      },
    );
    const told = await call('PUT', '/elsewhere', {
      ...configuration,
      settings: { ...configuration.settings, api_url: 'https://stripe.example.net' },
    });
    expect([told.status, told.body.data.revision]).toEqual([200, 2]);
  });

  it('are refused with the field that is wrong, and never with what was given', async () => {
    const refused = await call('PUT', '/other', {
      ...configuration,
      secrets: { secret_key: 'not-a-key-of-theirs', webhook_secret: '' },
    });
    expect(refused.status).toBe(400);
    expect(refused.text).toMatch(/secrets\.secret_key/);
    expect(refused.text).not.toMatch(/not-a-key-of-theirs/);
    expect((await call('PUT', '/test', configuration)).status).toBe(400);
    expect((await call('POST', '/nobody/enable')).body).toMatchObject({ code: 'payment_provider_not_found' });
  });

  it('find the address that they notify, or do not', async () => {
    const tested = await call('POST', '/self-test');
    // Nobody answers at the name that this server says of itself.
    expect(tested.body.data).toMatchObject({ verdict: 'not-reached', status: null });
    const path = new URL(tested.body.data.url).pathname;
    const [one, again] = [await world.server.raw(path, {}), await world.server.raw(path, {})];
    expect([one.status, one.text]).toEqual([200, expect.stringMatching(/^counterfoil [0-9a-f]{64}$/)]);
    expect(again.text).toBe(one.text);
  });
});

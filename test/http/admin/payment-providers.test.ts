import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ProviderKind, providerKindNames } from '../../../src/domain/provider/settings.js';
import { type PeopleServer, startPeopleServer } from '../support/people-server.js';

interface KeyPair {
  readonly secret: string;
  readonly shown: string;
}

interface Made {
  readonly settings: object;
  readonly secrets: Readonly<Record<string, string>>;
}

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

const [theirs, ours] = [0, 1].map(() => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pemOf = (key: KeyObject, type: 'pkcs8' | 'spki') => key.export({ format: 'pem', type }).toString();
  return { secret: pemOf(privateKey, 'pkcs8'), shown: pemOf(publicKey, 'spki') };
}) as [KeyPair, KeyPair];
/** One of each kind, with what it is asked for. */
const configurations: Readonly<Record<ProviderKind, Made>> = {
  stripe: configuration,
  epay: {
    settings: { api_url: 'https://pay.example.com', version: 'v1', pid: '1001', methods: ['wxpay'] },
    secrets: { key: 'the-key-of-a-merchant-0' },
  },
  alipay: {
    settings: { app_id: '2021000000000001', seller_id: '2088000000000001', alipay_public_key: theirs.shown },
    secrets: { private_key: ours.secret },
  },
  wechat: {
    settings: {
      ...{ mchid: '1900000001', appid: 'wx0000000000000001', merchant_serial: '0123456789ABCDEF' },
      ...{ platform_serial: 'PUB_KEY_ID_0001', platform_public_key: theirs.shown },
    },
    secrets: { private_key: ours.secret, api_v3_key: 'v3-key-of-a-merchant-0123456789a' },
  },
};
const kinds = providerKindNames.map((kind) => {
  const { settings, secrets } = configurations[kind];
  return [kind, { settings, secrets }] as const;
});

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

  it.each(kinds)(
    'of the kind %s show nothing of their secrets, taken or refused (I7)',
    async (kind, made) => {
      const secrets = Object.values(made.secrets);
      const taken = await call('PUT', `/secret-${kind}`, { kind, ...made });
      expect([taken.status, taken.body.data?.kind]).toEqual([200, kind]);
      const refusals = [
        { kind, ...made, settings: {} },
        { kind, ...made, settings: { ...made.settings, ...made.secrets } },
        { kind, settings: made.settings, secrets: { ...made.secrets, another: secrets[0] } },
        { kind: secrets[0], ...made },
        { kind, settings: made.settings, secrets: secrets[0] },
      ];
      const answers = [taken, await call('GET', '')];
      for (const each of refusals) {
        const refused = await call('PUT', `/secret-${kind}`, each);
        expect(refused.status).toBe(400);
        answers.push(refused);
      }
      const { rows } = await world.ledger.pool.query<{ row: string }>(
        'SELECT row_to_json(r)::text AS row FROM payment_provider_revisions r',
      );
      const log = await world.ledger.store.readAll({ after: -1n, limit: 10_000 });
      const kept = [...answers.map(({ text }) => text), ...rows.map(({ row }) => row)];
      for (const text of [...kept, ...log.events.map(({ data }) => JSON.stringify(data))])
        for (const secret of secrets) expect(text.includes(JSON.stringify(secret).slice(1, -1))).toBe(false);
    },
  );

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

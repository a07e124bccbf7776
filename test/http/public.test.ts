import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { publicEndpoints } from '../../src/http/routes/public/route.js';
import { VERSION } from '../../src/support/version.js';
import { channel, price } from './support/catalogue.js';
import { fakeReadModels } from './support/fakes.js';
import type { ReadModels } from '../../src/projections/read-models.js';
import type { People } from '../../src/http/people/ports/people.js';
import { type HttpServer, startHttpServer } from './support/http-server.js';

type Closed = Awaited<ReturnType<People['closed']>>;

let server: HttpServer | undefined;
afterEach(() => server?.close());

let reads = 0;
const start = async (
  isWell = () => Promise.resolve(true),
  closed: Closed = undefined,
  settings: Awaited<ReturnType<ReadModels['settings']>> = [],
) => {
  const catalogue = {
    priceVersion: 7,
    prices: [
      price('gpt-4o', '1.250', '4'),
      price('drawn', '1', '1', '0.04'),
      price('unserved', '1', '1'),
      price('claude', '2', '5'),
    ],
    groups: [
      { name: 'default', ratio: '1' },
      { name: 'vip', ratio: '0.50' },
    ],
    channels: [
      channel('a', { models: ['gpt-4o', 'drawn', 'priceless'], base_url: 'https://hidden.example.com' }),
      channel('b', { type: 'anthropic', models: ['claude', 'gpt-4o'], groups: ['vip', 'gone'] }),
      { ...channel('off', { models: ['unserved'] }), enabled: false },
    ],
  };
  reads = 0;
  server = await startHttpServer({
    auth: { mode: 'key', keys: { find: () => Promise.resolve(undefined) } },
    readModels: fakeReadModels({
      settings: () => Promise.resolve(settings),
      catalogue: () => {
        reads += 1;
        return Promise.resolve(catalogue);
      },
    }),
    isWell,
    people: { closed: () => Promise.resolve(closed) } as Partial<People> as People,
    settings: { timezone: 'Asia/Shanghai' },
  });
  return server;
};

describe('/api/pricing', () => {
  it('shows what is on offer, in the shape price pages read, to anybody', async () => {
    const { raw } = await start();
    const { status, body, text, headers } = await raw('/api/pricing');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('public, max-age=10');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(body).toMatchObject({
      success: true,
      group_ratio: { default: 1, vip: 0.5 },
      pricing_version: '7',
      data: [
        { model_name: 'claude', enable_groups: ['vip'], supported_endpoint_types: ['anthropic'] },
        { model_name: 'drawn', quota_type: 1, model_price: 0.04, model_ratio: 0 },
        {
          model_name: 'gpt-4o',
          quota_type: 0,
          model_ratio: 1.25,
          model_price: 0,
          completion_ratio: 4,
          enable_groups: ['default', 'vip'],
          supported_endpoint_types: ['anthropic', 'openai'],
          price: { model: 'gpt-4o', model_ratio: '1.250', per_call_usd: null },
        },
      ],
    });
    expect(text).not.toMatch(/hidden|sealed|box|127\.0\.0\.1/);
  });

  it('shows a group only what it may call, and looks no more often than a second', async () => {
    const { raw } = await start();
    const namesOf = async (group: string) =>
      (await raw(`/api/pricing?group=${group}`)).body.data.map(
        (each: { model_name: string }) => each.model_name,
      );
    expect(await namesOf('default')).toEqual(['drawn', 'gpt-4o']);
    expect(await namesOf('vip')).toEqual(['claude', 'drawn', 'gpt-4o']);
    expect(await namesOf('gone')).toEqual([]);
    expect(reads).toBeLessThan(3);
  });
});

describe('/api/status', () => {
  it('says what this is and how it is, without hosts', async () => {
    const { raw } = await start();
    const { body } = await raw('/api/status');
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(body.data).toMatchObject({
      system_name: 'Counterfoil',
      version,
      status: 'ok',
      registration: { open: true, closed_because: null },
      quota_per_unit: 500_000,
      timezone: 'Asia/Shanghai',
      dialects: ['openai', 'anthropic', 'gemini'],
      endpoints: expect.arrayContaining(['POST /v1/chat/completions', 'POST /v1/messages']),
    });
    expect(new Set(body.data.endpoints).size).toBe(body.data.endpoints.length);
    expect(VERSION).toBe(version);
  });

  it('says degraded, and no more, while a part does not answer', async () => {
    const { raw } = await start(() => Promise.resolve(false));
    expect((await raw('/api/status')).body.data.status).toBe('degraded');
  });

  it('has the name, the notice and the links that an operator gave it', async () => {
    const links = [{ text: { zh: '条款', en: 'Terms' }, url: 'https://example.com/terms' }];
    const value = { name: 'Harbour Tokens', notice: { zh: '维护中', en: 'Maintenance' }, links };
    const changed = { key: 'portal', value, changedBy: 'operator:alice', changedAt: new Date(0) } as const;
    const { raw } = await start(undefined, undefined, [changed]);
    expect((await raw('/api/status')).body.data).toMatchObject({
      system_name: 'Harbour Tokens',
      portal: { notice: value.notice, links },
    });
  });

  it.each(['closed', 'no_mail'] as const)('says that nobody can register, being %s', async (closed) => {
    const { raw } = await start(undefined, closed);
    const { registration } = (await raw('/api/status')).body.data;
    expect(registration).toEqual({ open: false, closed_because: closed });
  });
});

describe('/api/outbox', () => {
  it('shows nothing, but in a demo', async () => {
    const other = await startHttpServer({});
    const reply = await other.raw('/api/outbox');
    await other.close();
    expect(reply).toMatchObject({ status: 200, body: { data: { shown: false, mails: [] } } });
  });

  it('shows the mails of a demo to who runs it', async () => {
    const mail = {
      id: 'a',
      kind: 'verify',
      to: 'alice@example.com',
      subject: 'Your address',
      text: 'a link',
      state: 'kept',
      attempts: 0,
      answer: null,
      createdAt: new Date(1_000),
      nextAt: null,
    } as const;
    const demo = await startHttpServer({ outbox: () => Promise.resolve([mail]) });
    const { body } = await demo.raw('/api/outbox');
    await demo.close();
    expect(body.data).toEqual({
      shown: true,
      mails: [
        {
          id: 'a',
          kind: 'verify',
          to: 'alice@example.com',
          subject: 'Your address',
          text: 'a link',
          created_at: 1,
        },
      ],
    });
  });
});

it('the examples are of the documented shape', () => {
  for (const { data, example } of publicEndpoints) expect(data.safeParse(example.data).error).toBeUndefined();
});

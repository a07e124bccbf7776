import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ChannelSettings } from '../../../src/domain/channel/settings.js';
import { settingsFault } from '../../../src/domain/channel/rules.js';
import { endpointAddresses } from '../../../src/relay/upstreams/call-address.js';
import { answerMessage, message, text } from '../support/anthropic-shapes.js';
import { channel, KEY, startWorld, type World } from '../support/relay-world.js';
import { completion, startTestUpstream, type TestUpstream } from '../support/test-upstream.js';

const USAGE = { input_tokens: 3, output_tokens: 2 };
const CHAT = { model: 'gpt-test', messages: [{ role: 'user', content: 'hello' }] };
const bodies: Readonly<Record<string, object>> = {
  '/v1/messages': { ...CHAT, max_tokens: 10 },
  '/v1/chat/completions': CHAT,
  '/v1/responses': { model: 'gpt-test', input: 'hello' },
  '/v1/embeddings': { model: 'gpt-test', input: 'hello' },
};

describe('a channel with an endpoint for each protocol', () => {
  let upstream: TestUpstream;
  let world: World;
  beforeEach(async () => {
    upstream = await startTestUpstream((response, { url }) => {
      if (url.includes('/messages'))
        return answerMessage(message([text('hi')], USAGE))(response, {} as never);
      response.end(completion('hi', { prompt_tokens: 3, completion_tokens: 2 }));
    });
  });
  afterEach(async () => {
    expect(await world.held()).toBe(0n);
    await world.close();
    await upstream.close();
  });
  const start = async (more: (base: string) => Partial<ChannelSettings>) => {
    const base = new URL(upstream.url).origin;
    world = await startWorld({ channels: [channel('one', `${base}/base`, more(base))] });
  };
  const both = (base: string) => ({
    endpoints: { chat: `${base}/v3/`, messages: `${base}/anthropic/v1?t=1` },
  });
  const call = (path: string) =>
    fetch(world.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: JSON.stringify(bodies[path]),
    });

  it('is asked in each at its own base, to which nothing is added, with the key as its clients show it', async () => {
    await start(both);
    for (const path of ['/v1/messages', '/v1/chat/completions']) expect((await call(path)).status).toBe(200);
    expect(upstream.seen.map(({ url }) => url)).toEqual([
      '/anthropic/v1/messages?t=1',
      '/v3/chat/completions',
    ]);
    expect(upstream.seen.map(({ headers }) => [headers['x-api-key'], headers.authorization])).toEqual([
      ['upstream-key-one', undefined],
      [undefined, 'Bearer upstream-key-one'],
    ]);
    const charged = world.settlement.charges.map(({ dialect, quota }) => ({ dialect, quota }));
    expect(charged).toEqual([
      { dialect: 'anthropic', quota: 5n },
      { dialect: 'openai', quota: 5n },
    ]);
  });

  it.each([
    ['bearer', { authorization: 'Bearer upstream-key-one' }],
    [{ messages: 'api-key' }, { 'api-key': 'upstream-key-one' }],
  ] as const)('shows the key as it is told: %j', async (auth, headers) => {
    await start((base) => ({ ...both(base), auth }));
    expect((await call('/v1/messages')).status).toBe(200);
    expect(upstream.seen[0]?.headers).toMatchObject(headers);
    expect(upstream.seen[0]?.headers).not.toHaveProperty('x-api-key');
  });

  it('is not asked what it has no endpoint for, and the refusal says what it has', async () => {
    await start(both);
    for (const path of ['/v1/responses', '/v1/embeddings']) {
      const answer = await call(path);
      expect(answer.status).toBe(400);
      const { error } = (await answer.json()) as { error: { code: string; message: string } };
      expect(error.code).toBe('dialect_not_supported');
      expect(error.message).toContain('(chat, messages)');
    }
    expect(upstream.seen).toEqual([]);
  });
});

describe('the endpoints of a channel', () => {
  const settingsOf = (more: Partial<ChannelSettings>) => channel('one', 'https://up.example', more).settings;

  it('are shown with the full address of a call', () => {
    const endpoints = {
      messages: 'https://a.example/anthropic/v1/',
      generate: 'https://b.example/v1beta',
      audio: 'https://c.example/v1?t=1',
    };
    expect(endpointAddresses(settingsOf({ endpoints }))).toEqual({
      messages: 'https://a.example/anthropic/v1/messages',
      generate: 'https://b.example/v1beta/models/{model}:generateContent',
      audio: 'https://c.example/v1/audio/speech?t=1',
    });
  });

  it.each([
    [{ endpoints: { chat: 'https://me:secret@a.example/v1' } }, 'endpoints: chat carries credentials'],
    [{ endpoints: { generate: 'https://a.example/v1?alt=sse' } }, /alt/],
    [{ auth: 'bearer' as const }, /auth is of endpoints alone/],
  ])('%j are refused', (more, fault) => {
    const found = settingsFault(settingsOf(more));
    if (typeof fault === 'string') expect(found).toBe(fault);
    else expect(found).toMatch(fault);
  });
});

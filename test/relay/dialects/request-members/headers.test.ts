import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Allowance } from '../../../../src/domain/channel/allowances.js';
import { forwardedFault, steeringHeaders } from '../../../../src/domain/channel/headers.js';
import { settingsFault } from '../../../../src/domain/channel/rules.js';
import type { Price } from '../../../../src/domain/pricing/price.js';
import { message, text } from '../../support/anthropic-shapes.js';
import { channel, KEY, price, startWorld, type World } from '../../support/relay-world.js';
import { completion, startTestUpstream, type TestUpstream } from '../../support/test-upstream.js';

const CONTEXT_1M = 'context-1m-2025-08-07';
let upstream: TestUpstream;
let world: World | undefined;
beforeAll(async () => {
  upstream = await startTestUpstream(() => undefined);
});
afterAll(() => upstream.close());
afterEach(async () => {
  await world?.close();
  world = undefined;
});

interface Given {
  readonly price?: Partial<Price>;
  readonly allowed?: readonly Allowance[];
  readonly forwarded?: readonly string[];
  readonly body?: object;
  readonly path?: string;
}

/** A message, or a chat, with these headers; what upstream saw of it. */
async function call(headers: Readonly<Record<string, string>>, given: Given = {}) {
  const path = given.path ?? '/v1/messages';
  const isChat = path.endsWith('completions');
  upstream.behave((response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const answer = isChat
      ? completion('ok', { prompt_tokens: 5, completion_tokens: 1 }).toString()
      : JSON.stringify(message([text('ok')], { input_tokens: 5, output_tokens: 1 }));
    response.end(answer);
  });
  upstream.seen.length = 0;
  const settings = {
    type: isChat ? ('openai' as const) : ('anthropic' as const),
    models: ['m'],
    allowed_members: [...(given.allowed ?? [])],
    forward_headers: [...(given.forwarded ?? [])],
  };
  await world?.close();
  world = await startWorld({
    channels: [channel('main', upstream.url, settings)],
    prices: [price('m', given.price)],
  });
  const body = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }], ...given.body };
  const response = await fetch(world.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const said = await response.text();
  const [seen] = upstream.seen;
  return { status: response.status, said, headers: seen?.headers, trials: seen?.headers['anthropic-beta'] };
}

describe('a trial that moves the price', () => {
  const asked = { 'anthropic-beta': `pdfs-2024-09-25, ${CONTEXT_1M}` };

  it('is refused by its name where the price says nothing of it, and nothing is sent or held', async () => {
    const { status, said, headers } = await call(asked);
    expect(status).toBe(400);
    expect(said).toContain(
      `anthropic-beta: ${CONTEXT_1M}\\" asks for a longer context, which has no price for m here`,
    );
    expect(headers).toBeUndefined();
    expect(await world?.held()).toBe(0n);
  });

  it.each<Given>([
    { price: { tiers: [{ above_prompt_tokens: 200_000, model_ratio: '2' }] } },
    { price: { context_window: 1_000_000 } },
    { price: { per_call_usd: '0.01' } },
    { allowed: ['service_tier'] },
  ])('goes on with %j', async (given) => {
    const { status, trials } = await call(asked, given);
    expect([status, trials]).toEqual([200, `pdfs-2024-09-25,${CONTEXT_1M}`]);
  });

  it.each(['Context-1M-2025-08-07', 'context-1m-2027-01-01', ` ,${CONTEXT_1M}`, 'context-1m'])(
    'is the same one as %j',
    async (trial) => {
      expect((await call({ 'anthropic-beta': trial })).status).toBe(400);
    },
  );

  it.each(['betas', 'anthropic_beta'])('is judged in the member %s too', async (member) => {
    for (const value of [[CONTEXT_1M], CONTEXT_1M, ['a-trial'], ['oauth-2025-04-20']])
      expect((await call({}, { body: { [member]: value } })).status).toBe(400);
    expect((await call({}, { body: { [member]: [7] } })).status).toBe(400);
    const chat = { path: '/v1/chat/completions', body: { extra_body: { [member]: [CONTEXT_1M] } } };
    expect((await call({}, chat)).status).toBe(400);
    expect((await call({}, { body: { [member]: ['pdfs-2024-09-25'] } })).status).toBe(200);
    const allowed = { body: { [member]: ['a-trial'] }, allowed: ['unknown_tools'] } as const;
    expect((await call({}, allowed)).status).toBe(200);
  });
});

describe('a trial that is not known', () => {
  const asked = { 'anthropic-beta': `a-trial-2026-01-01,skills-2025-10-02,${CONTEXT_1M},oauth-2025-04-20` };

  it('is left out, and so is one that is not a client’s to ask for', async () => {
    const { trials } = await call(asked, { price: { context_window: 1_000_000 } });
    expect(trials).toBe(`skills-2025-10-02,${CONTEXT_1M}`);
    expect((await call({ 'anthropic-beta': 'a-trial' })).trials).toBeUndefined();
  });

  it('goes on where the channel forwards the header, and nothing else does', async () => {
    const given = { price: { context_window: 1_000_000 }, forwarded: ['anthropic-beta'] };
    expect((await call(asked, given)).trials).toBe(`a-trial-2026-01-01,skills-2025-10-02,${CONTEXT_1M}`);
    // In another dialect nobody has judged what moves the price.
    const chat = { ...given, path: '/v1/chat/completions' };
    expect((await call(asked, chat)).trials).toBe('a-trial-2026-01-01');
  });
});

describe('the version of Anthropic’s API', () => {
  it.each([
    [{}, '2023-06-01'],
    [{ 'anthropic-version': '' }, '2023-06-01'],
    [{ 'anthropic-version': '2023-06-01' }, '2023-06-01'],
    [{ 'anthropic-version': '2026-10-21' }, '2026-10-21'],
  ])('%j goes on as %s, and is charged the same', async (headers, seen) => {
    const answer = await call(headers);
    expect([answer.status, answer.headers?.['anthropic-version']]).toEqual([200, seen]);
    expect(world?.settlement.charges).toMatchObject([{ usage: { prompt_tokens: 5, completion_tokens: 1 } }]);
  });

  it.each(['2023-01-01', '2099-01-01', '2023-06-01, 2023-06-01', 'x'.repeat(4_000)])(
    'that nobody here has read is refused as Anthropic does: %.30s',
    async (version) => {
      for (const path of ['/v1/messages', '/v1/messages/count_tokens']) {
        const { status, said, headers } = await call({ 'anthropic-version': version }, { path });
        expect([status, headers]).toEqual([400, undefined]);
        expect(JSON.parse(said)).toMatchObject({
          error: {
            type: 'invalid_request_error',
            message: `anthropic-version: "${version.slice(0, 100)}" is not a valid version`,
          },
        });
      }
      expect(await world?.held()).toBe(0n);
    },
  );

  it('is nothing to a channel of another protocol, but for being one that is known', async () => {
    upstream.behave((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(completion('ok', { prompt_tokens: 5, completion_tokens: 1 }).toString());
    });
    for (const [version, expected] of [
      ['2023-06-01', 200],
      ['2026-10-21', 200],
      ['2099-01-01', 400],
    ] as const) {
      await world?.close();
      upstream.seen.length = 0;
      world = await startWorld({
        channels: [
          channel('main', upstream.url, {
            type: 'openai',
            models: ['m'],
            conversion: { from: ['messages'], on_loss: 'drop', quirks: [] },
          }),
        ],
        prices: [price('m')],
      });
      const response = await fetch(`${world.url}/v1/messages`, {
        method: 'POST',
        headers: { 'x-api-key': KEY, 'anthropic-version': version, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] }),
      });
      expect([response.status, await response.text()]).toEqual([expected, expect.any(String)]);
      expect(upstream.seen[0]?.headers['anthropic-version']).toBeUndefined();
    }
  });
});

describe('a header by which a client would say who pays, or where it runs', () => {
  const all = Object.fromEntries(steeringHeaders.map((name) => [name, 'mine']));

  it.each(['/v1/messages', '/v1/chat/completions'])('is not seen by upstream, at %s', async (path) => {
    const more = {
      ...all,
      'openai-beta': 'assistants=v2',
      'x-goog-api-client': 'google-genai-sdk/3.3.0',
      'x-stainless-lang': 'js',
      'x-portkey-provider': 'mine',
      'x-anything': 'mine',
    };
    const { status, headers } = await call(more, { path });
    expect(status).toBe(200);
    const seen = Object.keys(headers ?? {}).filter((name) => name in more);
    expect(seen).toEqual([]);
  });

  it('is forwarded by no channel, whatever an operator says', () => {
    const { settings } = channel('main', 'https://upstream.example');
    for (const name of [...steeringHeaders, 'x-portkey-provider', 'cf-aig-metadata'])
      expect(settingsFault({ ...settings, forward_headers: [name] })).toContain(
        'a client is not to choose it',
      );
    expect(forwardedFault('openai-beta')).toBeUndefined();
    const header_overrides = { 'openai-organization': 'ours' };
    expect(settingsFault({ ...settings, header_overrides })).toBeUndefined();
  });

  it.each(['extra_headers', 'extra_query'])('nor by the member %s', async (member) => {
    expect((await call({}, { body: { [member]: { 'openai-organization': 'mine' } } })).status).toBe(400);
  });

  it.each(['user_profile_id', 'workspace_id'])('nor by the member %s', async (member) => {
    expect((await call({}, { body: { [member]: 'mine' } })).status).toBe(400);
  });
});

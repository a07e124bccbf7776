import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defaultRelaySettings } from '../../../../src/relay/ports.js';
import { createUpstreamTypes } from '../../../../src/relay/upstreams/all.js';
import { AccessTokens } from '../../../../src/relay/upstreams/tokens/access-tokens.js';
import { tokenAsker } from '../../../../src/relay/upstreams/tokens/asker.js';
import { UpstreamPools } from '../../../../src/relay/upstreams/transport/pools.js';
import { KeptTokens } from '../../support/kept-tokens.js';
import { channel, chat, HELLO, KEY, startWorld, type World } from '../../support/relay-world.js';
import { speaking } from '../../support/speaking-upstream.js';
import { answerJson, completion, startTestUpstream, type TestUpstream } from '../../support/test-upstream.js';
import { startTokenEndpoint, type TokenEndpoint } from '../../support/token-endpoint.js';

const usage = { prompt_tokens: 10, completion_tokens: 5 };
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const ACCOUNT = JSON.stringify({
  type: 'service_account',
  client_email: 'relay@project.iam.example.com',
  private_key: privateKey,
});
const keyed = (secret: string) => ({
  keys: [
    {
      id: 'key-1',
      sealed: { key_id: 'master', box: Buffer.from(secret).toString('base64') },
      disabled: null,
    },
  ],
});

let upstream: TestUpstream;
let endpoint: TokenEndpoint;
let world: World;
const refused: string[] = [];
const start = async (settings: object) => {
  const pools = new UpstreamPools({ ...defaultRelaySettings, allowPrivate: ['127.0.0.0/8'], ownOrigins: [] });
  const tokens = new AccessTokens({
    store: new KeptTokens(),
    ask: tokenAsker(pools),
    now: Date.now,
    draw: () => 0,
    refused: ({ keyId }) => refused.push(keyId),
  });
  world = await startWorld({
    channels: [channel('one', upstream.url, settings)],
    dependencies: { upstreamTypes: createUpstreamTypes(tokens) },
  });
};
beforeEach(async () => {
  upstream = await startTestUpstream(answerJson(completion('hi', usage)));
  endpoint = await startTokenEndpoint('refresh-0', publicKey);
});
afterEach(async () => {
  expect(world.observed.faults).toEqual([]);
  expect(await world.held()).toBe(0n);
  await world.close();
  await Promise.all([upstream.close(), endpoint.close()]);
});

const oauth = () => ({ token_url: endpoint.url, client_id: '', scopes: [] });
const root = () => new URL(upstream.url).origin;

describe('a channel whose keys fetch tokens', () => {
  it.each(['openai', 'azure-openai'] as const)(
    'of the type %s is shown the token as a bearer’s',
    async (type) => {
      await start({ type, oauth: oauth(), ...keyed('{"refresh_token":"refresh-0"}') });
      expect((await chat(world, HELLO)).status).toBe(200);
      expect((await chat(world, HELLO)).status).toBe(200);
      expect(endpoint.asked).toHaveLength(1);
      expect(upstream.seen.map(({ headers }) => headers.authorization)).toEqual(
        Array(2).fill('Bearer access-1'),
      );
      expect(JSON.stringify(upstream.seen)).not.toContain('refresh-0');
      expect(world.settlement.charges).toHaveLength(2);
    },
  );

  it('that upstream refuses is shown another token with the next call', async () => {
    await start({ oauth: oauth(), ...keyed('{"refresh_token":"refresh-0"}') });
    upstream.behave((response, request) => {
      const isOld = request.headers.authorization === 'Bearer access-1';
      return answerJson(isOld ? '{}' : completion('hi', usage), isOld ? 401 : 200)(response, request);
    });
    await chat(world, HELLO);
    expect((await chat(world, HELLO)).status).toBe(200);
    expect(upstream.seen.at(-1)?.headers.authorization).toBe('Bearer access-2');
  });

  it('never tells a client the token, nor what it was fetched with', async () => {
    await start({ oauth: oauth(), ...keyed('{"refresh_token":"refresh-0-test"}') });
    endpoint.asked.length = 0;
    upstream.behave(answerJson('{"error":{"message":"Bearer access-1 may not do this"}}', 400));
    endpoint.refuses = undefined;
    const answer = await chat(world, HELLO);
    expect(await answer.text()).not.toMatch(/access-1|refresh-0/);
  });

  it('that is given no token is passed over, and what the endpoint says goes nowhere', async () => {
    await start({ oauth: oauth(), ...keyed('{"refresh_token":"another"}') });
    const answer = await chat(world, HELLO);
    expect(answer.status).toBe(502);
    expect(await answer.text()).not.toContain('another');
    expect(world.observed.upstream[0]).toBe('one unprepared');
    expect(refused).toContain('key-1');
  });
});

const PLACE = '/v1/projects/project-1/locations/europe-west4';

describe('a channel of Vertex', () => {
  it('has Google’s models, shown the token of a service account', async () => {
    upstream.behave(speaking('generate', { text: 'hi' }));
    await start({ type: 'vertex', base_url: root() + PLACE, oauth: oauth(), ...keyed(ACCOUNT) });
    const answer = await fetch(`${world.url}/v1beta/models/gpt-test:streamGenerateContent?alt=sse`, {
      method: 'POST',
      headers: { 'x-goog-api-key': KEY, 'content-type': 'application/json' },
      body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'hello' }] }] }),
    });
    expect(await answer.text()).toContain('hi');
    expect(upstream.seen[0]).toMatchObject({
      url: `${PLACE}/publishers/google/models/gpt-test:streamGenerateContent?alt=sse`,
      headers: { authorization: 'Bearer access-1' },
    });
    expect(upstream.seen[0]?.headers['x-goog-api-key']).toBeUndefined();
    expect(world.settlement.charges).toMatchObject([{ quota: 15n, basis: 'reported' }]);
  });

  const message = (more: object = {}) =>
    fetch(`${world.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': KEY, 'content-type': 'application/json', 'anthropic-beta': 'pdfs-2024-09-25' },
      body: JSON.stringify({
        model: 'gpt-test',
        max_tokens: 100,
        messages: [{ role: 'user', content: 'hello' }],
        ...more,
      }),
    });
  const claude = () => ({
    type: 'vertex',
    base_url: `${root()}${PLACE}/publishers/anthropic`,
    model_mapping: { 'gpt-test': 'claude-test@20260101' },
    oauth: oauth(),
    ...keyed(ACCOUNT),
  });

  it.each([
    ['whole', false, 'rawPredict'],
    ['in pieces', true, 'streamRawPredict'],
  ])('has Anthropic’s models, %s', async (_, stream, method) => {
    upstream.behave(speaking('messages', { text: 'hi' }));
    await start(claude());
    expect(await (await message({ stream })).text()).toContain('hi');
    const [seen] = upstream.seen;
    expect(seen?.url).toBe(`${PLACE}/publishers/anthropic/models/claude-test%4020260101:${method}`);
    expect(seen?.body).toEqual({
      anthropic_version: 'vertex-2023-10-16',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'hello' }],
      stream,
    });
    expect(seen?.headers).toMatchObject({
      authorization: 'Bearer access-1',
      'anthropic-beta': 'pdfs-2024-09-25',
    });
    expect(world.settlement.charges).toMatchObject([{ quota: 15n, basis: 'reported' }]);
  });

  it('is told Google’s own refusals in Anthropic’s words, and Anthropic’s as they are', async () => {
    await start(claude());
    const error = { code: 429, message: 'Quota exceeded.', status: 'RESOURCE_EXHAUSTED' };
    upstream.behave(answerJson(JSON.stringify([{ error }]), 429));
    expect(await (await message()).json()).toMatchObject({
      error: { type: 'rate_limit_error', message: 'Quota exceeded.' },
    });
    const own = { type: 'error', error: { type: 'invalid_request_error', message: 'too long' } };
    upstream.behave(answerJson(JSON.stringify(own), 400));
    expect(await (await message()).json()).toMatchObject(own);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ConvertibleProtocol } from '../../../src/domain/channel/conversion.js';
import { KEY, startWorld, type World } from '../support/relay-world.js';
import { speakingChannel } from '../support/speaking-upstream.js';
import { answerJson, startTestUpstream, type TestUpstream } from '../support/test-upstream.js';

const MODEL = 'gpt-test';
const asks: Readonly<Record<string, readonly [path: string, body: object, member: string]>> = {
  messages: [
    '/v1/messages/count_tokens',
    { model: MODEL, system: 'Be kind.', messages: [{ role: 'user', content: 'hello' }] },
    'input_tokens',
  ],
  responses: [
    '/v1/responses/input_tokens',
    { model: MODEL, instructions: 'Be kind.', input: 'hello' },
    'input_tokens',
  ],
  generate: [
    `/v1beta/models/${MODEL}:countTokens`,
    {
      generateContentRequest: {
        model: `models/${MODEL}`,
        systemInstruction: { parts: [{ text: 'Be kind.' }] },
        contents: [{ role: 'user', parts: [{ text: 'hello' }] }],
      },
    },
    'totalTokens',
  ],
};
const counters = {
  messages: {
    url: '/v1/messages/count_tokens',
    answer: { input_tokens: 17 },
    body: {
      model: 'upstream',
      system: 'Be kind.',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
    },
  },
  generate: {
    url: '/v1/models/upstream:countTokens',
    answer: { totalTokens: 17 },
    body: {
      generateContentRequest: {
        model: 'models/upstream',
        systemInstruction: { parts: [{ text: 'Be kind.' }] },
        contents: [{ role: 'user', parts: [{ text: 'hello' }] }],
      },
    },
  },
};

let upstream: TestUpstream;
let world: World;
beforeEach(async () => {
  upstream = await startTestUpstream(answerJson('{}'));
});
afterEach(async () => {
  expect(world.observed.faults).toEqual([]);
  await world.close();
  await upstream.close();
});

async function count(client: string, protocol: ConvertibleProtocol) {
  const channel = speakingChannel('one', protocol, upstream, { model_mapping: { [MODEL]: 'upstream' } });
  world = await startWorld({ channels: [channel] });
  const [path, body, member] = asks[client] as (typeof asks)[string];
  const answer = await fetch(world.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body: JSON.stringify(body),
  });
  const counted = (await answer.json()) as Record<string, unknown>;
  return { by: answer.headers.get('x-counterfoil-count'), tokens: counted[member] };
}

describe('the length of a prompt that would be converted', () => {
  it.each([
    ['messages', 'generate'],
    ['responses', 'messages'],
    ['responses', 'generate'],
    ['generate', 'messages'],
  ] as const)(
    'of %s is what an upstream of %s counts, of what it would be sent',
    async (client, protocol) => {
      const { url, answer, body } = counters[protocol];
      upstream.behave(answerJson(JSON.stringify(answer)));
      expect(await count(client, protocol)).toEqual({ by: 'upstream', tokens: 17 });
      expect(upstream.seen[0]).toMatchObject({ url });
      expect(upstream.seen[0]?.body).toEqual(body);
    },
  );

  it.each([
    ['messages', 'chat'],
    ['generate', 'responses'],
  ] as const)('of %s is counted here where an upstream of %s counts nothing', async (client, protocol) => {
    const { by, tokens } = await count(client, protocol);
    expect(by).toBe('estimate');
    expect(tokens).toBeGreaterThan(2);
    expect(upstream.seen).toEqual([]);
  });
});

describe('a prompt that is too long for a model of Google', () => {
  it('is told to a client of messages in the words by which it shortens its conversation', async () => {
    const message = 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).';
    const error = { code: 400, message, status: 'INVALID_ARGUMENT' };
    upstream.behave(answerJson(JSON.stringify({ error }), 400));
    world = await startWorld({ channels: [speakingChannel('one', 'generate', upstream)] });
    const answer = await fetch(`${world.url}/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: JSON.stringify({ model: MODEL, max_tokens: 9, messages: [{ role: 'user', content: 'hello' }] }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { error: { message: 'prompt is too long: 1200000 tokens > 1048576 maximum' } },
    ]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Protocol } from '../../../src/domain/channel/protocols.js';
import { channel, KEY, price, startWorld, type World } from '../support/relay-world.js';
import { listeners } from '../support/spoken-answers.js';
import {
  answerJson,
  completion,
  frame,
  startTestUpstream,
  stream,
  type TestUpstream,
} from '../support/test-upstream.js';

let upstream: TestUpstream;
let world: World;
beforeEach(async () => {
  upstream = await startTestUpstream(answerJson('{}'));
  const conversion = {
    from: ['messages', 'responses', 'generate'] as const,
    on_loss: 'drop' as const,
    quirks: [],
  };
  const endpoints: Partial<Record<Protocol, string>> = { chat: upstream.url };
  world = await startWorld({
    channels: [
      channel('chats', upstream.url, {
        endpoints,
        conversion: { ...conversion, from: [...conversion.from] },
      }),
    ],
    prices: [price('gpt-test', { completion_ratio: '4' })],
  });
});
afterEach(async () => {
  expect(world.observed.faults).toEqual([]);
  expect(await world.held()).toBe(0n);
  await world.close();
  await upstream.close();
});

const said = [{ role: 'user', content: 'hello' }];
const clients = {
  messages: ['/v1/messages', { model: 'gpt-test', max_tokens: 100, messages: said }],
  responses: ['/v1/responses', { model: 'gpt-test', input: 'hello', store: false }],
  generate: [
    '/v1beta/models/gpt-test:generateContent',
    { contents: [{ role: 'user', parts: [{ text: 'hello' }] }] },
  ],
} as const;
type Client = keyof typeof clients;

function ask(client: Client, streamed: boolean): Promise<Response> {
  const [path, body] = clients[client];
  const isGoogle = client === 'generate';
  const url =
    world.url + (isGoogle && streamed ? path.replace(':generate', ':streamGenerate') + '?alt=sse' : path);
  return fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'x-goog-api-key': KEY },
    body: JSON.stringify(isGoogle ? body : { ...body, stream: streamed }),
  });
}

/** What tells each client that it was no answer. */
const REFUSED: Readonly<Record<Client, object>> = {
  messages: { type: 'error', error: { type: 'api_error' } },
  responses: { error: { code: 'upstream_unavailable' } },
  generate: { error: { code: 502, status: 'UNAVAILABLE' } },
};
const names = Object.keys(clients) as Client[];

describe('an answer that is too much to be converted', () => {
  it.each(names)('is none where it comes whole, and costs nothing: %s', async (client) => {
    upstream.behave(
      answerJson(completion('x'.repeat(8 * 1024 * 1024), { prompt_tokens: 12, completion_tokens: 5 })),
    );
    const answer = await ask(client, false);
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject(REFUSED[client]);
    expect(world.settlement.charges).toEqual([]);
  });

  it.each(names)(
    'is cut where it comes in pieces; what the client got of it is charged: %s',
    async (client) => {
      const chunk = (delta: object) => frame({ id: 'c', choices: [{ index: 0, delta }] });
      const called = (index: number, fields: object) => chunk({ tool_calls: [{ index, ...fields }] });
      const begun = (index: number) =>
        called(index, { id: `call_${index}`, function: { name: 'look', arguments: '{"a":"' } });
      const piece = called(1, { function: { arguments: 'word '.repeat(4_000) } });
      upstream.behave(
        stream([chunk({ content: 'two words' }), begun(0), begun(1), ...Array(500).fill(piece)], 'hang'),
      );
      const answer = await ask(client, true);
      const text = await answer.text();
      expect(answer.status).toBe(200);
      expect(listeners[client].stream(text, true)).toBeUndefined();
      const [charge] = world.settlement.charges;
      expect(charge).toMatchObject({ ended: 'upstream-cut', basis: 'counted' });
      // To Google's clients calls go whole, so that they got the text alone; to those of responses all of it, up to their bound.
      const most = { messages: 10, responses: Infinity, generate: 2 }[client];
      expect(charge?.usage.completion_tokens).toBeGreaterThanOrEqual(2);
      expect(charge?.usage.completion_tokens).toBeLessThanOrEqual(most);
    },
  );
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LLMock } from '@copilotkit/aimock';
import OpenAI from 'openai';
import { z } from 'zod';
import { convertibleProtocols as protocols } from '../../src/domain/channel/conversion.js';
import { speaking } from '../relay/support/speaking-upstream.js';
import { listeners } from '../relay/support/spoken-answers.js';
import { startTestUpstream, type TestUpstream } from '../relay/support/test-upstream.js';
import { eventually } from '../support/eventually.js';
import { eventsOfType, expectBooksInOrder } from './support/books.js';
import { available, balanceOf, createCustomer, type Customer } from './support/clients.js';
import { Deployment, type Service } from './support/deployment.js';

const MODEL = 'by-token';
const START_QUOTA = 5_000_000;
const TOOL = {
  type: 'function' as const,
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};
const journalSchema = z.array(
  z.object({
    response: z.object({
      status: z.number(),
      fixture: z.object({
        response: z.object({
          usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }),
        }),
      }),
    }),
  }),
);

const mock = new LLMock({ port: 0, chunkSize: 4 });
const SAID = { text: 'Let me see.', calls: [{ id: 'call_1', name: 'look', input: { a: 1 } }] };
/** Of what an upstream that speaks reports: 8 plain, 4 cached at a half, 5 output. */
const SPOKEN_CHARGE = 15;
const speakers: TestUpstream[] = [];
let deployment: Deployment;
let service: Service;
let customer: Customer;
let client: OpenAI;

beforeAll(async () => {
  const usage = (prompt_tokens: number, completion_tokens: number) => ({ prompt_tokens, completion_tokens });
  mock.onMessage('hello', { content: 'Hi there, how are you?', usage: usage(100, 10) });
  mock.onMessage('weather', {
    toolCalls: [{ name: 'weather', arguments: '{"city":"Bern"}' }],
    usage: usage(55, 7),
  });
  mock.onMessage('long', { content: 'word '.repeat(60) }, { latency: 5 });
  await mock.start();
  const prices = protocols.map((model) => ({ model, model_ratio: 1, completion_ratio: 1, cache_ratio: 0.5 }));
  const channels: object[] = [];
  for (const name of protocols) {
    const speaker = await startTestUpstream(speaking(name, SAID));
    speakers.push(speaker);
    const conversion = { from: protocols.filter((each) => each !== name) };
    const base_url = new URL(speaker.url).origin;
    channels.push({
      name,
      models: [name],
      base_url,
      endpoints: { [name]: speaker.url },
      api_key: 'upstream-key',
      conversion,
    });
  }
  deployment = await Deployment.open({
    cache: 'in-process',
    upstreamUrl: `${mock.url}/v1`,
    more: { prices, channels },
  });
  service = await deployment.start('only');
  customer = await createCustomer(service.url, 10);
  client = new OpenAI({ apiKey: customer.accessKey, baseURL: `${service.url}/v1`, maxRetries: 0 });
}, 120_000);

afterAll(async () => {
  await deployment?.close();
  await mock.stop();
  for (const speaker of speakers) await speaker.close();
});

const hello = [{ role: 'user', content: 'hello' }];
/** The same question in each protocol: its path, and its body. */
const questions = (model: string, stream: boolean): Record<(typeof protocols)[number], [string, object]> => ({
  messages: ['/v1/messages', { model, stream, max_tokens: 100, messages: hello }],
  chat: [
    '/v1/chat/completions',
    { model, stream, messages: hello, ...(stream && { stream_options: { include_usage: true } }) },
  ],
  responses: ['/v1/responses', { model, stream, input: hello, store: false }],
  generate: [
    `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    { contents: [{ role: 'user', parts: [{ text: 'hello' }] }] },
  ],
});

const ask = (content: string) => ({ model: MODEL, messages: [{ role: 'user' as const, content }] });
const consumptions = () => eventsOfType(deployment.store, 'consumption-recorded');

/** The one formula, on upstream's figures: 0.8572 × (prompt + completion), rounded once. */
const chargeOf = (usage: { prompt_tokens: number; completion_tokens: number }): number =>
  Math.floor((8_572 * (usage.prompt_tokens + usage.completion_tokens) + 5_000) / 10_000);

describe('the openai SDK through the whole service', () => {
  it('gets JSON, streams, tool calls and usage, and is charged to the quota what upstream says was used', async () => {
    for (let round = 0; round < 5; round++) {
      const whole = await client.chat.completions.create(ask('hello'));
      expect(whole.choices[0]?.message.content).toBe('Hi there, how are you?');

      const options = { stream: true as const, stream_options: { include_usage: round % 2 === 0 } };
      const stream = await client.chat.completions.create({ ...ask('hello'), ...options });
      let text = '';
      let usages = 0;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? '';
        if (chunk.usage) usages += 1;
      }
      expect([text, usages]).toEqual(['Hi there, how are you?', round % 2 === 0 ? 1 : 0]);

      const tools = client.chat.completions.stream({ ...ask('weather'), tools: [TOOL] });
      expect((await tools.finalChatCompletion()).choices[0]?.message.tool_calls).toMatchObject([
        { function: { arguments: '{"city":"Bern"}' } },
      ]);
    }

    const journal = journalSchema.parse(await (await fetch(`${mock.url}/__aimock/journal`)).json());
    const used = journal.map(({ response }) => chargeOf(response.fixture.response.usage));
    const charged = (await consumptions()).map(({ quota }) => Number(quota));
    expect(charged).toHaveLength(15);
    expect(charged.sort((a, b) => a - b)).toEqual(used.sort((a, b) => a - b));
    const total = used.reduce((sum, quota) => sum + quota, 0);
    await eventually(async () => (await balanceOf(service.url, customer)) === START_QUOTA - total);
  });

  it('pays for what was delivered of a stream that it aborts', async () => {
    const before = (await consumptions()).length;
    const stream = await client.chat.completions.create({ ...ask('long'), stream: true });
    let chunks = 0;
    for await (const { choices } of stream) {
      chunks += choices.length;
      if (chunks === 5) stream.controller.abort();
    }
    const charges = await eventually(async () => {
      const recorded = await consumptions();
      return recorded.length === before + 1 && recorded;
    });
    const last = charges.at(-1);
    expect(last).toMatchObject({ ended: 'client-closed', basis: 'counted' });
    expect(last?.usage.completion_tokens).toBeGreaterThan(0);
    expect(last?.usage.completion_tokens).toBeLessThan(100);
    await eventually(
      async () =>
        (await available(service.url, customer.accessKey)) === (await balanceOf(service.url, customer)),
    );
    await expectBooksInOrder(deployment);
  });
});

describe('calls that are converted, each pair of protocols whole and in a stream', () => {
  it('are charged what upstream reported, once, and the books are in order', async () => {
    const caller = await createCustomer(service.url, 10);
    const before = (await consumptions()).length;
    let calls = 0;
    for (const client of protocols)
      for (const upstream of protocols.filter((each) => each !== client))
        for (const streamed of [false, true]) {
          const [path, body] = questions(upstream, streamed)[client];
          const headers = { authorization: `Bearer ${caller.accessKey}`, 'content-type': 'application/json' };
          const answer = await fetch(service.url + path, {
            method: 'POST',
            headers,
            body: JSON.stringify(body),
          });
          const text = await answer.text();
          const heard = streamed ? listeners[client].stream(text) : listeners[client].whole(JSON.parse(text));
          expect(heard).toMatchObject({ text: SAID.text, calls: [{ name: 'look' }], usage: [12, 4, 5] });
          expect(answer.headers.get('x-counterfoil-converted')).toContain(`${client}>${upstream}`);
          calls += 1;
        }
    expect(calls).toBe(24);
    const charges = (await consumptions()).slice(before);
    expect(charges.map(({ quota }) => Number(quota))).toEqual(Array(calls).fill(SPOKEN_CHARGE));
    await eventually(
      async () => (await balanceOf(service.url, caller)) === START_QUOTA - calls * SPOKEN_CHARGE,
    );
    await expectBooksInOrder(deployment);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LLMock } from '@copilotkit/aimock';
import OpenAI from 'openai';
import { z } from 'zod';
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
  deployment = await Deployment.open({ cache: 'in-process', upstreamUrl: `${mock.url}/v1` });
  service = await deployment.start('only');
  customer = await createCustomer(service.url, 10);
  client = new OpenAI({ apiKey: customer.accessKey, baseURL: `${service.url}/v1`, maxRetries: 0 });
}, 120_000);

afterAll(async () => {
  await deployment?.close();
  await mock.stop();
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
    const last = charges === false ? undefined : charges.at(-1);
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

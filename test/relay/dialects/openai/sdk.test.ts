import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LLMock } from '@copilotkit/aimock';
import OpenAI from 'openai';
import { eventually } from '../../../support/eventually.js';
import { channel, KEY, price, startWorld, type World } from '../../support/relay-world.js';

const MODEL = 'gpt-4o';
const TOOL = {
  type: 'function' as const,
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};

/** The official client against an upstream that nobody here wrote; its journal is what the charges are reconciled with. */
describe('the openai SDK through the relay', () => {
  const mock = new LLMock({ port: 0, chunkSize: 4 });
  let world: World;
  let client: OpenAI;
  beforeAll(async () => {
    const usage = (prompt_tokens: number, completion_tokens: number) => ({
      prompt_tokens,
      completion_tokens,
    });
    mock.onMessage('hello', { content: 'Hi there, how are you?', usage: usage(100, 10) });
    mock.onMessage('nothing', { content: 'ok', usage: usage(0, 0) });
    mock.onMessage('weather', {
      toolCalls: [{ name: 'weather', arguments: '{"city":"Bern"}' }],
      usage: usage(55, 7),
    });
    mock.onMessage('fail', { error: { message: 'teapot', type: 'invalid_request_error' }, status: 400 });
    mock.onMessage('long', { content: 'word '.repeat(60) }, { latency: 5 });
    await mock.start();
    const models = [MODEL];
    world = await startWorld({
      channels: [channel('aimock', `${mock.url}/v1`, { models })],
      prices: [price(MODEL, { model_ratio: '1.25', completion_ratio: '4' })],
    });
    client = new OpenAI({ apiKey: KEY, baseURL: `${world.url}/v1`, maxRetries: 0 });
  });
  afterAll(async () => {
    await world.close();
    await mock.stop();
  });

  const ask = (content: string) => ({ model: MODEL, messages: [{ role: 'user' as const, content }] });

  it('lists models', async () => {
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual([MODEL]);
    expect((await client.models.retrieve(MODEL)).id).toBe(MODEL);
  });

  it('gets a JSON answer with its charge and request id', async () => {
    const { data, response, request_id } = await client.chat.completions.create(ask('hello')).withResponse();
    expect(data.choices[0]?.message.content).toBe('Hi there, how are you?');
    expect(response.headers.get('x-counterfoil-charge')).toBe('175');
    expect(request_id).toBe(world.settlement.charges.at(-1)?.request_id);
  });

  it('streams, without a usage chunk unless it asks for one', async () => {
    for (const include_usage of [false, true]) {
      const stream = await client.chat.completions.create({
        ...ask('hello'),
        stream: true,
        ...(include_usage ? { stream_options: { include_usage } } : {}),
      });
      let text = '';
      const usages = [];
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? '';
        if (chunk.usage) usages.push(chunk.usage);
      }
      expect(text).toBe('Hi there, how are you?');
      expect(usages).toHaveLength(include_usage ? 1 : 0);
      expect(world.settlement.charges.at(-1)).toMatchObject({
        quota: 175n,
        basis: 'reported',
        ended: 'complete',
      });
    }
  });

  it('calls tools, whole and streamed', async () => {
    const whole = await client.chat.completions.create({ ...ask('weather'), tools: [TOOL] });
    expect(whole.choices[0]?.message.tool_calls).toMatchObject([
      { function: { arguments: '{"city":"Bern"}' } },
    ]);
    const runner = client.chat.completions.stream({ ...ask('weather'), tools: [TOOL] });
    const final = await runner.finalChatCompletion();
    expect(final.choices[0]?.message.tool_calls).toMatchObject([
      { function: { arguments: '{"city":"Bern"}' } },
    ]);
  });

  it('sees upstream errors and our own as its own kinds', async () => {
    await expect(client.chat.completions.create(ask('fail'))).rejects.toMatchObject({ status: 400 });
    await expect(client.chat.completions.create({ ...ask('x'), model: 'nope' })).rejects.toBeInstanceOf(
      OpenAI.NotFoundError,
    );
    const stranger = new OpenAI({ apiKey: 'sk-no', baseURL: `${world.url}/v1`, maxRetries: 0 });
    await expect(stranger.chat.completions.create(ask('hello'))).rejects.toBeInstanceOf(
      OpenAI.AuthenticationError,
    );
  });

  it('the sum of charges equals what the journal of upstream says was used', async () => {
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        ['hello', 'weather', 'nothing', 'hello'].map(async (content, index) => {
          if (index % 2 === 0) return client.chat.completions.create(ask(content));
          const stream = await client.chat.completions.create({ ...ask(content), stream: true });
          let text = '';
          for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
          return text;
        }),
      );
    }
    const journal = (await (await fetch(`${mock.url}/__aimock/journal`)).json()) as JournalEntry[];
    const used = journal
      .filter(({ response }) => response.status === 200)
      .map(({ response }) => response.fixture.response.usage);
    const exact = used.map(
      ({ prompt_tokens, completion_tokens }) => 1.25 * (prompt_tokens + 4 * completion_tokens),
    );
    const { charges } = world.settlement;
    expect(used.length).toBe(charges.length);
    const isZero = ({ prompt_tokens }: (typeof used)[number]) => prompt_tokens === 0;
    const counted = charges.filter(({ basis }) => basis === 'counted');
    // Zeros are counted over; all others are charged as reported.
    expect(counted.length).toBe(used.filter(isZero).length);
    expect(counted.every(({ quota }) => quota > 0n)).toBe(true);
    const reported = charges.filter(({ basis }) => basis === 'reported');
    // All of these are quarters: exact in a double.
    expect(Number(reported.reduce((sum, { quota }) => sum + quota, 0n))).toBe(
      exact.reduce((sum, quota) => sum + roundAway(quota), 0),
    );
  });

  it('aborts a stream: upstream is broken off and what was delivered is charged', async () => {
    const before = world.settlement.charges.length;
    const stream = await client.chat.completions.create({ ...ask('long'), stream: true });
    let chunks = 0;
    for await (const { choices } of stream) {
      chunks += choices.length;
      if (chunks === 5) stream.controller.abort();
    }
    await eventually(() => world.settlement.charges.length === before + 1);
    const charge = world.settlement.charges.at(-1);
    expect(charge).toMatchObject({ basis: 'counted', ended: 'client-closed' });
    expect(charge?.usage.completion_tokens).toBeGreaterThan(0);
    expect(charge?.usage.completion_tokens).toBeLessThan(100);
    await eventually(async () => (await world.held()) === 0n);
  });
});

interface JournalEntry {
  readonly response: {
    readonly status: number;
    readonly fixture: {
      readonly response: { readonly usage: { prompt_tokens: number; completion_tokens: number } };
    };
  };
}

const roundAway = (quota: number) => Math.floor(quota + 0.5);

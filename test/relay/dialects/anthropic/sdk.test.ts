import Anthropic from '@anthropic-ai/sdk';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../support/eventually.js';
import { channel, KEY, price, startWorld, type World } from '../../support/relay-world.js';

const MODEL = 'claude-sonnet-4-6';
const TOOL = {
  name: 'weather',
  input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } },
};

/** The official client against an upstream that nobody here wrote; its journal is what the charges are reconciled with. */
describe('the Anthropic SDK through the relay', () => {
  const mock = new LLMock({ port: 0, chunkSize: 4 });
  let world: World;
  let client: Anthropic;
  beforeAll(async () => {
    const usage = (input_tokens: number, output_tokens: number) => ({ input_tokens, output_tokens });
    mock.onMessage('hello', { content: 'Hi there, how are you?', usage: usage(100, 10) });
    mock.onMessage('think', { content: 'Four.', reasoning: 'two and two', usage: usage(20, 30) });
    mock.onMessage('weather', {
      toolCalls: [{ name: 'weather', arguments: '{"city":"Bern"}' }],
      usage: usage(55, 7),
    });
    mock.onMessage('fail', { error: { message: 'teapot', type: 'invalid_request_error' }, status: 400 });
    mock.onMessage('long', { content: 'word '.repeat(60) }, { latency: 5 });
    await mock.start();
    world = await startWorld({
      channels: [
        channel('aimock', mock.url, { type: 'anthropic', models: [MODEL, 'claude-haiku', 'claude-opus'] }),
      ],
      prices: [
        price(MODEL, { model_ratio: '1.25', completion_ratio: '4', max_output_tokens: 64_000 }),
        price('claude-haiku'),
        price('claude-opus'),
      ],
    });
    client = new Anthropic({ apiKey: KEY, baseURL: world.url, maxRetries: 0 });
  });
  afterAll(async () => {
    await world.close();
    await mock.stop();
  });

  const ask = (content: string) => ({
    model: MODEL,
    max_tokens: 1_000,
    messages: [{ role: 'user' as const, content }],
  });

  it('gets a JSON answer with its charge and request id', async () => {
    const { data, response, request_id } = await client.messages.create(ask('hello')).withResponse();
    expect(data.content).toMatchObject([{ type: 'text', text: 'Hi there, how are you?' }]);
    expect(response.headers.get('x-counterfoil-charge')).toBe('175');
    expect(request_id).toBe(world.settlement.charges.at(-1)?.request_id);
    expect(world.settlement.charges.at(-1)).toMatchObject({ dialect: 'anthropic', endpoint: '/v1/messages' });
  });

  it('takes the key as a bearer token too', async () => {
    const bearer = new Anthropic({ apiKey: null, authToken: KEY, baseURL: world.url, maxRetries: 0 });
    expect((await bearer.messages.create(ask('hello'))).stop_reason).toBe('end_turn');
  });

  it('streams text, and the charge is durable before the end', async () => {
    const stream = client.messages.stream(ask('hello'));
    const final = await stream.finalMessage();
    expect(final.content).toMatchObject([{ type: 'text', text: 'Hi there, how are you?' }]);
    expect(final.usage).toMatchObject({ input_tokens: 100, output_tokens: 10 });
    expect(stream.request_id).toBe(world.settlement.charges.at(-1)?.request_id);
    expect(world.settlement.charges.at(-1)).toMatchObject({
      quota: 175n,
      basis: 'reported',
      ended: 'complete',
      streamed: true,
    });
  });

  it('calls tools, whole and streamed, and takes their results', async () => {
    const whole = await client.messages.create({ ...ask('weather'), tools: [TOOL] });
    expect(whole).toMatchObject({ stop_reason: 'tool_use', content: [{ input: { city: 'Bern' } }] });
    const streamed = await client.messages.stream({ ...ask('weather'), tools: [TOOL] }).finalMessage();
    expect(streamed).toMatchObject({ stop_reason: 'tool_use', content: [{ input: { city: 'Bern' } }] });
    const [call] = whole.content;
    if (call?.type !== 'tool_use') throw new Error('no call');
    const answered = await client.messages.create({
      ...ask('weather'),
      tools: [TOOL],
      messages: [
        { role: 'user', content: 'weather' },
        { role: 'assistant', content: whole.content },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: call.id, content: 'sun' },
            { type: 'text', text: 'hello' },
          ],
        },
      ],
    });
    expect(answered.type).toBe('message');
  });

  it('thinks, whole and streamed', async () => {
    const thinking = { type: 'enabled' as const, budget_tokens: 1_024 };
    const asked = { ...ask('think'), max_tokens: 2_000, thinking };
    for (const message of [
      await client.messages.create(asked),
      await client.messages.stream(asked).finalMessage(),
    ]) {
      expect(message.content).toMatchObject([
        { type: 'thinking', thinking: 'two and two' },
        { type: 'text', text: 'Four.' },
      ]);
      expect(world.settlement.charges.at(-1)?.usage).toMatchObject({
        prompt_tokens: 20,
        completion_tokens: 30,
      });
    }
  });

  it('sends pictures', async () => {
    const data = Buffer.from('not really a picture').toString('base64');
    const message = await client.messages.create({
      ...ask('hello'),
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
            { type: 'text', text: 'hello' },
          ],
        },
      ],
    });
    expect(message.stop_reason).toBe('end_turn');
  });

  it('lists models, in pages', async () => {
    const seen: string[] = [];
    for await (const { id, type } of client.models.list({ limit: 2 })) {
      expect(type).toBe('model');
      seen.push(id);
    }
    expect(seen).toEqual(['claude-haiku', 'claude-opus', MODEL]);
    const first = await client.models.list({ limit: 2 });
    expect(first).toMatchObject({ has_more: true, first_id: 'claude-haiku', last_id: 'claude-opus' });
    const back = await client.models.list({ limit: 1, before_id: MODEL });
    expect(back.data.map(({ id }) => id)).toEqual(['claude-opus']);
    expect(await client.models.retrieve(MODEL)).toMatchObject({ id: MODEL, display_name: MODEL });
    await expect(client.models.retrieve('nope')).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    await expect(client.models.list({ limit: 0 })).rejects.toBeInstanceOf(Anthropic.BadRequestError);
  });

  it('sees upstream errors and our own as its own kinds', async () => {
    await expect(client.messages.create(ask('fail'))).rejects.toMatchObject({
      status: 400,
      type: 'invalid_request_error',
    });
    const unknown = client.messages.create({ ...ask('x'), model: 'nope' });
    await expect(unknown).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    await expect(unknown).rejects.toMatchObject({ type: 'not_found_error', errorCode: 'model_not_found' });
    const stranger = new Anthropic({ apiKey: 'sk-no', baseURL: world.url, maxRetries: 0 });
    await expect(stranger.messages.create(ask('hello'))).rejects.toBeInstanceOf(
      Anthropic.AuthenticationError,
    );
    const lost = client.post('/v1/messages/batches', { body: {} });
    await expect(lost).rejects.toMatchObject({ status: 404, type: 'not_found_error' });
  });

  it('the sum of charges equals what the journal of upstream says was used', async () => {
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        ['hello', 'weather', 'think', 'hello'].map((content, index) =>
          index % 2 === 0
            ? client.messages.create(ask(content))
            : client.messages.stream(ask(content)).finalMessage(),
        ),
      );
    }
    const journal = (await (await fetch(`${mock.url}/__aimock/journal`)).json()) as JournalEntry[];
    const used = journal
      .filter(({ response }) => response.status === 200)
      .map(({ response }) => response.fixture.response.usage);
    const charged = used.map(({ input_tokens, output_tokens }) =>
      roundAway(1.25 * (input_tokens + 4 * output_tokens)),
    );
    expect(used.length).toBe(world.settlement.charges.length);
    expect(Number(world.settlement.total)).toBe(charged.reduce((sum, quota) => sum + quota, 0));
  });

  it('aborts a stream: upstream is broken off and what was delivered is charged', async () => {
    const before = world.settlement.charges.length;
    const stream = await client.messages.create({ ...ask('long'), stream: true });
    let deltas = 0;
    for await (const event of stream) {
      if (event.type === 'content_block_delta') deltas++;
      if (deltas === 5) stream.controller.abort();
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
      readonly response: { readonly usage: { input_tokens: number; output_tokens: number } };
    };
  };
}

const roundAway = (quota: number) => Math.floor(quota + 0.5);

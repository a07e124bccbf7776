import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { LLMock } from '@copilotkit/aimock';
import OpenAI from 'openai';
import { eventually } from '../../../../support/eventually.js';
import type { World } from '../../../support/relay-world.js';
import { MODEL, startSdkWorld } from '../sdk-world.js';

/** The official client's newer half, and the one that Codex speaks, against an upstream that nobody here wrote. */
describe('/v1/responses with the openai SDK', () => {
  const mock = new LLMock({ port: 0, chunkSize: 4 });
  let world: World;
  let client: OpenAI;
  beforeAll(async () => {
    const usage = (prompt_tokens: number, completion_tokens: number) => ({
      prompt_tokens,
      completion_tokens,
    });
    mock.onMessage('hello', { content: 'Hi there, how are you?', usage: usage(100, 10) });
    mock.onMessage('weather', {
      toolCalls: [{ name: 'weather', arguments: '{"city":"Bern"}' }],
      usage: usage(55, 7),
    });
    mock.onMessage('fail', { error: { message: 'teapot', type: 'invalid_request_error' }, status: 400 });
    mock.onMessage('long', { content: 'word '.repeat(60) }, { latency: 5 });
    await mock.start();
    ({ world, client } = await startSdkWorld(`${mock.url}/v1`));
  });
  afterEach(() => eventually(async () => (await world.held()) === 0n));
  afterAll(async () => {
    await world.close();
    await mock.stop();
  });
  const tools = [
    {
      type: 'function' as const,
      name: 'weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
      strict: false,
    },
  ];
  const ask = (input: string) => ({ model: MODEL, input, instructions: 'Be short.' });

  it('gets a whole response with its charge, the same as that of a chat of the same usage', async () => {
    const { data, response, request_id } = await client.responses.create(ask('hello')).withResponse();
    expect(data.output_text).toBe('Hi there, how are you?');
    expect(response.headers.get('x-counterfoil-charge')).toBe('175');
    const charge = world.settlement.charges.at(-1);
    expect(charge).toMatchObject({ basis: 'reported', endpoint: '/v1/responses', dialect: 'openai' });
    expect(request_id).toBe(charge?.request_id);
    const chat = client.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: 'hello' }],
    });
    expect((await chat.withResponse()).response.headers.get('x-counterfoil-charge')).toBe('175');
  });

  it('streams every event, the last of them after the charge', async () => {
    const types: string[] = [];
    let text = '';
    const stream = await client.responses.create({ ...ask('hello'), stream: true });
    for await (const event of stream) {
      types.push(event.type);
      if (event.type === 'response.output_text.delta') text += event.delta;
      if (event.type === 'response.completed')
        expect(world.settlement.charges.at(-1)).toMatchObject({ quota: 175n, streamed: true });
    }
    expect(text).toBe('Hi there, how are you?');
    expect(types[0]).toBe('response.created');
    expect(types.at(-1)).toBe('response.completed');
  });

  it('calls tools, whole and streamed', async () => {
    const whole = await client.responses.create({ ...ask('weather'), tools });
    const call = { type: 'function_call', name: 'weather', arguments: '{"city":"Bern"}' };
    expect(whole.output).toContainEqual(expect.objectContaining(call));
    const streamed = await client.responses.stream({ ...ask('weather'), tools }).finalResponse();
    expect(streamed.output).toContainEqual(expect.objectContaining(call));
    expect(world.settlement.charges.at(-1)?.usage).toMatchObject({ prompt_tokens: 55, completion_tokens: 7 });
  });

  it('sees errors of upstream and our own as its own kinds', async () => {
    await expect(client.responses.create(ask('fail'))).rejects.toMatchObject({ status: 400 });
    await expect(client.responses.create({ ...ask('x'), model: 'nope' })).rejects.toBeInstanceOf(
      OpenAI.NotFoundError,
    );
    await expect(client.responses.create({ ...ask('x'), background: true })).rejects.toMatchObject({
      status: 400,
      param: 'background',
    });
  });

  it('aborts a stream: what was delivered is counted and charged', async () => {
    const before = world.settlement.charges.length;
    const stream = await client.responses.create({ ...ask('long'), stream: true });
    let deltas = 0;
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta' && ++deltas === 5) stream.controller.abort();
    }
    await eventually(() => world.settlement.charges.length === before + 1);
    const charge = world.settlement.charges.at(-1);
    expect(charge).toMatchObject({ basis: 'counted', ended: 'client-closed' });
    expect(charge?.usage.completion_tokens).toBeGreaterThan(0);
    expect(charge?.usage.completion_tokens).toBeLessThan(100);
  });
});

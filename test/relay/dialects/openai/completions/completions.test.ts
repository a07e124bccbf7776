import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type OpenAI from 'openai';
import type { World } from '../../../support/relay-world.js';
import {
  answerJson,
  DONE,
  frame,
  startTestUpstream,
  stream,
  type TestUpstream,
} from '../../../support/test-upstream.js';
import { MODEL, startSdkWorld } from '../sdk-world.js';

const choice = (text: string, finish_reason: string | null = null, index = 0) => ({
  index,
  text,
  finish_reason,
  logprobs: null,
});
const chunk = (choices: object[], more: object = {}) =>
  frame({ id: 'cmpl-1', object: 'text_completion', created: 1, model: 'm', choices, ...more });
const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };

describe('/v1/completions with the openai SDK', () => {
  let upstream: TestUpstream;
  let world: World;
  let client: OpenAI;
  beforeEach(async () => {
    const whole = { id: 'cmpl-1', object: 'text_completion', choices: [choice(' there', 'stop')], usage };
    upstream = await startTestUpstream(answerJson(JSON.stringify(whole)));
    ({ world, client } = await startSdkWorld(upstream.url));
  });
  afterEach(async () => {
    expect(await world.held()).toBe(0n);
    await world.close();
    await upstream.close();
  });

  it('gets a whole answer', async () => {
    const answer = client.completions.create({ model: MODEL, prompt: 'Hello', suffix: '!' });
    const { data, response } = await answer.withResponse();
    expect(data.choices[0]?.text).toBe(' there');
    expect(response.headers.get('x-counterfoil-charge')).toBe('175');
    expect(world.settlement.charges).toMatchObject([{ endpoint: '/v1/completions', basis: 'reported' }]);
    expect(upstream.seen[0]?.url).toBe('/v1/completions');
  });

  it('streams until the last of all choices has finished', async () => {
    upstream.behave(
      stream([
        chunk([choice('a')]),
        chunk([choice('', 'stop')]),
        chunk([choice('b', 'length', 1)]),
        chunk([], { usage }),
        DONE,
      ]),
    );
    let text = '';
    const prompt = ['one', 'two'];
    for await (const part of await client.completions.create({ model: MODEL, prompt, stream: true })) {
      expect(part.usage).toBeUndefined();
      for (const one of part.choices) text += one.text;
    }
    expect(text).toBe('ab');
    expect(upstream.seen[0]?.body).toMatchObject({ stream_options: { include_usage: true } });
    expect(world.settlement.charges).toMatchObject([{ quota: 175n, ended: 'complete', streamed: true }]);
  });

  it('counts what upstream does not report, also where the prompt is given as numbers', async () => {
    upstream.behave(
      answerJson(JSON.stringify({ object: 'text_completion', choices: [choice(' there', 'stop')] })),
    );
    await client.completions.create({ model: MODEL, prompt: [464, 2068, 7586] });
    expect(world.settlement.charges[0]).toMatchObject({
      basis: 'counted',
      usage: { prompt_tokens: 3, completion_tokens: 1 },
    });
  });

  it.each([
    [{ prompt: [] }, 'prompt'],
    [{ prompt: 7 }, 'prompt'],
    [{ prompt: Array(3000).fill('x') }, 'prompt'],
    [{ prompt: 'x', n: 0 }, 'n'],
    [{ prompt: 'x', best_of: 1000 }, 'best_of'],
  ])('refuses %j', async (body, param) => {
    const call = client.post('/completions', { body: { model: MODEL, ...body } });
    await expect(call).rejects.toMatchObject({ status: 400, param });
    expect(upstream.seen).toHaveLength(0);
  });
});

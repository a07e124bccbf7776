import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type OpenAI from 'openai';
import { ResponseStream } from '../../../../../src/relay/dialects/openai/responses/stream.js';
import type { World } from '../../../support/relay-world.js';
import { answerJson, startTestUpstream, stream, type TestUpstream } from '../../../support/test-upstream.js';
import { MODEL, startSdkWorld } from '../sdk-world.js';

const event = (type: string, more: object) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: 1, ...more })}\n\n`;
const delta = (text: string) =>
  event('response.output_text.delta', { item_id: 'm', output_index: 0, content_index: 0, delta: text });
const usage = {
  input_tokens: 1000,
  input_tokens_details: { cached_tokens: 600, cache_write_tokens: 0 },
  output_tokens: 50,
  output_tokens_details: { reasoning_tokens: 40 },
  total_tokens: 1050,
};
const snapshot = (status: string, more: object = {}) => ({
  id: 'resp_1',
  object: 'response',
  status,
  error: null,
  incomplete_details: null,
  output: [],
  usage: null,
  ...more,
});
const CREATED = event('response.created', { response: snapshot('in_progress') });
const COMPLETED = event('response.completed', { response: snapshot('completed', { usage }) });

describe('a stream of a response', () => {
  const after = (type: string, response: object) => {
    const stream = new ResponseStream();
    const passed = stream.push(Buffer.from(CREATED + delta('Hi') + event(type, { response })));
    expect(passed.toString()).toBe(CREATED + delta('Hi'));
    return stream;
  };

  it.each(['response.completed', 'response.done', 'response.cancelled'])('ends with %s', (type) => {
    const { done, holding, usage: reported, error } = after(type, snapshot('completed', { usage }));
    expect({ done, holding, error }).toEqual({ done: true, holding: true, error: undefined });
    expect(reported).toMatchObject({ prompt_tokens: 1_000, completion_tokens: 50 });
  });

  it('fails where its last event says so', () => {
    const response = snapshot('failed', { error: { code: 'server_error', message: 'died' } });
    expect(after('response.done', response).error).toMatchObject({ kind: 'error', status: 502 });
  });
});

/** Shapes as the provider documents them, for what no mock sends. */
describe('/v1/responses', () => {
  let upstream: TestUpstream;
  let world: World;
  let client: OpenAI;
  beforeEach(async () => {
    upstream = await startTestUpstream(stream([CREATED, delta('Hi'), COMPLETED]));
    ({ world, client } = await startSdkWorld(upstream.url));
  });
  afterEach(async () => {
    expect(await world.held()).toBe(0n);
    await world.close();
    await upstream.close();
  });

  async function events(body: object = {}) {
    const seen: { type: string }[] = [];
    const streamed = await client.responses.create({ model: MODEL, input: 'hello', stream: true, ...body });
    for await (const one of streamed) seen.push(one);
    return seen;
  }

  it('cached input counts at its ratio, reasoning as output', async () => {
    await events();
    // 1.25 × (400 + 600 × 0.5 + 50 × 4)
    expect(world.settlement.charges).toMatchObject([{ quota: 1125n, basis: 'reported', ended: 'complete' }]);
  });

  it('searches that upstream ran are counted', async () => {
    const output = [{ type: 'web_search_call', id: 'ws_1', status: 'completed' }];
    upstream.behave(answerJson(JSON.stringify(snapshot('completed', { usage, output }))));
    await client.responses.create({ model: MODEL, input: 'news?' });
    expect(world.settlement.charges[0]?.usage).toMatchObject({ searches: 1, reasoning_tokens: 40 });
  });

  it('an incomplete response is an answer, and charged', async () => {
    const details = { incomplete_details: { reason: 'max_output_tokens' }, usage };
    upstream.behave(
      stream([
        CREATED,
        delta('Hi'),
        event('response.incomplete', { response: snapshot('incomplete', details) }),
      ]),
    );
    expect((await events()).at(-1)?.type).toBe('response.incomplete');
    expect(world.settlement.charges).toMatchObject([{ quota: 1125n, ended: 'complete' }]);
  });

  it('a response that fails before a word costs nothing, and the client sees upstream’s own error', async () => {
    const error = { code: 'server_error', message: 'The model broke.' };
    upstream.behave(stream([CREATED, event('response.failed', { response: snapshot('failed', { error }) })]));
    await expect(events()).rejects.toMatchObject({ status: 502, error });
    expect(world.settlement.charges).toHaveLength(0);
    expect(world.settlement.failures).toMatchObject([{ stage: 'upstream' }]);
  });

  it('a stream that is cut ends in an error that the SDK throws, never in a false end; what came is charged', async () => {
    upstream.behave(stream([CREATED, delta('Hello'), delta(' there')], 'destroy'));
    await expect(events()).rejects.toMatchObject({ code: 'upstream_unavailable' });
    expect(world.settlement.charges).toMatchObject([{ basis: 'counted', ended: 'upstream-cut' }]);
  });

  it('the output limit is lowered to the model’s; the rest of the body stays as it came', async () => {
    const raw =
      '{"model":"gpt-4o", "input":"hi","max_output_tokens":5000,"include":["reasoning.encrypted_content"]}';
    upstream.behave(answerJson(JSON.stringify(snapshot('completed', { usage }))));
    const response = await client.post('/responses', {
      body: raw,
      headers: { 'content-type': 'application/json' },
    });
    expect(response).toMatchObject({ status: 'completed' });
    expect(upstream.seen[0]?.raw.toString()).toBe(raw.replace('5000', '1000'));
    expect(upstream.seen[0]?.url).toBe('/v1/responses');
  });

  it('passes on what refers to an earlier response', async () => {
    upstream.behave(answerJson(JSON.stringify(snapshot('completed', { usage }))));
    await client.responses.create({
      model: MODEL,
      input: 'go on',
      previous_response_id: 'resp_0',
      store: true,
    });
    expect(upstream.seen[0]?.body).toMatchObject({ previous_response_id: 'resp_0', store: true });
  });

  it('keeps back the last event only, wherever the bytes are cut', () => {
    const content = CREATED + delta('"error":{}') + delta('"response.completed"') + delta('模型 🙂');
    const bytes = Buffer.from(content + COMPLETED);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 20 }), (cuts) => {
        const sifter = new ResponseStream();
        let from = 0;
        let passed = '';
        for (const to of [...cuts.sort((a, b) => a - b), bytes.length]) {
          passed += sifter.push(bytes.subarray(from, to)).toString('latin1');
          from = to;
        }
        expect(passed).toBe(Buffer.from(content).toString('latin1'));
        expect(sifter.tail().toString()).toBe(COMPLETED);
        expect(sifter).toMatchObject({ done: true, holding: true, error: undefined, usageIsStale: false });
      }),
    );
  });
});

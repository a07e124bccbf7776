import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { channel, chat, HELLO, price, startWorld, type World } from '../../support/relay-world.js';
import {
  answerJson,
  completion,
  startTestUpstream,
  type TestUpstream,
  type Behaviour,
} from '../../support/test-upstream.js';

const MODELS = ['gpt-5-mini', 'gpt-4o', 'fast', 'slow'];
const usage = { prompt_tokens: 3, completion_tokens: 2 };
const limitsIn = (body: Record<string, unknown>) =>
  Object.entries(body).filter(([name]) => /^max_/.test(name));
const error = (message: string, more = {}) =>
  JSON.stringify({ error: { message, type: 'invalid_request_error', ...more } });

describe('the output limit of a chat', () => {
  let upstream: TestUpstream;
  let world: World;
  const good = answerJson(completion('hi', usage));
  beforeEach(async () => {
    upstream = await startTestUpstream(good);
    world = await startWorld({
      prices: MODELS.map((model) => price(model)),
      balance: 400n,
      channels: [
        channel('azure', new URL(upstream.url).origin, {
          type: 'azure-openai',
          api_version: '2024-10-21',
          models: MODELS,
          model_mapping: { 'gpt-5-mini': 'prod-1', 'gpt-4o': 'gpt-5-old-name', fast: 'o3', slow: 'prod-2' },
        }),
      ],
    });
  });
  afterEach(async () => {
    expect(await world.held()).toBe(0n);
    await world.close();
    await upstream.close();
  });

  const knowsOnly =
    (name: string, refusal: string, status = 400): Behaviour =>
    (response, request) => {
      const refused = limitsIn(request.body).some(([each]) => each !== name);
      if (!refused) return good(response, request);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(refusal);
    };

  it.each([
    ['gpt-5-mini', 'max_completion_tokens'],
    ['gpt-4o', 'max_tokens'],
    ['fast', 'max_completion_tokens'],
    ['slow', 'max_tokens'],
  ])(
    'of %s is called %s: as the model asked for wants it, not as the deployment’s name looks',
    async (model, name) => {
      expect((await chat(world, { ...HELLO, model })).status).toBe(200);
      expect(limitsIn(upstream.seen[0]?.body ?? {}).map(([each]) => each)).toEqual([name]);
    },
  );

  const USE_OTHER = error(
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    { param: 'max_tokens', code: 'unsupported_parameter' },
  );
  it.each([
    ['the other name is asked for', 'max_tokens', 'max_completion_tokens', USE_OTHER, 400],
    [
      'this name is not known',
      'max_completion_tokens',
      'max_tokens',
      error('Unrecognized request argument supplied: max_completion_tokens'),
      400,
    ],
    [
      'this name is one too many',
      'max_completion_tokens',
      'max_tokens',
      '{"error":{"message":"body.max_completion_tokens: Extra inputs are not permitted"}}',
      422,
    ],
  ])('where %s the call is made once more with it', async (_, sent, wanted, refusal, status) => {
    upstream.behave(knowsOnly(wanted, refusal, status));
    const response = await chat(world, { ...HELLO, model: 'slow', [sent]: 20 });
    expect(response.status).toBe(200);
    expect(upstream.seen.map(({ body }) => limitsIn(body))).toEqual([[[sent, 20]], [[wanted, 20]]]);
    expect(world.settlement.charges).toHaveLength(1);
  });

  it('a limit that the relay itself had set is renamed too, also for a stream', async () => {
    upstream.behave((response, request) => {
      if ('max_tokens' in request.body) {
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end(USE_OTHER);
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(
        `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'hi' }, finish_reason: 'stop' }], usage })}\n\ndata: [DONE]\n\n`,
      );
    });
    const response = await chat(world, { ...HELLO, model: 'slow', stream: true });
    expect(await response.text()).toContain('[DONE]');
    expect(upstream.seen.map(({ body }) => limitsIn(body).map(([name]) => name))).toEqual([
      ['max_tokens'],
      ['max_completion_tokens'],
    ]);
    expect(world.settlement.charges).toHaveLength(1);
  });

  it.each([
    [
      'complains of its size',
      { max_tokens: 20 },
      error('max_tokens is too large: 20.', { param: 'max_tokens' }),
      1,
    ],
    ['complains of both being there', { max_tokens: 20, max_completion_tokens: 20 }, USE_OTHER, 1],
    ['would read a null beside it', { max_tokens: 20, max_completion_tokens: null }, USE_OTHER, 1],
    ['refuses the other name as well', { max_tokens: 20 }, USE_OTHER, 2],
  ])('an upstream that %s is not asked again', async (_, limits, refusal, times) => {
    upstream.behave(knowsOnly('neither', refusal));
    const response = await chat(world, { ...HELLO, model: 'slow', ...limits });
    expect([response.status, await response.text()]).toEqual([400, refusal]);
    expect(upstream.seen).toHaveLength(times);
    expect(world.settlement.charges).toHaveLength(0);
  });
});

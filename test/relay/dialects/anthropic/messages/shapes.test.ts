import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../../support/eventually.js';
import {
  answerMessage,
  anthropicError,
  blockStart,
  event,
  message,
  messageDelta,
  messageStart,
  messageStop,
  ping,
  text,
  textDelta,
  textStream,
} from '../../../support/anthropic-shapes.js';
import { channel, KEY, price, startWorld, type World } from '../../../support/relay-world.js';
import { startTestUpstream, stream, type TestUpstream } from '../../../support/test-upstream.js';

const MODEL = 'claude-test';
const USAGE = { input_tokens: 10, output_tokens: 5 };

/** What the mock of others cannot do, in shapes of our own making. */
describe("Anthropic's shapes through the relay", () => {
  let upstream: TestUpstream;
  let world: World;
  let client: Anthropic;
  beforeAll(async () => {
    upstream = await startTestUpstream(answerMessage(message([text('hi')], USAGE)));
    world = await startWorld({
      channels: [channel('a', upstream.url, { type: 'anthropic', models: [MODEL] })],
      prices: [
        price(MODEL, {
          completion_ratio: '5',
          cache_ratio: '0.1',
          cache_write_ratio: '1.25',
          cache_write_1h_ratio: '2',
          max_output_tokens: 64_000,
          context_window: 1_000_000,
        }),
      ],
    });
    client = new Anthropic({ apiKey: KEY, baseURL: world.url, maxRetries: 0 });
  });
  afterAll(async () => {
    await world.close();
    await upstream.close();
  });
  beforeEach(() => {
    upstream.behave(answerMessage(message([text('hi')], USAGE)));
    upstream.seen.length = 0;
  });

  const ask = (more: object = {}) => ({
    model: MODEL,
    max_tokens: 100,
    messages: [{ role: 'user' as const, content: 'hello' }],
    ...more,
  });
  const lastCharge = () => world.settlement.charges.at(-1);

  it('charges cache reads, and writes of five minutes and of an hour, on top of the rest of the prompt', async () => {
    const usage = {
      input_tokens: 100,
      cache_read_input_tokens: 1_000,
      cache_creation_input_tokens: 600,
      cache_creation: { ephemeral_5m_input_tokens: 400, ephemeral_1h_input_tokens: 200 },
      output_tokens: 20,
    };
    upstream.behave(answerMessage(message([text('hi')], usage)));
    const whole = await client.messages.create(ask());
    expect(whole.usage).toMatchObject(usage);
    // 100 + 1000 × 0.1 + 400 × 1.25 + 200 × 2 + 20 × 5
    const charged = {
      quota: 1_200n,
      usage: {
        prompt_tokens: 1_700,
        cached_tokens: 1_000,
        cache_write_tokens: 400,
        cache_write_1h_tokens: 200,
        completion_tokens: 20,
      },
    };
    expect(lastCharge()).toMatchObject(charged);
    upstream.behave(stream(textStream(['hi'], usage)));
    await client.messages.stream(ask()).finalMessage();
    expect(lastCharge()).toMatchObject(charged);
  });

  it.each(['pause_turn', 'refusal', 'tool_use', 'max_tokens'])(
    'charges an answer that ends with %s, also without content',
    async (stop_reason) => {
      upstream.behave(answerMessage(message([], { input_tokens: 10, output_tokens: 0 }, { stop_reason })));
      expect(await client.messages.create(ask())).toMatchObject({ stop_reason, content: [] });
      expect(lastCharge()).toMatchObject({ quota: 10n });
      upstream.behave(
        stream([
          messageStart({ input_tokens: 10, output_tokens: 1 }),
          messageDelta({ output_tokens: 0 }, stop_reason),
          messageStop,
        ]),
      );
      const final = await client.messages.stream(ask()).finalMessage();
      expect(final).toMatchObject({ stop_reason, content: [] });
      expect(lastCharge()).toMatchObject({ quota: 10n, ended: 'complete' });
    },
  );

  it('passes the bytes of an answer untouched', async () => {
    const body =
      '{"type":"message",  "content":[{"type":"text","text":"é"}],"usage":{"input_tokens":1,"output_tokens":1},"x":1.0}';
    upstream.behave((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(body);
    });
    const response = await client.messages.create(ask()).asResponse();
    expect(await response.text()).toBe(body);
  });

  it('records searches that upstream ran', async () => {
    const usage = { ...USAGE, server_tool_use: { web_search_requests: 3, web_fetch_requests: 2 } };
    upstream.behave(answerMessage(message([text('hi')], usage)));
    await client.messages.create(ask());
    expect(lastCharge()?.usage).toMatchObject({ searches: 3 });
  });

  it('a stream that upstream fails in the middle ends with its error and is charged for what was delivered', async () => {
    const words = 'What has been said is said. '.repeat(10);
    upstream.behave(
      stream([
        messageStart({ input_tokens: 1_000, cache_read_input_tokens: 5_000, output_tokens: 1 }),
        blockStart(text('')),
        ping,
        textDelta(words),
        event('error', anthropicError('overloaded_error', 'Overloaded')),
      ]),
    );
    const answer = client.messages.stream(ask());
    await expect(answer.finalMessage()).rejects.toMatchObject({ type: 'overloaded_error' });
    await eventually(() => lastCharge()?.ended === 'upstream-cut');
    const { usage } = lastCharge() ?? {};
    // What upstream said of the prompt at the start is not counted again.
    expect(usage).toMatchObject({ prompt_tokens: 6_000, cached_tokens: 5_000 });
    expect(usage?.completion_tokens).toBeGreaterThan(40);
    expect(usage?.completion_tokens).toBeLessThan(100);
  });

  it('an error before the first word is an answer with its status, and costs nothing', async () => {
    const before = world.settlement.charges.length;
    upstream.behave(stream([event('error', anthropicError('overloaded_error', 'Overloaded'))]));
    await expect(client.messages.create(ask({ stream: true }))).rejects.toMatchObject({
      status: 529,
      type: 'overloaded_error',
    });
    upstream.behave(answerMessage(anthropicError('rate_limit_error', 'slow'), 429, { 'retry-after': '7' }));
    const refused = client.messages.create(ask());
    await expect(refused).rejects.toBeInstanceOf(Anthropic.RateLimitError);
    await refused.catch((error: unknown) => {
      const { headers, error: body } = error as InstanceType<typeof Anthropic.APIError>;
      expect(headers?.get('retry-after')).toBe('7');
      // The name that the request has here, not the one that upstream gave it.
      expect(body).toMatchObject({ request_id: headers?.get('request-id') });
    });
    expect(world.settlement.charges.length).toBe(before);
    expect(await world.held()).toBe(0n);
  });

  it.each(['<html>Bad gateway</html>', '', '{"type":"message"', '{"ok":true}'])(
    'makes an error of its own of %j',
    async (body) => {
      upstream.behave((response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(body);
      });
      await expect(client.messages.create(ask())).rejects.toMatchObject({ status: 502, type: 'api_error' });
    },
  );

  it('sends upstream its own key, version and trials, and nothing else of the client', async () => {
    await client.beta.messages.create({ ...ask(), betas: ['context-1m-2025-08-07', 'files-api-2025-04-14'] });
    const [seen] = upstream.seen;
    expect(seen?.url).toBe('/v1/messages');
    expect(seen?.headers).toMatchObject({
      'x-api-key': 'upstream-key-a',
      'anthropic-version': expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      'anthropic-beta': 'context-1m-2025-08-07,files-api-2025-04-14',
    });
    expect(seen?.headers['authorization']).toBeUndefined();
    expect(seen?.headers['x-stainless-lang']).toBeUndefined();
    expect(JSON.stringify(seen?.headers)).not.toContain(KEY);
  });
});

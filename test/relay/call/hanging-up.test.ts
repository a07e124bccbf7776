import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { messageStart } from '../support/anthropic-shapes.js';
import {
  channel,
  chat,
  HELLO,
  KEY,
  price,
  startWorld,
  type World,
  type WorldOptions,
} from '../support/relay-world.js';
import { delta, frame, startTestUpstream, stream, type TestUpstream } from '../support/test-upstream.js';

const STREAM = { ...HELLO, stream: true };
const ROLE = frame({
  choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
});

describe('a client that hangs up', () => {
  let upstream: TestUpstream;
  let world: World;
  const start = async (pieces: readonly string[], options: Partial<WorldOptions> = {}) => {
    upstream = await startTestUpstream(stream(pieces, 'hang'));
    world = await startWorld({ channels: [channel('one', upstream.url)], ...options });
  };
  afterEach(async () => {
    await eventually(() => world.relay.inFlight === 0);
    expect(await world.held()).toBe(0n);
    expect(world.openHolds.size).toBe(0);
    await world.close();
    await upstream.close();
  });
  /** Hangs up when upstream has the request, or when the answer has got so far. */
  const leave = async (call: (signal: AbortSignal) => Promise<Response>, until?: string) => {
    const abort = new AbortController();
    const answer = call(abort.signal).catch(() => undefined);
    await eventually(() => upstream.seen.length === 1);
    if (until !== undefined) {
      const reader = ((await answer)?.body as ReadableStream<Uint8Array>).getReader();
      let text = '';
      while (!text.includes(until)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`the answer ended after ${text}`);
        text += Buffer.from(value).toString();
      }
    }
    abort.abort();
    await eventually(() => upstream.aborted === 1);
  };
  const asks = (body: object) => (signal: AbortSignal) => chat(world, body, { signal });
  const charge = async () => {
    await eventually(() => world.settlement.charges.length === 1);
    return world.settlement.charges[0];
  };

  it.each([
    ['a stream before its head', STREAM, []],
    ['a stream after a chunk that only opens it', STREAM, [ROLE]],
    ['a whole answer', HELLO, []],
  ])('on %s pays the prompt, counted, and nothing else', async (_what, body, pieces) => {
    await start(pieces);
    await leave(asks(body));
    const { usage, ended, basis, quota } = (await charge()) ?? {};
    expect({ ended, basis }).toEqual({ ended: 'client-closed', basis: 'counted' });
    expect(usage?.completion_tokens).toBe(0);
    expect(usage?.prompt_tokens).toBeGreaterThan(0);
    expect(quota).toBe(BigInt(usage?.prompt_tokens ?? 0));
  });

  it('pays the prompt as upstream reported it, where it did', async () => {
    await start([messageStart({ input_tokens: 500, output_tokens: 1 })]);
    await world.close();
    world = await startWorld({ channels: [channel('one', upstream.url, { type: 'anthropic' })] });
    const call = (signal: AbortSignal) =>
      fetch(`${world.url}/v1/messages`, {
        method: 'POST',
        headers: { 'x-api-key': KEY, 'content-type': 'application/json' },
        body: JSON.stringify({ ...STREAM, max_tokens: 100 }),
        signal,
      });
    await leave(call, 'message_start');
    expect(await charge()).toMatchObject({
      quota: 500n,
      usage: { prompt_tokens: 500, completion_tokens: 0 },
    });
  });

  it('pays it in the class of service that upstream named', async () => {
    await start([messageStart({ input_tokens: 500, output_tokens: 1, service_tier: 'priority' })]);
    await world.close();
    world = await startWorld({
      channels: [channel('one', upstream.url, { type: 'anthropic' })],
      prices: [price('gpt-test', { service_tier_ratios: { priority: '2' } })],
    });
    const call = (signal: AbortSignal) =>
      fetch(`${world.url}/v1/messages`, {
        method: 'POST',
        headers: { 'x-api-key': KEY, 'content-type': 'application/json' },
        body: JSON.stringify({ ...STREAM, max_tokens: 100 }),
        signal,
      });
    await leave(call, 'message_start');
    expect(await charge()).toMatchObject({ quota: 1_000n, service_tier: 'priority' });
  });

  it.each([
    [
      'a chat',
      'openai',
      '/v1/chat/completions',
      [
        frame({ choices: [], usage: { prompt_tokens: 500, completion_tokens: 0 } }),
        delta('Hello'),
        delta(' there'),
      ],
    ],
    [
      'Gemini',
      'gemini',
      '/v1beta/models/gpt-test:streamGenerateContent?alt=sse',
      ['Hello', ' there'].map((text) =>
        frame({
          candidates: [{ index: 0, content: { parts: [{ text }] } }],
          usageMetadata: { promptTokenCount: 500, totalTokenCount: 500 },
        }),
      ),
    ],
  ] as const)(
    'pays the prompt as reported of %s, also where the output is counted',
    async (_what, type, path, pieces) => {
      await start(pieces);
      await world.close();
      world = await startWorld({ channels: [channel('one', upstream.url, { type })] });
      const body = type === 'gemini' ? { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] } : STREAM;
      const call = (signal: AbortSignal) =>
        fetch(`${world.url}${path}`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${KEY}`,
            'x-goog-api-key': KEY,
            'content-type': 'application/json',
          },
          body: JSON.stringify(body),
          signal,
        });
      await leave(call, 'there');
      expect(await charge()).toMatchObject({
        quota: 502n,
        usage: { prompt_tokens: 500, completion_tokens: 2 },
        basis: 'counted',
      });
    },
  );

  it('by closing its own side of the connection alone pays the prompt too', async () => {
    await start([]);
    const body = JSON.stringify(HELLO);
    const { hostname: host, port } = new URL(world.url);
    const client = connect({ host, port: Number(port), allowHalfOpen: true });
    const head = `host: relay\r\nauthorization: Bearer ${KEY}\r\ncontent-length: ${body.length}`;
    client.write(`POST /v1/chat/completions HTTP/1.1\r\n${head}\r\n\r\n${body}`);
    await eventually(() => upstream.seen.length === 1);
    client.end();
    await eventually(() => upstream.aborted === 1);
    const { usage, ended, quota } = (await charge()) ?? {};
    expect(ended).toBe('client-closed');
    expect(quota).toBe(BigInt(usage?.prompt_tokens ?? 0));
    client.destroy();
  });

  it('before upstream has the request pays nothing', async () => {
    // It is connected to, and never shakes hands: nothing can be sent to it.
    const connections = new Set<Socket>();
    const silent = createServer((socket) => connections.add(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    await start([], { channels: [channel('one', `https://127.0.0.1:${port}/v1`)] });
    const abort = new AbortController();
    const call = chat(world, HELLO, { signal: abort.signal });
    await eventually(() => connections.size === 1);
    abort.abort();
    await expect(call).rejects.toThrow();
    await eventually(() => world.settlement.failures.length === 1);
    expect(world.settlement.failures).toMatchObject([{ stage: 'client', status: 499 }]);
    expect(world.settlement.charges).toHaveLength(0);
    for (const socket of connections) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('pays nothing where only what was delivered is charged, and nothing was', async () => {
    await start([], { settings: { abortCharge: 'delivered' } });
    await leave(asks(STREAM));
    await eventually(() => world.settlement.failures.length === 1);
    expect(world.settlement.failures).toMatchObject([{ stage: 'client', status: 499 }]);
    expect(world.settlement.charges).toHaveLength(0);
  });

  it.each([
    ['key', { key: 2, user: 0 }],
    ['user', { key: 0, user: 2 }],
  ] as const)(
    'as often as its %s may is refused after that, also for calls that would be heard',
    async (who, abortsPerMinute) => {
      await start([], { abortsPerMinute });
      for (const count of [1, 2]) {
        const abort = new AbortController();
        const call = chat(world, STREAM, { signal: abort.signal }).catch(() => undefined);
        await eventually(() => upstream.seen.length === count);
        abort.abort();
        await call;
        await eventually(() => world.settlement.charges.length === count && world.relay.inFlight === 0);
      }
      const refused = await chat(world, HELLO);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.json()).toMatchObject({
        error: {
          code: 'rate_limit_exceeded',
          message: expect.stringContaining(`this ${who === 'key' ? 'access key' : 'user'}`),
        },
      });
      expect(upstream.seen).toHaveLength(2);
    },
  );

  it.each([
    ['prompt', true],
    ['delivered', false],
  ] as const)('after two words pays them, and by "%s" the prompt: %s', async (abortCharge, pays) => {
    await start([delta('Hello'), delta(' there')], { settings: { abortCharge } });
    await leave(asks(STREAM), 'there');
    const { usage } = (await charge()) ?? {};
    expect(usage?.completion_tokens).toBe(2);
    expect((usage?.prompt_tokens ?? 0) > 0).toBe(pays);
  });
});

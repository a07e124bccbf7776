import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ClientResponse } from '../../../src/relay/call/client-response.js';
import { StreamAnswer } from '../../../src/relay/call/stream-answer.js';
import { ChoicesStream } from '../../../src/relay/dialects/openai/chat/stream.js';
import { channel, chat, HELLO, KEY, price, startWorld, type World } from '../support/relay-world.js';
import { messageDelta, messageStart, messageStop, textDelta } from '../support/anthropic-shapes.js';
import {
  delta,
  DONE,
  frame,
  startTestUpstream,
  stream,
  type TestUpstream,
  usageChunk,
} from '../support/test-upstream.js';

const ROLE = frame({
  choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
});
const USAGE = { prompt_tokens: 9, completion_tokens: 4 };
const event = (data: { readonly type: string; readonly [name: string]: unknown }) =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
const created = event({ type: 'response.created', response: { status: 'in_progress', output: [] } });

const STREAM = { model: 'gpt-test', stream: true };

/** How each protocol opens an answer, reports an error instead of going on, and answers well; charged 9 + 4. */
const protocols = [
  {
    name: 'a chat',
    path: '/v1/chat/completions',
    body: { ...STREAM, messages: HELLO.messages },
    opening: ROLE,
    errors: [
      frame({ error: { message: 'overloaded', type: 'server_error' } }),
      frame({ choices: [], error: { message: 'overloaded', code: 502 } }),
      frame({ error: 'overloaded' }),
      '{"error":{"message":"overloaded"}}',
      'upstream is overloaded\n\n',
      `${frame('upstream is overloaded')}${DONE}`,
      `${frame({ code: 429, msg: 'overloaded' })}${DONE}`,
      'event: error\ndata: overloaded\n\n',
    ],
    good: [ROLE, delta('Hello'), delta('', 'stop'), usageChunk(USAGE), DONE],
  },
  {
    name: 'a response',
    path: '/v1/responses',
    body: { ...STREAM, input: 'hello' },
    opening: created + event({ type: 'response.output_item.added', item: { type: 'message', content: [] } }),
    errors: [
      event({ type: 'error', code: 'server_is_overloaded', message: 'overloaded' }),
      event({
        type: 'response.failed',
        response: { status: 'failed', error: { code: 'server_error', message: 'died' } },
      }),
      `${frame('upstream is overloaded')}${DONE}`,
      'event: error\ndata: overloaded\n\n',
    ],
    good: [
      created,
      event({ type: 'response.output_text.delta', delta: 'Hello' }),
      event({ type: 'response.completed', response: { usage: { input_tokens: 9, output_tokens: 4 } } }),
    ],
  },
  {
    name: 'a message',
    path: '/v1/messages',
    body: { ...STREAM, messages: HELLO.messages, max_tokens: 100 },
    opening:
      messageStart({ input_tokens: 9, output_tokens: 1 }) +
      event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }) +
      event({ type: 'ping' }),
    errors: [
      event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
      'event: error\ndata: overloaded\n\n',
    ],
    good: [
      messageStart({ input_tokens: 9, output_tokens: 1 }),
      textDelta('Hello'),
      messageDelta({ output_tokens: 4 }),
      messageStop,
    ],
  },
  {
    name: 'contents',
    path: '/v1beta/models/gpt-test:streamGenerateContent?alt=sse',
    body: { contents: [{ role: 'user', parts: [{ text: 'hello' }] }] },
    opening: frame({ modelVersion: 'm', usageMetadata: { promptTokenCount: 9 } }),
    errors: [
      frame({ error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } }),
      frame('upstream is overloaded'),
    ],
    good: [
      frame({ candidates: [{ content: { parts: [{ text: 'Hello' }] } }] }),
      frame({
        candidates: [{ content: { parts: [{ text: '' }] }, finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 4, totalTokenCount: 13 },
      }),
    ],
  },
] as const;

const types = {
  'a chat': 'openai',
  'a response': 'openai',
  'a message': 'anthropic',
  contents: 'gemini',
} as const;

describe.each(protocols)(
  'a stream of $name that begins with an error',
  ({ path, body, opening, errors, good, name }) => {
    let first: TestUpstream;
    let second: TestUpstream;
    let world: World;
    beforeEach(async () => {
      first = await startTestUpstream(stream([]));
      second = await startTestUpstream(stream(good));
      const type = { type: types[name] };
      world = await startWorld({
        channels: [channel('one', first.url, { priority: 1, ...type }), channel('two', second.url, type)],
      });
    });
    afterEach(async () => {
      expect(await world.held()).toBe(0n);
      await world.close();
      await first.close();
      await second.close();
    });
    const call = () =>
      fetch(`${world.url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });

    it.each(errors.map((error) => [error]))(
      '%j: the next channel answers, and is charged alone',
      async (error) => {
        first.behave(stream([opening, error]));
        const response = await call();
        expect(response.status).toBe(200);
        expect(await response.text()).toBe(
          good.filter((piece) => !piece.includes('"prompt_tokens"')).join(''),
        );
        expect(world.settlement.charges).toMatchObject([
          { quota: 13n, channel_id: 'two', ended: 'complete' },
        ]);
      },
    );

    it('that the last channel gives too is a whole error, and costs nothing', async () => {
      for (const upstream of [first, second]) upstream.behave(stream([opening, errors[0]]));
      const response = await call();
      expect(response.status).toBeGreaterThanOrEqual(500);
      expect(await response.text()).toMatch(/overloaded/i);
      expect(world.settlement.charges).toHaveLength(0);
    });

    it('after its first content: the client sees the error, and pays for what it got', async () => {
      first.behave(stream([...good.slice(0, 2), errors[0]]));
      const text = await (await call()).text();
      expect(text).toContain('Hello');
      expect(text).toMatch(/overloaded/i);
      expect(second.seen).toHaveLength(0);
      expect(world.settlement.charges).toMatchObject([{ channel_id: 'one', ended: 'upstream-cut' }]);
    });
  },
);

describe('what opens an answer', () => {
  it('goes out with the first content, and with an answer that has none', async () => {
    const upstream = await startTestUpstream(stream([ROLE, delta('', 'stop'), usageChunk(USAGE), DONE]));
    const world = await startWorld({ channels: [channel('one', upstream.url)], prices: [price('gpt-test')] });
    const response = await chat(world, { ...HELLO, stream: true });
    expect(await response.text()).toBe([ROLE, delta('', 'stop'), DONE].join(''));
    expect(world.settlement.charges).toMatchObject([{ quota: 13n, ended: 'complete' }]);
    await world.close();
    await upstream.close();
  });

  describe('is held back', () => {
    const MAX_MS = 1_000;
    const MAX_BYTES = 64 * 1024;
    beforeEach(() => {
      jest.useFakeTimers();
    });
    afterEach(() => {
      jest.useRealTimers();
    });
    /** An answer under way, and what its client has got of it. */
    const opened = () => {
      const got: string[] = [];
      const client = {
        begin: () => got.push('head'),
        write: (bytes: Buffer) => got.push(bytes.toString()) > 0,
      } as unknown as ClientResponse;
      const sifter = new ChoicesStream({ choices: 1, hideUsage: true, textOf: () => '' });
      const answer = new StreamAnswer(client, { openStream: () => sifter });
      answer.opens({});
      return { got, answer };
    };
    /** A comment of so many bytes, as some upstreams send while they think. */
    const comment = (bytes: number) => `: ${'-'.repeat(bytes - 4)}\n\n`;

    it('for a second, and not for a millisecond more', () => {
      const { got, answer } = opened();
      answer.chunk(Buffer.from(ROLE));
      jest.advanceTimersByTime(MAX_MS - 1);
      answer.chunk(Buffer.from(comment(10)));
      expect(got).toEqual([]);
      jest.advanceTimersByTime(1);
      expect(got).toEqual(['head', ROLE, comment(10)]);
    });

    it('up to 64 KiB, and not for a byte more', () => {
      const { got, answer } = opened();
      answer.chunk(Buffer.from(comment(MAX_BYTES)));
      expect(got).toEqual([]);
      answer.chunk(Buffer.from(comment(4)));
      expect(got).toEqual(['head', comment(MAX_BYTES), comment(4)]);
    });

    it('and after it everything goes out as it comes', () => {
      const { got, answer } = opened();
      answer.chunk(Buffer.from(ROLE));
      jest.advanceTimersByTime(MAX_MS);
      answer.chunk(Buffer.from(ROLE));
      answer.chunk(Buffer.from(delta('Hello')));
      expect(got).toEqual(['head', ROLE, ROLE, delta('Hello')]);
    });

    it('no longer where the answer is over before', async () => {
      const { got, answer } = opened();
      answer.chunk(Buffer.from(ROLE));
      answer.failed('broken');
      expect(jest.getTimerCount()).toBe(0);
      expect(await answer.over).toBe('cut');
      expect(got).toEqual([]);
    });
  });
});

import Anthropic from '@anthropic-ai/sdk';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import type { ChannelSettings } from '../../../src/domain/channel/settings.js';
import {
  blockDelta,
  blockStart,
  blockStop,
  messageDelta,
  messageStart,
  messageStop,
  textDelta,
} from '../support/anthropic-shapes.js';
import { channel, KEY, startWorld, type World } from '../support/relay-world.js';
import {
  delta,
  DONE,
  frame,
  startTestUpstream,
  stream,
  type TestUpstream,
  usageChunk,
} from '../support/test-upstream.js';

const USAGE = { prompt_tokens: 12, completion_tokens: 5 };
const call = (index: number, fields: object) =>
  frame({ id: 'c', model: 'up', choices: [{ index: 0, delta: { tool_calls: [{ index, ...fields }] } }] });
const named = (id: string, name: string, given: string) => ({
  id,
  type: 'function',
  function: { name, arguments: given },
});
const more = (given: string) => ({ function: { arguments: given } });
/** Two calls side by side, each in pieces. */
const CHAT = [
  delta('Let me see. '),
  call(0, named('call_1', 'look', '{"a":')),
  call(1, named('call_2', 'look', '{"a":')),
  call(0, more('1}')),
  call(1, more('2}')),
  delta('', 'tool_calls'),
  usageChunk(USAGE),
  DONE,
];
const MESSAGE = [
  messageStart({ input_tokens: 12 }),
  blockStart({ type: 'text', text: '' }, 0),
  textDelta('Let me see. '),
  blockStop(0),
  ...[1, 2].flatMap((n) => [
    blockStart({ type: 'tool_use', id: `call_${n}`, name: 'look', input: {} }, n),
    blockDelta({ type: 'input_json_delta', partial_json: '{"a":' }, n),
    blockDelta({ type: 'input_json_delta', partial_json: `${n}}` }, n),
    blockStop(n),
  ]),
  messageDelta({ output_tokens: 5 }, 'tool_use'),
  messageStop,
];
const parameters = { type: 'object' as const, properties: { a: { type: 'integer' as const } } };

describe('what a provider’s own library makes of a converted stream', () => {
  let upstream: TestUpstream;
  let world: World;
  beforeEach(async () => {
    upstream = await startTestUpstream(stream([]));
  });
  afterEach(async () => {
    expect(world.settlement.charges.map(({ quota }) => quota)).toEqual([17n]);
    await world.close();
    await upstream.close();
  });
  const start = async (pieces: readonly string[], settings: Partial<ChannelSettings>) => {
    upstream.behave(stream(pieces));
    const conversion: ChannelSettings['conversion'] = {
      from: ['messages', 'chat', 'responses'],
      on_loss: 'drop',
      quirks: [],
    };
    world = await startWorld({ channels: [channel('one', upstream.url, { conversion, ...settings })] });
  };
  const chats = (): Partial<ChannelSettings> => ({ endpoints: { chat: upstream.url } });
  const openai = () => new OpenAI({ baseURL: `${world.url}/v1`, apiKey: KEY, maxRetries: 0 });

  it('is a message, of chunks', async () => {
    await start(CHAT, chats());
    const client = new Anthropic({ baseURL: world.url, apiKey: KEY, maxRetries: 0 });
    const answer = await client.messages
      .stream({
        model: 'gpt-test',
        max_tokens: 100,
        messages: [{ role: 'user', content: 'go' }],
        tools: [{ name: 'look', input_schema: parameters }],
      })
      .finalMessage();
    expect(answer).toMatchObject({
      content: [
        { type: 'text', text: 'Let me see. ' },
        { type: 'tool_use', id: 'call_1', name: 'look', input: { a: 1 } },
        { type: 'tool_use', id: 'call_2', name: 'look', input: { a: 2 } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 12, output_tokens: 5 },
    });
  });

  it('is a chat, of a message’s events', async () => {
    await start(MESSAGE, { type: 'anthropic' });
    const answer = await openai()
      .chat.completions.stream({
        model: 'gpt-test',
        messages: [{ role: 'user', content: 'go' }],
        tools: [{ type: 'function', function: { name: 'look', parameters } }],
        stream_options: { include_usage: true },
      })
      .finalChatCompletion();
    expect(answer).toMatchObject({
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            content: 'Let me see. ',
            tool_calls: [
              { id: 'call_1', function: { name: 'look', arguments: '{"a":1}' } },
              { id: 'call_2', function: { name: 'look', arguments: '{"a":2}' } },
            ],
          },
        },
      ],
      usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 },
    });
  });

  it.each([
    ['chunks', CHAT, chats],
    ['a message’s events', MESSAGE, (): Partial<ChannelSettings> => ({ type: 'anthropic' })],
  ] as const)('is a response, of %s', async (_, pieces, settings) => {
    await start(pieces, settings());
    const answer = await openai()
      .responses.stream({
        model: 'gpt-test',
        input: 'go',
        tools: [{ type: 'function', name: 'look', parameters, strict: false }],
      })
      .finalResponse();
    expect(answer).toMatchObject({
      status: 'completed',
      output_text: 'Let me see. ',
      output: [
        { type: 'message' },
        { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{"a":1}' },
        { type: 'function_call', call_id: 'call_2', name: 'look', arguments: '{"a":2}' },
      ],
      usage: { input_tokens: 12, output_tokens: 5, total_tokens: 17 },
    });
  });
});

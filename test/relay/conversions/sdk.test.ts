import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI, Type } from '@google/genai';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import {
  type ConvertibleProtocol,
  convertibleProtocols as protocols,
} from '../../../src/domain/channel/conversion.js';
import { KEY, startWorld, type World } from '../support/relay-world.js';
import { speaking, speakingChannel } from '../support/speaking-upstream.js';
import { type Heard, listeners, type Said } from '../support/spoken-answers.js';
import { answerJson, startTestUpstream, stream, type TestUpstream } from '../support/test-upstream.js';

const MODEL = 'gpt-test';
const SAID: Said = {
  text: 'Let me see. ',
  calls: [
    { id: 'call_1', name: 'look', input: { a: 1 } },
    { id: 'call_2', name: 'look', input: { a: 2 } },
  ],
};
const HEARD = {
  text: 'Let me see. ',
  calls: [
    { name: 'look', input: { a: 1 } },
    { name: 'look', input: { a: 2 } },
  ],
  reason: 'end',
  usage: [12, 4, 5],
};
/** 8 plain, 4 cached at a half, 5 output. */
const CHARGE = 15n;
const schema = { type: 'object' as const, properties: { a: { type: 'integer' as const } } };

/** What the provider's own library makes of an answer; `result`: of an earlier call, in the form that its clients give it. */
type Ask = (url: string, streamed: boolean) => Promise<Heard>;
const openai = (url: string) => new OpenAI({ baseURL: `${url}/v1`, apiKey: KEY, maxRetries: 0 });

const libraries: Readonly<Record<ConvertibleProtocol, Ask>> = {
  async messages(url, streamed) {
    const client = new Anthropic({ baseURL: url, apiKey: KEY, maxRetries: 0 });
    const body = {
      model: MODEL,
      max_tokens: 100,
      tools: [{ name: 'look', input_schema: schema }],
      messages: [
        { role: 'user' as const, content: 'go' },
        {
          role: 'assistant' as const,
          content: [{ type: 'tool_use' as const, id: 'c0', name: 'look', input: {} }],
        },
        {
          role: 'user' as const,
          content: [{ type: 'tool_result' as const, tool_use_id: 'c0', content: 'seen' }],
        },
      ],
    };
    const answer = streamed
      ? await client.messages.stream(body).finalMessage()
      : await client.messages.create(body);
    return listeners.messages.whole({ ...answer });
  },
  async chat(url, streamed) {
    const body = {
      model: MODEL,
      tools: [{ type: 'function' as const, function: { name: 'look', parameters: schema } }],
      messages: [
        { role: 'user' as const, content: 'go' },
        {
          role: 'assistant' as const,
          tool_calls: [{ id: 'c0', type: 'function' as const, function: { name: 'look', arguments: '{}' } }],
        },
        { role: 'tool' as const, tool_call_id: 'c0', content: 'seen' },
      ],
    };
    const { completions } = openai(url).chat;
    const answer = streamed
      ? await completions.stream({ ...body, stream_options: { include_usage: true } }).finalChatCompletion()
      : await completions.create(body);
    return listeners.chat.whole({ ...answer });
  },
  async responses(url, streamed) {
    const body = {
      model: MODEL,
      tools: [{ type: 'function' as const, name: 'look', parameters: schema, strict: false }],
      input: [
        { role: 'user' as const, content: 'go' },
        { type: 'function_call' as const, call_id: 'c0', name: 'look', arguments: '{}' },
        { type: 'function_call_output' as const, call_id: 'c0', output: 'seen' },
      ],
    };
    const { responses } = openai(url);
    const answer = streamed ? await responses.stream(body).finalResponse() : await responses.create(body);
    return listeners.responses.whole({ ...answer });
  },
  async generate(url, streamed) {
    const { models } = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: url } });
    const asked = {
      model: MODEL,
      contents: [
        { role: 'user', parts: [{ text: 'go' }] },
        { role: 'model', parts: [{ functionCall: { name: 'look', args: {} } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'look', response: { output: 'seen' } } }] },
      ],
      config: {
        tools: [
          {
            functionDeclarations: [
              { name: 'look', parameters: { type: Type.OBJECT, properties: { a: { type: Type.INTEGER } } } },
            ],
          },
        ],
      },
    };
    if (!streamed) return listeners.generate.whole({ ...(await models.generateContent(asked)) });
    const parts: unknown[] = [];
    let last: { candidates?: object[]; usageMetadata?: unknown } = {};
    for await (const chunk of await models.generateContentStream(asked)) {
      parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
      last = chunk;
    }
    return listeners.generate.whole({
      ...last,
      candidates: [{ ...last.candidates?.[0], content: { parts } }],
    });
  },
};

let upstream: TestUpstream;
let world: World;
beforeEach(async () => {
  upstream = await startTestUpstream(stream([]));
});
afterEach(async () => {
  expect(world.observed.faults).toEqual([]);
  expect(await world.held()).toBe(0n);
  await world.close();
  await upstream.close();
});

describe.each(protocols)('a provider’s own library for %s', (client) => {
  const others = protocols.filter((protocol) => protocol !== client);
  const ask = libraries[client];

  it.each(others.flatMap((protocol) => [true, false].map((streamed) => [protocol, streamed] as const)))(
    'reads what an upstream of %s says, in pieces: %j, and pays for it once',
    async (protocol, streamed) => {
      upstream.behave(speaking(protocol, SAID));
      world = await startWorld({ channels: [speakingChannel('one', protocol, upstream)] });
      expect(await ask(world.url, streamed)).toMatchObject(HEARD);
      expect(world.settlement.charges).toMatchObject([{ quota: CHARGE, basis: 'reported' }]);
      const sent = JSON.stringify(upstream.seen[0]?.body);
      expect(sent).toContain('look');
      expect(sent).toContain('seen');
    },
  );

  it('is told in its own words what an upstream of another dialect refuses', async () => {
    const body = {
      generate: { error: { code: 400, message: 'no such thing', status: 'INVALID_ARGUMENT' } },
      messages: { type: 'error', error: { type: 'invalid_request_error', message: 'no such thing' } },
    };
    const protocol = client === 'generate' ? 'messages' : 'generate';
    upstream.behave(answerJson(JSON.stringify(body[protocol]), 400));
    world = await startWorld({ channels: [speakingChannel('one', protocol, upstream)] });
    await expect(ask(world.url, false)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('no such thing'),
    });
    expect(world.settlement.charges).toEqual([]);
  });

  it('pays once where its own kind of channel fails and another one converts', async () => {
    const own = await startTestUpstream(answerJson('{"error":{"message":"full"}}', 503));
    const protocol = client === 'generate' ? 'chat' : 'generate';
    upstream.behave(speaking(protocol, SAID));
    world = await startWorld({
      channels: [speakingChannel('own', client, own), speakingChannel('two', protocol, upstream)],
    });
    expect(await ask(world.url, true)).toMatchObject(HEARD);
    expect(own.seen).toHaveLength(1);
    expect(world.settlement.charges).toMatchObject([{ channel_id: 'two', quota: CHARGE }]);
    await own.close();
  });
});

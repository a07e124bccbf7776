import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type ConvertibleProtocol,
  convertibleProtocols as protocols,
} from '../../../src/domain/channel/conversion.js';
import type { ParsedJson } from '../../support/parsed-json.js';
import { KEY, startWorld, type World } from '../support/relay-world.js';
import { isStreamed, speaking, speakingChannel } from '../support/speaking-upstream.js';
import type { Said } from '../support/spoken-answers.js';
import { answerJson, startTestUpstream, type TestUpstream } from '../support/test-upstream.js';

/**
 * What clients ask that are not to be had from npm, as their public code has it (docs/clients.md names it), and how they read what they get:
 * more loosely than the libraries of the providers, so that a frame which those would take may be lost on them.
 */
const MODEL = 'gpt-test';
const CALLS = [
  { id: 'call_1', name: 'look', input: { a: 1 } },
  { id: 'call_2', name: 'look', input: { a: 2 } },
];
const LAST = 'All seen.';
const parameters = { type: 'object', properties: { a: { type: 'integer' } } };
const nested = [{ type: 'function', function: { name: 'look', description: 'Looks.', parameters } }];

interface Call {
  readonly id: string;
  readonly name: string;
  readonly given: string;
}
interface Read {
  readonly text: string;
  readonly calls: readonly Call[];
}
interface Replay {
  readonly protocol: ConvertibleProtocol;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The first question, and the second with the calls of its answer and their results. */
  ask(calls?: readonly Call[]): object;
  /** The data of each frame, one by one. */
  read(frames: readonly string[]): Read;
}

const bearer = { authorization: `Bearer ${KEY}` };
const CHAT = { protocol: 'chat', path: '/v1/chat/completions' } as const;
const asCalls = (calls: readonly Call[]) =>
  calls.map(({ id, name, given }) => ({ id, type: 'function', function: { name, arguments: given } }));
const chatRound = (calls: readonly Call[]) => [
  { role: 'assistant', tool_calls: asCalls(calls) },
  ...calls.map(({ id, name }) => ({ role: 'tool', tool_call_id: id, name, content: `seen ${id}` })),
];

const parsed = (frame: string): ParsedJson => JSON.parse(frame);

/** A frame with an id begins a call, and one without goes on with the last; of each frame the first call is looked at. */
function readAsNextChat(frames: readonly string[]): Read {
  const calls: { id: string; name: string; given: string }[] = [];
  let text = '';
  for (const frame of frames.filter((each) => each !== '[DONE]')) {
    const [choice] = parsed(frame).choices ?? [];
    const [call] = choice?.delta?.tool_calls ?? [];
    if (call?.id) calls.push({ id: call.id, name: call.function.name, given: call.function.arguments });
    else if (call) (calls.at(-1) as { given: string }).given += call.function.arguments;
    text += choice?.delta?.content ?? '';
  }
  return { text, calls };
}

/** By the index of each call. */
function readByIndex(frames: readonly string[]): Read {
  const calls: { id: string; name: string; given: string }[] = [];
  let text = '';
  for (const frame of frames.filter((each) => each !== '[DONE]'))
    for (const { delta } of parsed(frame).choices) {
      text += delta.content ?? '';
      for (const { index, id, function: called } of delta.tool_calls ?? []) {
        const call = (calls[index] ??= { id, name: called.name, given: '' });
        call.given += called.arguments ?? '';
      }
    }
  return { text, calls };
}

const replays: Readonly<Record<string, Replay>> = {
  'NextChat, OpenAI': {
    ...CHAT,
    headers: { ...bearer, accept: 'application/json', 'x-requested-with': 'XMLHttpRequest' },
    ask: (calls) => ({
      messages: [{ role: 'user', content: 'go' }, ...(calls ? chatRound(calls) : [])],
      stream: true,
      model: MODEL,
      temperature: 0.5,
      presence_penalty: 0,
      frequency_penalty: 0,
      top_p: 1,
      tools: nested,
    }),
    read: readAsNextChat,
  },
  'NextChat, Anthropic': {
    protocol: 'messages',
    path: '/v1/messages',
    headers: { 'x-api-key': KEY, 'anthropic-version': '2023-06-01' },
    ask: (calls) => ({
      messages: [
        { role: 'user', content: 'be brief' },
        { role: 'assistant', content: ';' },
        { role: 'user', content: [{ type: 'text', text: 'go' }] },
        ...(calls
          ? [
              {
                role: 'assistant',
                content: calls.map(({ id, name, given }) => ({
                  type: 'tool_use',
                  id,
                  name,
                  input: JSON.parse(given),
                })),
              },
              // Each result in a turn of its own.
              ...calls.map(({ id }) => ({
                role: 'user',
                content: [{ type: 'tool_result', tool_use_id: id, content: `seen ${id}` }],
              })),
            ]
          : []),
      ],
      stream: true,
      model: MODEL,
      max_tokens: 4_000,
      temperature: 0.5,
      top_p: 1,
      top_k: 5,
      tools: [{ name: 'look', description: 'Looks.', input_schema: parameters }],
    }),
    read: (frames) => {
      const calls: { id: string; name: string; given: string }[] = [];
      let text = '';
      for (const frame of frames) {
        const { content_block: block, delta } = parsed(frame);
        if (block?.type === 'tool_use') calls.push({ id: block.id, name: block.name, given: '' });
        if (delta?.type === 'input_json_delta')
          (calls.at(-1) as { given: string }).given += delta.partial_json;
        text += delta?.text ?? '';
      }
      return { text, calls };
    },
  },
  'NextChat, Google': {
    protocol: 'generate',
    path: `/v1beta/models/${MODEL}:streamGenerateContent?alt=sse`,
    headers: { 'x-goog-api-key': KEY },
    ask: (calls) => ({
      contents: [
        { role: 'user', parts: [{ text: 'go' }, { inline_data: { mime_type: 'image/png', data: 'AAAA' } }] },
        ...(calls
          ? [
              {
                role: 'model',
                parts: calls.map(({ name, given }) => ({ functionCall: { name, args: JSON.parse(given) } })),
              },
              ...calls.map(({ name, id }) => ({
                role: 'function',
                parts: [{ functionResponse: { name, response: { name, content: `seen ${id}` } } }],
              })),
            ]
          : []),
      ],
      generationConfig: { temperature: 0.5, maxOutputTokens: 4_000, topP: 1 },
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_ONLY_HIGH' }],
      tools: [{ functionDeclarations: [{ name: 'look', description: 'Looks.', parameters }] }],
    }),
    // Of each frame the first part may be a call, and each part is taken for a text.
    read: (frames) => {
      const calls: Call[] = [];
      let text = '';
      for (const [n, frame] of frames.entries()) {
        const { parts } = parsed(frame).candidates[0].content;
        const called = parts[0]?.functionCall;
        if (called) calls.push({ id: `call_${n}`, name: called.name, given: JSON.stringify(called.args) });
        text += parts.map((part: ParsedJson) => part.text).join('\n\n');
      }
      return { text, calls };
    },
  },
  'Open WebUI': {
    ...CHAT,
    headers: { ...bearer, 'x-openwebui-user-id': 'u1', 'x-openwebui-chat-id': 'c1' },
    ask: (calls) => ({
      stream: true,
      model: MODEL,
      messages: [
        { role: 'system', content: 'Be kind.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'go' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          ],
        },
        ...(calls ? chatRound(calls) : []),
      ],
      tools: nested,
      logit_bias: {},
      stop: ['END'],
      stream_options: { include_usage: true },
    }),
    read: readByIndex,
  },
  LobeChat: {
    ...CHAT,
    headers: { ...bearer, accept: '*/*' },
    ask: (calls) => ({
      model: MODEL,
      messages: [{ role: 'user', content: 'go' }, ...(calls ? chatRound(calls) : [])],
      stream: true,
      temperature: 1,
      top_p: 1,
      frequency_penalty: 0,
      presence_penalty: 0,
      tools: nested,
      user: 'u1',
      stream_options: { include_usage: true },
    }),
    read: readByIndex,
  },
  'Cursor, asking': {
    ...CHAT,
    headers: bearer,
    ask: (calls) => ({
      model: MODEL,
      messages: [
        { role: 'system', content: 'You edit.' },
        { role: 'user', content: 'go' },
        ...(calls ? chatRound(calls) : []),
      ],
      stream: true,
      stream_options: { include_usage: true },
      user: 'u1',
      // In the form of responses, beside those of chats.
      tools: [
        { type: 'function', name: 'look', description: 'Looks.', parameters },
        { type: 'function', function: { name: 'see', parameters } },
        { type: 'custom', name: 'ApplyPatch', description: 'Patches.' },
      ],
    }),
    read: readByIndex,
  },
};

let upstream: TestUpstream;
let world: World;
beforeEach(async () => {
  upstream = await startTestUpstream(answerJson('{}'));
});
afterEach(async () => {
  expect(world.observed.faults).toEqual([]);
  expect(await world.held()).toBe(0n);
  await world.close();
  await upstream.close();
});

async function framesOf({ path, headers }: Replay, body: object): Promise<string[]> {
  const answer = await fetch(world.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(text);
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice('data: '.length));
}

describe.each(Object.entries(replays))('%s', (_, replay) => {
  it.each(protocols.filter((each) => each !== replay.protocol))(
    'calls two tools and hears the answer to their results of an upstream of %s',
    async (protocol) => {
      upstream.behave(
        speaking(protocol, (request): Said => {
          expect(isStreamed(request)).toBe(true);
          return JSON.stringify(request.body).includes('seen')
            ? { text: LAST }
            : { text: 'Let me see.', calls: CALLS };
        }),
      );
      world = await startWorld({ channels: [speakingChannel('one', protocol, upstream)] });
      const { text, calls } = replay.read(await framesOf(replay, replay.ask()));
      expect(text).toBe('Let me see.');
      expect(calls.map(({ name, given }) => [name, JSON.parse(given)])).toEqual([
        ['look', { a: 1 }],
        ['look', { a: 2 }],
      ]);
      expect(replay.read(await framesOf(replay, replay.ask(calls))).text).toBe(LAST);
      const sent = JSON.stringify(upstream.seen[1]?.body);
      for (const { id } of calls) expect(sent).toContain(`seen ${id}`);
      expect(world.settlement.charges).toMatchObject([{ basis: 'reported' }, { basis: 'reported' }]);
    },
  );
});

describe('Cursor, at work', () => {
  it('asks for a response at the address of chats, and is told what is missing', async () => {
    world = await startWorld({ channels: [speakingChannel('one', 'messages', upstream)] });
    const body = { model: MODEL, stream: true, input: [{ role: 'user', content: 'go' }] };
    const answer = await fetch(`${world.url}/v1/chat/completions`, {
      method: 'POST',
      headers: bearer,
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { type: 'invalid_request_error', param: 'messages' },
    });
    expect(upstream.seen).toEqual([]);
    expect(world.settlement.charges).toEqual([]);
  });
});

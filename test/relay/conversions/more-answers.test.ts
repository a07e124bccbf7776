import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type ConvertibleProtocol,
  convertibleProtocols as protocols,
} from '../../../src/domain/channel/conversion.js';
import { usageFrom } from '../../../src/domain/pricing/usage.js';
import type { Tool } from '../../../src/relay/conversions/canonical.js';
import { clientCodecs, upstreamCodecs } from '../../../src/relay/conversions/codecs.js';
import { ConvertedStream } from '../../../src/relay/conversions/converted-stream.js';
import { answerContext } from '../support/answer-context.js';
import { message, text } from '../support/anthropic-shapes.js';
import { KEY, startWorld, type World } from '../support/relay-world.js';
import { speaking, speakingChannel } from '../support/speaking-upstream.js';
import { listeners, speakers } from '../support/spoken-answers.js';
import { answerJson, DONE, frame, startTestUpstream, type TestUpstream } from '../support/test-upstream.js';
import type { ParsedJson } from '../../support/parsed-json.js';

const CHARGED = usageFrom({ prompt_tokens: 12, cached_tokens: 4, completion_tokens: 5 });
const others = (protocol: ConvertibleProtocol) => protocols.filter((each) => each !== protocol);
const pairs = protocols.flatMap((client) => others(client).map((upstream) => [client, upstream] as const));

/** What a client gets of a whole answer. */
function whole(
  client: ConvertibleProtocol,
  upstream: ConvertibleProtocol,
  body: object,
  more: object = {},
): ParsedJson {
  const answer = upstreamCodecs[upstream].readAnswer(JSON.parse(JSON.stringify(body)), 'call_up');
  const written = clientCodecs[client].writeAnswer(answer, CHARGED, { ...answerContext, ...more });
  return JSON.parse(JSON.stringify(written));
}

/** The same of a stream. */
function streamed(
  client: ConvertibleProtocol,
  upstream: ConvertibleProtocol,
  frames: string,
  more: object = {},
) {
  const inner = upstreamCodecs[upstream].openStream({ 'content-type': 'text/event-stream' });
  if (!inner) throw new Error('no stream');
  const writer = clientCodecs[client].eventWriter({ ...answerContext, ...more });
  const stream = new ConvertedStream(
    inner,
    upstreamCodecs[upstream].eventReader('call_up'),
    writer,
    () => ({}),
    {},
  );
  const passed = stream.push(Buffer.from(frames)).toString() + stream.finish().toString();
  stream.tail();
  stream.told(CHARGED);
  return passed + stream.tail().toString();
}

const chat = (finish_reason: string | null, said: object = { content: 'a' }) => ({
  id: 'c',
  choices: [{ index: 0, message: { role: 'assistant', ...said }, finish_reason }],
});
const response = (status: string, reason?: string) => ({
  id: 'r',
  status,
  incomplete_details: reason === undefined ? null : { reason },
  output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'a' }] }],
});
const google = (finishReason: string | undefined, more: object = {}) => ({
  candidates: [{ content: { role: 'model', parts: [{ text: 'a' }] }, finishReason }],
  ...more,
});

type Ending = 'end' | 'limit' | 'refused' | 'stop' | 'paused';
/** Why an answer ended, in the words of each upstream, and what of it clients are told. */
const endings: readonly [ConvertibleProtocol, string, object, Ending][] = [
  ...(
    [
      ['end_turn', 'end'],
      ['max_tokens', 'limit'],
      ['model_context_window_exceeded', 'limit'],
      ['stop_sequence', 'stop'],
      ['refusal', 'refused'],
      ['pause_turn', 'paused'],
      ['a reason of next year', 'end'],
    ] as const
  ).map(([reason, ending]): [ConvertibleProtocol, string, object, Ending] => {
    const more = { stop_reason: reason, stop_sequence: reason === 'stop_sequence' ? 'END' : null };
    return ['messages', reason, message([text('a')], undefined, more), ending];
  }),
  ...(
    [
      ['stop', 'end'],
      ['length', 'limit'],
      ['content_filter', 'refused'],
      ['eos', 'end'],
      // Without a call there is none that it could have ended for.
      ['tool_calls', 'end'],
    ] as const
  ).map(([reason, ending]): [ConvertibleProtocol, string, object, Ending] => [
    'chat',
    reason,
    chat(reason),
    ending,
  ]),
  ['responses', 'completed', response('completed'), 'end'],
  ['responses', 'max_output_tokens', response('incomplete', 'max_output_tokens'), 'limit'],
  ['responses', 'content_filter', response('incomplete', 'content_filter'), 'refused'],
  ...['SAFETY', 'RECITATION', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', 'MALFORMED_FUNCTION_CALL'].map(
    (reason): [ConvertibleProtocol, string, object, Ending] => [
      'generate',
      reason,
      google(reason),
      'refused',
    ],
  ),
  ['generate', 'STOP', google('STOP'), 'end'],
  ['generate', 'MAX_TOKENS', google('MAX_TOKENS'), 'limit'],
  ['generate', 'OTHER', google('OTHER'), 'end'],
  ['generate', 'a prompt that is blocked', { promptFeedback: { blockReason: 'SAFETY' } }, 'refused'],
];
const told: Readonly<Record<ConvertibleProtocol, (answer: ParsedJson) => unknown>> = {
  messages: ({ stop_reason: reason, stop_sequence: stop }) => (stop ? `${reason} ${stop}` : reason),
  chat: ({ choices }) => choices[0].finish_reason,
  responses: ({ status, incomplete_details: details }) => details?.reason ?? status,
  generate: ({ candidates }) => candidates[0].finishReason,
};
const WORDS: Readonly<Record<ConvertibleProtocol, Readonly<Record<Ending, string>>>> = {
  messages: {
    end: 'end_turn',
    limit: 'max_tokens',
    refused: 'refusal',
    stop: 'stop_sequence END',
    paused: 'pause_turn',
  },
  chat: { end: 'stop', limit: 'length', refused: 'content_filter', stop: 'stop', paused: 'stop' },
  responses: {
    end: 'completed',
    limit: 'max_output_tokens',
    refused: 'content_filter',
    stop: 'completed',
    paused: 'completed',
  },
  generate: { end: 'STOP', limit: 'MAX_TOKENS', refused: 'SAFETY', stop: 'STOP', paused: 'STOP' },
};

describe('why an answer ended', () => {
  it.each(endings)('%s: %s, in the words of each client', (upstream, _, body, ending) => {
    for (const client of others(upstream))
      expect([client, told[client](whole(client, upstream, body))]).toEqual([client, WORDS[client][ending]]);
  });

  it('is a call where there was one, whatever upstream says', () => {
    const called = {
      content: null,
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '' } }],
    };
    for (const reason of ['stop', 'function_call', 'tool_calls', null])
      expect(whole('messages', 'chat', chat(reason, called))).toMatchObject({
        stop_reason: 'tool_use',
        content: [{ type: 'tool_use', name: 'look', input: {} }],
      });
    const parts = [{ functionCall: { name: 'look' } }];
    const body = { candidates: [{ content: { parts }, finishReason: 'STOP' }] };
    expect(told.chat(whole('chat', 'generate', body))).toBe('tool_calls');
  });
});

describe('calls that an upstream of responses writes side by side', () => {
  const item = (place: number, type: string, fields: object) =>
    frame({ type: `response.${type}`, output_index: place, ...fields });
  const called = (place: number, given = '') => ({
    item: { type: 'function_call', call_id: `call_${place}`, name: `look_${place}`, arguments: given },
  });
  const piece = (place: number, delta: string) => item(place, 'function_call_arguments.delta', { delta });
  const frames = [
    frame({ type: 'response.created', response: { id: 'r' } }),
    item(0, 'output_item.added', called(0)),
    item(1, 'output_item.added', called(1)),
    piece(1, '{"b"'),
    piece(0, '{"a"'),
    piece(1, ':2}'),
    piece(0, ':1}'),
    item(1, 'output_item.done', called(1, '{"b":2}')),
    item(0, 'output_item.done', called(0, '{"a":1}')),
    frame({
      type: 'response.completed',
      response: { id: 'r', status: 'completed', output: [], usage: null },
    }),
  ].join('');

  it.each(others('responses'))('are whole calls, for clients of %s', (client) => {
    expect(listeners[client].stream(streamed(client, 'responses', frames))).toMatchObject({
      calls: [
        { name: 'look_0', input: { a: 1 } },
        { name: 'look_1', input: { b: 2 } },
      ],
    });
  });
});

describe('a model that refuses in words', () => {
  it.each(others('chat'))('is heard, in pieces: %s', (client) => {
    const refusing = (refusal: string) => frame({ id: 'c', choices: [{ index: 0, delta: { refusal } }] });
    const end = frame({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
    const heard = listeners[client].stream(
      streamed(client, 'chat', refusing('I ') + refusing('cannot.') + end + DONE),
    );
    expect(heard?.text).toBe('I cannot.');
  });

  it.each(others('responses'))('is heard of responses: %s', (client) => {
    const content = [{ type: 'refusal', refusal: 'I cannot.' }];
    const body = { ...response('completed'), output: [{ type: 'message', role: 'assistant', content }] };
    expect(listeners[client].whole(whole(client, 'responses', body)).text).toBe('I cannot.');
  });
});

describe('a search for tools that Codex runs', () => {
  const search: Tool = {
    name: 'tool_search',
    description: undefined,
    schema: { type: 'object' },
    form: { kind: 'search', namespace: undefined, name: 'tool_search' },
  };
  const said = { calls: [{ id: 'call_1', name: 'tool_search', input: { query: 'notes' } }] };
  const expected = {
    type: 'tool_search_call',
    execution: 'client',
    call_id: 'call_1',
    arguments: { query: 'notes' },
  };

  it.each(others('responses'))('is one again in its answer, whole and in pieces: %s', (upstream) => {
    const id = upstream === 'generate' ? expect.any(String) : 'call_1';
    const item = { ...expected, call_id: id, status: 'completed' };
    const answer = whole('responses', upstream, speakers[upstream].whole(said), { tools: [search] });
    expect(answer.output).toMatchObject([item]);
    const stream = streamed('responses', upstream, speakers[upstream].pieces(said).join(''), {
      tools: [search],
    });
    const frames = stream
      .split('\n\n')
      .filter((each) => each.startsWith('event: '))
      .map((each): ParsedJson => JSON.parse(each.split('\ndata: ')[1] ?? ''));
    expect(frames.map(({ type }) => type)).toEqual([
      ...[
        'response.created',
        'response.in_progress',
        'response.output_item.added',
        'response.output_item.done',
      ],
      'response.completed',
    ]);
    expect(frames.at(-1)?.response.output).toMatchObject([item]);
  });
});

const ERRORS: Readonly<Record<ConvertibleProtocol, (status: number) => object>> = {
  messages: () => ({ type: 'error', error: { type: 'rate_limit_error', message: 'slower, please' } }),
  chat: () => ({ error: { message: 'slower, please', type: 'requests', code: 'rate_limit_exceeded' } }),
  responses: () => ({ error: { message: 'slower, please', type: 'requests', code: null } }),
  generate: (code) => ({ error: { code, message: 'slower, please', status: 'RESOURCE_EXHAUSTED' } }),
};
const asks: Readonly<Record<ConvertibleProtocol, readonly [path: string, body: object]>> = {
  messages: [
    '/v1/messages',
    { model: 'gpt-test', max_tokens: 90, messages: [{ role: 'user', content: 'hi' }] },
  ],
  chat: ['/v1/chat/completions', { model: 'gpt-test', messages: [{ role: 'user', content: 'hi' }] }],
  responses: ['/v1/responses', { model: 'gpt-test', input: 'hi', store: false }],
  generate: ['/v1beta/models/gpt-test:generateContent', { contents: [{ parts: [{ text: 'hi' }] }] }],
};
/** Of too many requests, too large a one, and an upstream that is full. */
const REFUSALS: Readonly<Record<ConvertibleProtocol, readonly object[]>> = {
  messages: [
    { type: 'error', error: { type: 'rate_limit_error' } },
    { error: { type: 'request_too_large' } },
    { error: { type: 'overloaded_error' } },
  ],
  chat: [
    { error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' } },
    { error: { type: 'invalid_request_error' } },
    { error: { type: 'server_error' } },
  ],
  responses: [
    { error: { type: 'rate_limit_error' } },
    { error: { type: 'invalid_request_error' } },
    { error: { type: 'server_error' } },
  ],
  generate: [
    { error: { code: 429, status: 'RESOURCE_EXHAUSTED' } },
    { error: { code: 413, status: 'INVALID_ARGUMENT' } },
    { error: { code: 503, status: 'UNAVAILABLE' } },
  ],
};

describe('what upstream refuses', () => {
  let upstream: TestUpstream;
  let world: World;
  beforeEach(async () => {
    upstream = await startTestUpstream(answerJson('{}'));
  });
  afterEach(async () => {
    expect(world.observed.faults).toEqual([]);
    expect(await world.held()).toBe(0n);
    expect(world.settlement.charges).toEqual([]);
    await world.close();
    await upstream.close();
  });

  it.each(pairs)('is said to a client of %s in its words, of an upstream of %s', async (client, protocol) => {
    for (const [place, status] of [429, 413, 503].entries()) {
      upstream.behave(answerJson(JSON.stringify(ERRORS[protocol](status)), status, { 'retry-after': '7' }));
      if (place > 0) await world.close();
      world = await startWorld({ channels: [speakingChannel('one', protocol, upstream)] });
      const [path, body] = asks[client];
      const headers = { authorization: `Bearer ${KEY}`, 'x-goog-api-key': KEY };
      const answer = await fetch(world.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      expect(answer.status).toBe(client === 'messages' && status === 503 ? 529 : status);
      expect(await answer.json()).toMatchObject(REFUSALS[client][place] as object);
      if (status === 429) expect(answer.headers.get('retry-after')).toBe('7');
    }
  });

  it('is nothing more than its own words where its body is none: a page, an empty body', async () => {
    for (const body of ['<html>Bad gateway</html>', '', '[]']) {
      upstream.behave(answerJson(body, 502));
      await world?.close();
      world = await startWorld({ channels: [speakingChannel('one', 'messages', upstream)] });
      const [path, asked] = asks.chat;
      const answer = await fetch(world.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}` },
        body: JSON.stringify(asked),
      });
      expect(answer.status).toBe(502);
      expect(await answer.json()).toMatchObject({ error: { message: expect.any(String) } });
    }
    upstream.behave(speaking('messages', { text: 'hi' }));
  });
});

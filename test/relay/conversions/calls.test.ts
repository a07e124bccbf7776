import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ChannelSettings } from '../../../src/domain/channel/settings.js';
import {
  answerMessage,
  anthropicError,
  blockDelta,
  blockStart,
  blockStop,
  message,
  messageDelta,
  messageStart,
  messageStop,
  text,
  textStream,
} from '../support/anthropic-shapes.js';
import { channel, KEY, price, startWorld, type World } from '../support/relay-world.js';
import { checkChat, checkMessages } from '../support/stream-grammar.js';
import {
  answerJson,
  completion,
  delta,
  DONE,
  frame,
  startTestUpstream,
  stream,
  type TestUpstream,
  usageChunk,
} from '../support/test-upstream.js';

const USAGE = { prompt_tokens: 12, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 4 } };
const COUNTS = { input_tokens: 8, cache_read_input_tokens: 4, output_tokens: 5 };
/** 8 plain, 4 cached at a half, 5 output at 4. */
const CHARGE = 30n;
const HELLO = { model: 'gpt-test', max_tokens: 100, messages: [{ role: 'user', content: 'hello' }] };
const tools = [
  {
    name: 'look',
    description: 'Looks.',
    input_schema: { type: 'object', properties: { a: { type: 'integer' } } },
  },
];

let upstream: TestUpstream;
let other: TestUpstream;
let world: World;
beforeEach(async () => {
  upstream = await startTestUpstream(answerJson(completion('hi', USAGE)));
  other = await startTestUpstream(answerMessage(message([text('hi')], COUNTS)));
});
afterEach(async () => {
  expect(world.observed.faults).toEqual([]);
  expect(await world.held()).toBe(0n);
  await world.close();
  await Promise.all([upstream.close(), other.close()]);
});

const conversion = (more: Partial<ChannelSettings['conversion']> = {}): ChannelSettings['conversion'] => ({
  from: ['messages', 'chat'],
  on_loss: 'drop',
  quirks: [],
  ...more,
});
const PRICE = price('gpt-test', { completion_ratio: '4' });
const start = async (
  channels: Parameters<typeof startWorld>[0]['channels'],
  more: Partial<Parameters<typeof startWorld>[0]> = {},
) => {
  world = await startWorld({ channels, prices: [PRICE], ...more });
};
const onChat = (more: Partial<ChannelSettings> = {}) =>
  channel('chats', upstream.url, { conversion: conversion(), ...more });
const onMessages = (more: Partial<ChannelSettings> = {}) =>
  channel('messages', other.url, { type: 'anthropic', conversion: conversion(), ...more });
const call = (
  path: '/v1/messages' | '/v1/chat/completions',
  body: object,
  headers: Record<string, string> = {},
) =>
  fetch(world.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, ...headers },
    body: JSON.stringify(body),
  });
const messages = (body: object = {}, headers = {}) => call('/v1/messages', { ...HELLO, ...body }, headers);
const chat = (body: object = {}, headers = {}) =>
  call('/v1/chat/completions', { ...HELLO, max_tokens: undefined, ...body }, headers);
const TOLD = 'x-counterfoil-converted';

describe('a message to an upstream of chats', () => {
  it('is a chat upstream, a message for its client, and charged as reported', async () => {
    await start([onChat()]);
    const answer = await messages({
      system: [{ ...text('Be kind.'), cache_control: { type: 'ephemeral' } }],
      top_k: 3,
      tools,
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get(TOLD)).toBe('messages>chat; dropped=cache_control,top_k');
    expect(answer.headers.get('x-counterfoil-charge')).toBe(String(CHARGE));
    expect(await answer.json()).toEqual({
      id: expect.stringMatching(/^msg_/),
      type: 'message',
      role: 'assistant',
      model: 'upstream-model',
      content: [text('hi')],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        ...COUNTS,
        cache_creation_input_tokens: 0,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      },
    });
    const [seen] = upstream.seen;
    expect(seen?.url).toBe('/v1/chat/completions');
    expect(seen?.body).toEqual({
      model: 'gpt-test',
      max_tokens: 100,
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'hello' },
      ],
      tools: [
        {
          type: 'function',
          function: { name: 'look', description: 'Looks.', parameters: tools[0]?.input_schema },
        },
      ],
    });
    expect(world.settlement.charges).toMatchObject([
      {
        dialect: 'anthropic',
        endpoint: '/v1/messages',
        upstream_dialect: 'openai',
        losses: ['cache_control', 'top_k'],
        basis: 'reported',
        quota: CHARGE,
      },
    ]);
  });

  it('streams: in its grammar, with what was charged in the end', async () => {
    upstream.behave(stream([delta('hi '), delta('there'), delta('', 'stop'), usageChunk(USAGE), DONE]));
    await start([onChat()]);
    const answer = await messages({ stream: true });
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(answer.headers.get(TOLD)).toBe('messages>chat');
    expect(checkMessages(await answer.text())).toMatchObject({
      content: [text('hi there')],
      stop_reason: 'end_turn',
      usage: COUNTS,
    });
    expect(upstream.seen[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(world.settlement.charges).toMatchObject([{ quota: CHARGE, ended: 'complete', basis: 'reported' }]);
  });

  it.each([['whole'], ['in pieces']])('shows what was counted where nothing is reported, %s', async (how) => {
    const inPieces = how === 'in pieces';
    upstream.behave(
      inPieces
        ? stream([delta('hi there'), delta('', 'stop'), DONE])
        : answerJson(completion('hi there', null)),
    );
    await start([onChat()]);
    const answer = await messages({ stream: inPieces });
    const body = inPieces ? checkMessages(await answer.text()) : ((await answer.json()) as { usage: object });
    const [charge] = world.settlement.charges;
    expect(charge?.basis).toBe('counted');
    expect(charge?.usage.completion_tokens).toBe(2);
    expect(body?.['usage' as never]).toMatchObject({
      input_tokens: charge?.usage.prompt_tokens,
      output_tokens: charge?.usage.completion_tokens,
    });
  });

  it('goes through a round of tools: calls, results with pictures, and names that upstream does not take', async () => {
    await start([onChat()]);
    const name = 'mcp.files/read';
    const calls = [
      { type: 'tool_use', id: 'toolu_1', name, input: { path: 'a' } },
      { type: 'tool_use', id: 'toolu_2', name: 'look', input: {} },
    ];
    const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
    upstream.behave((response, { body }) => {
      const offered = (body['tools'] as { function: { name: string } }[])[0]?.function.name;
      const tool_calls = [
        { id: 'call_9', type: 'function', function: { name: offered, arguments: '{"path":"b"}' } },
      ];
      const choice = {
        index: 0,
        message: { role: 'assistant', content: null, tool_calls },
        finish_reason: 'tool_calls',
      };
      response.end(JSON.stringify({ id: 'c', choices: [choice], usage: USAGE }));
    });
    const answer = await messages({
      tools: [{ name, input_schema: { type: 'object' } }, ...tools],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      messages: [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: [text('Let me see.'), ...calls] },
        {
          role: 'user',
          content: [
            text('And then?'),
            { type: 'tool_result', tool_use_id: 'toolu_1', content: [text('shown'), picture] },
            { type: 'tool_result', tool_use_id: 'toolu_2', content: 'no such thing', is_error: true },
          ],
        },
      ],
    });
    expect(await answer.json()).toMatchObject({
      content: [{ type: 'tool_use', id: 'call_9', name, input: { path: 'b' } }],
      stop_reason: 'tool_use',
    });
    expect(answer.headers.get(TOLD)).toBe('messages>chat; changed=is_error,names,pictures');
    const sent = upstream.seen[0]?.body as { tools: { function: { name: string } }[]; messages: unknown };
    const spelled = sent.tools[0]?.function.name;
    expect(spelled).toMatch(/^mcp_files_read_[0-9a-f]{8}$/);
    expect(sent).toMatchObject({ tool_choice: 'required', parallel_tool_calls: false });
    expect(sent.messages).toEqual([
      { role: 'user', content: 'go' },
      {
        role: 'assistant',
        content: 'Let me see.',
        tool_calls: [
          { id: 'toolu_1', type: 'function', function: { name: spelled, arguments: '{"path":"a"}' } },
          { id: 'toolu_2', type: 'function', function: { name: 'look', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'toolu_1', content: 'shown' },
      { role: 'tool', tool_call_id: 'toolu_2', content: 'Error: no such thing' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'From the result of the call toolu_1:' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
      { role: 'user', content: 'And then?' },
    ]);
  });

  it('says in the client’s words what upstream refuses, and judges it by upstream’s', async () => {
    const tooLong =
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.";
    const error = {
      message: tooLong,
      type: 'invalid_request_error',
      param: 'messages',
      code: 'context_length_exceeded',
    };
    upstream.behave(answerJson(JSON.stringify({ error }), 400));
    await start([onChat()]);
    const answer = await messages();
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'prompt is too long: 9000 tokens > 8192 maximum' },
      request_id: answer.headers.get('request-id'),
    });
    upstream.behave(answerJson(JSON.stringify({ error: { message: 'full', code: null } }), 503));
    expect((await messages()).status).toBe(529);
    expect(world.settlement.charges).toEqual([]);
  });

  it('that upstream fails in the middle of names the request as the answer’s head does', async () => {
    upstream.behave(stream([delta('hi there'), frame({ error: { message: 'out of memory', code: 500 } })]));
    await start([onChat()]);
    const answer = await messages({ stream: true });
    const [, told] = /event: error\ndata: (.*)\n/.exec(await answer.text()) ?? [];
    expect(JSON.parse(told ?? '')).toMatchObject({
      error: { type: 'api_error', message: 'out of memory' },
      request_id: answer.headers.get('request-id'),
    });
  });

  it('is cut with an error and charged for what was delivered, and nothing says that it ended', async () => {
    upstream.behave(stream([delta('hi there')], 'destroy'));
    await start([onChat()]);
    const body = await (await messages({ stream: true })).text();
    checkMessages(body, true);
    expect(body).toMatch(/event: error\n/);
    expect(world.settlement.charges).toMatchObject([
      { ended: 'upstream-cut', usage: { completion_tokens: 2 } },
    ]);
  });

  it('is told an error that comes in the stream, in its own dialect', async () => {
    upstream.behave(stream([delta('hi'), frame({ error: { message: 'overloaded, sorry', code: 503 } })]));
    await start([onChat()]);
    const body = await (await messages({ stream: true })).text();
    checkMessages(body, true);
    expect(body).toMatch(/event: error\ndata: .*overloaded, sorry/);
  });
});

describe('a chat to an upstream of messages', () => {
  it('is a message upstream with a limit as held, a chat for its client, and charged as reported', async () => {
    await start([onMessages()]);
    const answer = await chat({
      temperature: 1.5,
      seed: 7,
      messages: [{ role: 'system', content: 'Be kind.' }, ...HELLO.messages],
    });
    expect(answer.headers.get(TOLD)).toBe('chat>messages; dropped=seed; changed=temperature');
    expect(await answer.json()).toEqual({
      id: 'chatcmpl-msg_1',
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'upstream-model',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'hi', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 12,
        completion_tokens: 5,
        total_tokens: 17,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    });
    expect(other.seen[0]?.url).toBe('/v1/messages');
    expect(other.seen[0]?.headers['anthropic-version']).toBe('2023-06-01');
    expect(other.seen[0]?.body).toEqual({
      model: 'gpt-test',
      max_tokens: PRICE.max_output_tokens,
      system: 'Be kind.',
      messages: [{ role: 'user', content: [text('hello')] }],
      temperature: 1,
    });
    expect(world.settlement.charges).toMatchObject([
      { dialect: 'openai', upstream_dialect: 'anthropic', losses: ['seed', 'temperature'], quota: CHARGE },
    ]);
  });

  it.each([[true], [false]])(
    'streams, and shows the usage to who asked for it: %j',
    async (include_usage) => {
      other.behave(stream(textStream(['hi ', 'there'], COUNTS)));
      await start([onMessages()]);
      const answer = checkChat(
        await (await chat({ stream: true, stream_options: { include_usage } })).text(),
      );
      expect(answer).toMatchObject({ message: { content: 'hi there' }, finish_reason: 'stop' });
      expect(answer?.['usage']?.total_tokens).toBe(include_usage ? 17 : undefined);
      expect(world.settlement.charges).toMatchObject([{ quota: CHARGE }]);
    },
  );

  it('thinks only where upstream would not refuse it', async () => {
    await start([onMessages()]);
    const body = {
      reasoning_effort: 'high',
      max_completion_tokens: 3_000,
      tools: [{ type: 'function', function: { name: 'look' } }],
    };
    const round = [
      ...HELLO.messages,
      {
        role: 'assistant',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'look', arguments: '' } }],
      },
      { role: 'tool', tool_call_id: 'a', content: 'seen' },
    ];
    world.state.catalogue = { ...world.state.catalogue, prices: [{ ...PRICE, max_output_tokens: 8_000 }] };
    await world.relay.refreshCatalogue();
    for (const more of [
      {},
      { tool_choice: 'required' },
      { messages: round },
      { max_completion_tokens: 1_000 },
    ])
      expect((await chat({ ...body, ...more })).status).toBe(200);
    expect(other.seen.map(({ body: sent }) => sent['thinking'])).toEqual([
      { type: 'enabled', budget_tokens: 2_999 },
      undefined,
      undefined,
      undefined,
    ]);
    expect(other.seen[2]?.body['messages']).toEqual([
      { role: 'user', content: [text('hello')] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'look', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [text('seen')] }] },
    ]);
  });

  it('is refused where a short balance leaves no room to think, and nothing may be lost', async () => {
    await start([onMessages()], { prices: [{ ...PRICE, max_output_tokens: 8_000 }], balance: 3_000n });
    const body = { reasoning: { max_tokens: 1_500 }, max_completion_tokens: 3_000 };
    const answer = await chat(body, { 'x-counterfoil-conversion': 'lossless' });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { param: 'thinking_off' } }]);
    expect((await chat(body)).headers.get(TOLD)).toBe('chat>messages; dropped=thinking_off');
    expect(other.seen.map(({ body: sent }) => sent['thinking'])).toEqual([undefined]);
  });

  it('says in the client’s words what upstream refuses', async () => {
    other.behave(answerMessage(anthropicError('overloaded_error', 'Overloaded'), 529));
    await start([onMessages()]);
    const answer = await chat();
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      error: { message: 'Overloaded', type: 'server_error', param: null, code: null },
    });
  });
});

describe('which channel takes a call', () => {
  it('is a native one of the tier first, whose calls are not touched; where it fails, a converted one, for one charge', async () => {
    await start([onChat({ weight: 1_000 }), onMessages({ weight: 1 })]);
    const body = { system: 'x', top_k: 3 };
    const first = await messages(body);
    expect([first.status, first.headers.get(TOLD)]).toEqual([200, null]);
    expect(other.seen[0]?.raw.toString()).toBe(JSON.stringify({ ...HELLO, ...body }));
    expect(upstream.seen).toEqual([]);
    other.behave(answerMessage(anthropicError('overloaded_error', 'no'), 529));
    const second = await messages(body);
    expect([second.status, second.headers.get(TOLD)]).toEqual([200, 'messages>chat; dropped=top_k']);
    expect(world.settlement.charges.map((charge) => [charge.channel_id, charge.upstream_dialect])).toEqual([
      ['messages', undefined],
      ['chats', 'openai'],
    ]);
  });

  it.each([
    ['n', { n: 2 }],
    [
      'messages',
      { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AA' } }] }] },
    ],
    ['tools', { tools: [{ type: 'web_search_preview' }] }],
    [
      'response_format',
      { response_format: { type: 'json_object' } },
      { 'x-counterfoil-conversion': 'lossless' },
    ],
  ])(
    'is none where what was asked would be lost: %s',
    async (param, body, headers: Record<string, string> = {}) => {
      await start([onMessages({ allowed_members: ['plugins'] })]);
      const answer = await chat(body, headers);
      expect([answer.status, await answer.json()]).toMatchObject([400, { error: { param } }]);
      expect(other.seen).toEqual([]);
    },
  );

  it.each([
    ['a client that wants none', {}, { 'x-counterfoil-conversion': 'refuse' }],
    ['a channel that takes none', { conversion: conversion({ from: [] }) }, {}],
  ] as [string, Partial<ChannelSettings>, Record<string, string>][])(
    'is not one that converts for %s',
    async (_, settings, headers) => {
      await start([onChat(settings)]);
      const answer = await messages({}, headers);
      expect([answer.status, await answer.json()]).toMatchObject([
        400,
        { error: { details: { error_code: 'dialect_not_supported' } } },
      ]);
    },
  );

  it('is shown in the lists of models', async () => {
    await start([onChat()]);
    const headers = { 'x-api-key': KEY, 'anthropic-version': '2023-06-01' };
    const listed = await fetch(`${world.url}/v1/models`, { headers });
    expect(await listed.json()).toMatchObject({ data: [{ id: 'gpt-test' }] });
  });
});

describe('thoughts of a converted answer', () => {
  const think = [
    frame({ id: 'c', choices: [{ index: 0, delta: { reasoning_content: 'hmm' } }] }),
    delta('so'),
    delta('', 'stop'),
    usageChunk(USAGE),
    DONE,
  ];

  it('are signed here, left out before a native upstream, and go back to one that wants them', async () => {
    upstream.behave(stream(think));
    await start([onChat({ conversion: conversion({ quirks: ['reasoning_content'] }) })]);
    const answer = checkMessages(await (await messages({ stream: true })).text());
    const [thought] = answer?.['content'] as { signature: string }[];
    expect(thought).toMatchObject({
      type: 'thinking',
      thinking: 'hmm',
      signature: expect.stringMatching(/^cf1\.t\.[0-9a-f]{16}\.$/),
    });
    const history = [
      ...HELLO.messages,
      { role: 'assistant', content: answer?.['content'] },
      ...HELLO.messages,
    ];
    await messages({ messages: history });
    expect((upstream.seen[1]?.body['messages'] as object[])[1]).toEqual({
      role: 'assistant',
      content: 'so',
      reasoning_content: 'hmm',
    });
    world.state.catalogue = { ...world.state.catalogue, channels: [onMessages()] };
    await world.relay.refreshCatalogue();
    await messages({ messages: history });
    expect((other.seen[0]?.body['messages'] as object[])[1]).toEqual({
      role: 'assistant',
      content: [text('so')],
    });
  });

  it('of an upstream that signs them come to a chat in the open', async () => {
    other.behave(
      stream([
        messageStart({ input_tokens: 8, cache_read_input_tokens: 4 }),
        blockStart({ type: 'thinking', thinking: '', signature: '' }, 0),
        blockDelta({ type: 'thinking_delta', thinking: 'hmm' }, 0),
        blockDelta({ type: 'signature_delta', signature: 'SIG' }, 0),
        blockStop(0),
        blockStart(text(''), 1),
        blockDelta({ type: 'text_delta', text: 'so' }, 1),
        blockStop(1),
        messageDelta({ output_tokens: 5 }),
        messageStop,
      ]),
    );
    await start([onMessages()]);
    const answer = checkChat(await (await chat({ stream: true })).text());
    expect(answer?.['message']).toMatchObject({ reasoning_content: 'hmm', content: 'so' });
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { message, text } from '../support/anthropic-shapes.js';
import { channel, KEY, price, startWorld, type World } from '../support/relay-world.js';
import { answerJson, frame, startTestUpstream, stream, type TestUpstream } from '../support/test-upstream.js';

/** As text it would be some 100,000 tokens. */
const DATA = 'iVBORw0KGgoAAAANSUhEUgAAB4AAAAQ4CAYAAADo08FDAAAACXBIWXMAAA7E'.repeat(3_000);
const PICTURE = `data:image/png;base64,${DATA}`;
const FILM = `data:video/mp4;base64,${DATA}`;
const AWAY = 'https://example.com/a';

const chatOf = (part: object) => ({
  messages: [{ role: 'user', content: [{ type: 'text', text: 'look' }, part] }],
});
const responseOf = (part: object) => ({
  input: [{ role: 'user', content: [{ type: 'input_text', text: 'look' }, part] }],
});
const messageOf = (block: object) => ({
  max_tokens: 100,
  messages: [{ role: 'user', content: [text('look'), block] }],
});
const contentsOf = (part: object) => ({ contents: [{ role: 'user', parts: [{ text: 'look' }, part] }] });
const inline = (mimeType: string) => ({ inlineData: { mimeType, data: DATA } });
const base64 = (media_type: string) => ({ type: 'base64', media_type, data: DATA });

const CHAT = '/v1/chat/completions';
const GEMINI = '/v1beta/models/gpt-test:generateContent';
const answers = {
  [CHAT]: { choices: [{ index: 0, message: { role: 'assistant', content: 'seen' }, finish_reason: 'stop' }] },
  '/v1/responses': { output: [{ type: 'message', content: [{ type: 'output_text', text: 'seen' }] }] },
  '/v1/messages': message([text('seen')], undefined),
  [GEMINI]: { candidates: [{ content: { parts: [{ text: 'seen' }] }, finishReason: 'STOP' }] },
};
type Path = keyof typeof answers;

/** What is sent, and the least and the most its prompt may be counted at. */
const prompts: readonly (readonly [string, Path, object, number, number])[] = [
  ['a picture in a chat', CHAT, chatOf({ type: 'image_url', image_url: { url: PICTURE } }), 1_000, 2_000],
  [
    'sound in a chat',
    CHAT,
    chatOf({ type: 'input_audio', input_audio: { data: DATA, format: 'wav' } }),
    2_000,
    5_000,
  ],
  [
    'a document in a chat',
    CHAT,
    chatOf({ type: 'file', file: { filename: 'a.pdf', file_data: PICTURE } }),
    5_000,
    15_000,
  ],
  [
    'a picture in a response',
    '/v1/responses',
    responseOf({ type: 'input_image', image_url: PICTURE }),
    1_000,
    2_000,
  ],
  [
    'a document in a response',
    '/v1/responses',
    responseOf({ type: 'input_file', file_data: PICTURE }),
    5_000,
    15_000,
  ],
  [
    'a document in a chat that upstream keeps',
    CHAT,
    chatOf({ type: 'file', file: { file_id: 'file-1' } }),
    15_000,
    30_000,
  ],
  [
    'a document in a response that upstream keeps',
    '/v1/responses',
    responseOf({ type: 'input_file', file_id: 'file-1' }),
    15_000,
    30_000,
  ],
  [
    'a document in a response that upstream fetches',
    '/v1/responses',
    responseOf({ type: 'input_file', file_url: 'https://example.com/a.pdf' }),
    15_000,
    30_000,
  ],
  [
    'a picture in a message',
    '/v1/messages',
    messageOf({ type: 'image', source: base64('image/png') }),
    1_000,
    5_000,
  ],
  [
    'a picture in a tool result',
    '/v1/messages',
    messageOf({
      type: 'tool_result',
      tool_use_id: 't1',
      content: [{ type: 'image', source: base64('image/png') }],
    }),
    1_000,
    5_000,
  ],
  [
    'a document in a message',
    '/v1/messages',
    messageOf({ type: 'document', source: base64('application/pdf') }),
    5_000,
    30_000,
  ],
  [
    'a text document in a message',
    '/v1/messages',
    messageOf({
      type: 'document',
      source: { type: 'text', media_type: 'text/plain', data: 'word '.repeat(1_000) },
    }),
    1_000,
    3_000,
  ],
  ["a picture in Gemini's parts", GEMINI, contentsOf(inline('image/png')), 1_000, 3_000],
  ["sound in Gemini's parts", GEMINI, contentsOf(inline('audio/mp3')), 1_000, 5_000],
  ["a document in Gemini's parts", GEMINI, contentsOf(inline('application/pdf')), 1_000, 15_000],
  [
    "a file in Gemini's parts",
    GEMINI,
    contentsOf({ fileData: { mimeType: 'video/mp4', fileUri: 'https://example.com/a.mp4' } }),
    10_000,
    30_000,
  ],
  ["an uncompressed sound in Gemini's parts", GEMINI, contentsOf(inline('audio/x-wav')), 300, 1_000],
  ["a film in Gemini's parts", GEMINI, contentsOf(inline('video/mp4')), 1_000, 5_000],
  ["a text in Gemini's parts", GEMINI, contentsOf(inline('text/plain')), 50_000, 120_000],
  [
    "sound in the proto's names",
    GEMINI,
    contentsOf({ inline_data: { mime_type: 'audio/mp3', data: DATA } }),
    1_000,
    5_000,
  ],
  [
    'a picture that a function of Gemini gave',
    GEMINI,
    contentsOf({ functionResponse: { name: 'f', response: {}, parts: [inline('image/png')] } }),
    1_000,
    5_000,
  ],
  ['a film in a chat', CHAT, chatOf({ type: 'video_url', video_url: { url: FILM } }), 2_000, 5_000],
  [
    'a film in a chat, elsewhere',
    CHAT,
    chatOf({ type: 'video_url', video_url: { url: AWAY } }),
    15_000,
    30_000,
  ],
  [
    'sound in a chat, as an address of data',
    CHAT,
    chatOf({ type: 'audio_url', audio_url: { url: FILM } }),
    2_000,
    5_000,
  ],
  [
    'sound in a chat, elsewhere',
    CHAT,
    chatOf({ type: 'input_audio', input_audio: { data: AWAY, format: 'wav' } }),
    15_000,
    30_000,
  ],
  [
    'a document in a chat, elsewhere',
    CHAT,
    chatOf({ type: 'document_url', document_url: AWAY }),
    15_000,
    30_000,
  ],
  [
    'sound in a response',
    '/v1/responses',
    responseOf({ type: 'input_audio', input_audio: { data: DATA, format: 'mp3' } }),
    2_000,
    5_000,
  ],
  [
    'a film in a response',
    '/v1/responses',
    responseOf({ type: 'input_video', video_url: FILM }),
    2_000,
    5_000,
  ],
  [
    'a picture in a response that upstream keeps',
    '/v1/responses',
    responseOf({ type: 'input_image', file_id: 'file-1' }),
    15_000,
    30_000,
  ],
  [
    'a document in a message, elsewhere',
    '/v1/messages',
    messageOf({ type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } }),
    15_000,
    30_000,
  ],
  [
    'a document in a message that upstream keeps',
    '/v1/messages',
    messageOf({ type: 'document', source: { type: 'file', file_id: 'file-1' } }),
    15_000,
    30_000,
  ],
  [
    'a picture in a message, elsewhere',
    '/v1/messages',
    messageOf({ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }),
    1_000,
    5_000,
  ],
];

describe('where upstream reports nothing', () => {
  let upstream: TestUpstream;
  let world: World;
  beforeEach(async () => {
    upstream = await startTestUpstream(stream([]));
  });
  afterEach(async () => {
    expect(await world.held()).toBe(0n);
    await world.close();
    await upstream.close();
  });
  const start = async (type: 'openai' | 'anthropic' | 'gemini') => {
    world = await startWorld({
      channels: [channel('one', upstream.url, { type })],
      prices: [price('gpt-test', { max_output_tokens: 10_000 })],
    });
  };
  const typeOf = (path: Path) =>
    path === '/v1/messages' ? 'anthropic' : path === GEMINI ? 'gemini' : ('openai' as const);
  const call = (path: string, body: object, init: RequestInit = {}) =>
    fetch(`${world.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'x-goog-api-key': KEY, 'content-type': 'application/json' },
      body: JSON.stringify(path === GEMINI ? body : { model: 'gpt-test', ...body }),
      ...init,
    });

  it.each(prompts)(
    '%s is counted from above, never as text, and marked',
    async (_what, path, body, least, most) => {
      await start(typeOf(path));
      upstream.behave(answerJson(JSON.stringify(answers[path])));
      expect((await call(path, body)).status).toBe(200);
      const [charge] = world.settlement.charges;
      expect(charge).toMatchObject({ basis: 'estimate', ended: 'complete' });
      expect(charge?.usage.prompt_tokens).toBeGreaterThan(least);
      expect(charge?.usage.prompt_tokens).toBeLessThan(most);
    },
  );

  it.each([
    ['a picture', { images: [{ type: 'image_url', image_url: { url: PICTURE } }] }],
    ['sound', { audio: { id: 'a', data: DATA, transcript: 'hi' } }],
  ])('%s in a whole answer is counted too', async (_what, more) => {
    await start('openai');
    const choice = {
      index: 0,
      message: { role: 'assistant', content: null, ...more },
      finish_reason: 'stop',
    };
    upstream.behave(answerJson(JSON.stringify({ choices: [choice] })));
    await (await call(CHAT, { messages: [{ role: 'user', content: 'draw' }] })).text();
    expect(world.settlement.charges[0]).toMatchObject({ basis: 'estimate' });
    expect(world.settlement.charges[0]?.usage.completion_tokens).toBeGreaterThan(500);
  });

  const chunk = (delta: object) => frame({ choices: [{ index: 0, delta, finish_reason: null }] });
  const event = (data: object) => frame(data);
  const sound = DATA.slice(0, 64_000);
  const delivered: readonly (readonly [string, 'openai' | 'anthropic' | 'gemini', string, string])[] = [
    ['sound of a chat', 'openai', CHAT, chunk({ audio: { data: sound } })],
    ['a picture of a chat', 'openai', CHAT, chunk({ images: [{ image_url: { url: PICTURE } }] })],
    [
      'thoughts in details',
      'openai',
      CHAT,
      chunk({ reasoning_details: [{ type: 'reasoning.text', text: 'I think so' }] }),
    ],
    [
      'sealed thoughts',
      'openai',
      CHAT,
      chunk({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'A'.repeat(400) }] }),
    ],
    [
      'a partial picture',
      'openai',
      '/v1/responses',
      event({ type: 'response.image_generation_call.partial_image', partial_image_b64: DATA }),
    ],
    [
      'sound of a response',
      'openai',
      '/v1/responses',
      event({ type: 'response.output_audio.delta', delta: sound }),
    ],
    [
      'redacted thoughts of a message',
      'anthropic',
      '/v1/messages',
      event({
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'redacted_thinking', data: 'A'.repeat(400) },
      }),
    ],
    [
      'a picture of Gemini',
      'gemini',
      '/v1beta/models/gpt-test:streamGenerateContent?alt=sse',
      event({ candidates: [{ content: { parts: [inline('image/png')] } }] }),
    ],
  ];

  it.each(delivered)('%s counts as delivered when the client hangs up', async (_what, type, path, piece) => {
    await start(type);
    upstream.behave(stream([piece], 'hang'));
    const abort = new AbortController();
    const body = {
      ...(type === 'gemini'
        ? { contents: [{ parts: [{ text: 'go' }] }] }
        : { model: 'gpt-test', stream: true }),
      ...(path === '/v1/responses' ? { input: 'go' } : {}),
      ...(path === CHAT || type === 'anthropic'
        ? { messages: [{ role: 'user', content: 'go' }], max_tokens: 100 }
        : {}),
    };
    const response = await call(path, {}, { body: JSON.stringify(body), signal: abort.signal });
    await (response.body as ReadableStream<Uint8Array>).getReader().read();
    abort.abort();
    await eventually(() => world.settlement.charges.length === 1);
    const [charge] = world.settlement.charges;
    expect(charge).toMatchObject({ ended: 'client-closed' });
    expect(charge?.usage.completion_tokens).toBeGreaterThan(0);
    expect(charge?.usage.completion_tokens).toBeLessThan(10_000);
  });
});

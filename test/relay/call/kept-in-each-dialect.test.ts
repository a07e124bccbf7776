import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatAccessKey } from '../../../src/domain/token/access-key.js';
import { channel, KEY, price, startWorld, type World } from '../support/relay-world.js';
import { startTestUpstream, type TestUpstream } from '../support/test-upstream.js';

const OTHER_ACCOUNT = '6f1c1d2e-0000-4000-8000-000000000002';
const OTHER_KEY = formatAccessKey(new Uint8Array(32).fill(2));

/** A call that leaves something at upstream, and the later one that refers to it. */
interface Way {
  readonly what: string;
  readonly type: 'openai' | 'anthropic' | 'gemini';
  readonly path: string;
  readonly first: object;
  readonly whole?: object;
  readonly events?: readonly object[];
  readonly later: object;
}

const said = { role: 'user', content: 'hi' };
const chat = {
  path: '/v1/chat/completions',
  type: 'openai',
  first: { messages: [said], audio: {} },
} as const;
const laterSound = { messages: [said, { role: 'assistant', audio: { id: 'audio-1' } }, said] };
const messages = { path: '/v1/messages', type: 'anthropic', first: { messages: [said] } } as const;
const responses = { path: '/v1/responses', type: 'openai', first: { input: 'hi' } } as const;
const chatUsage = { prompt_tokens: 5, completion_tokens: 5, total_tokens: 10 };
const usage = { input_tokens: 5, output_tokens: 5 };
const started = { type: 'message_start', message: { usage } };
const wrote = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'ok' } };
const stopped = (more: object) => ({
  type: 'message_delta',
  delta: { stop_reason: 'end_turn', ...more },
  usage,
});
const ended = { type: 'message_stop' };
const made = {
  type: 'bash_code_execution_tool_result',
  content: {
    type: 'bash_code_execution_result',
    content: [{ type: 'bash_code_execution_output', file_id: 'file-1' }],
  },
};
const laterFile = {
  messages: [{ role: 'user', content: [{ type: 'container_upload', file_id: 'file-1' }] }],
};

const ways: readonly Way[] = [
  {
    what: 'sound of a chat',
    ...chat,
    whole: { choices: [{ index: 0, message: { audio: { id: 'audio-1' } } }], usage: chatUsage },
    later: laterSound,
  },
  {
    what: 'sound of a streamed chat',
    ...chat,
    events: [
      { choices: [{ index: 0, delta: { audio: { id: 'audio-1' } } }] },
      { choices: [{ index: 0, delta: { audio: { data: 'AAAA' } } }] },
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: chatUsage },
    ],
    later: laterSound,
  },
  {
    what: 'the container of a message',
    ...messages,
    whole: { content: [{ type: 'text', text: 'ok' }], container: { id: 'box-1' }, usage },
    later: { messages: [said], container: 'box-1' },
  },
  {
    what: 'the container of a streamed message',
    ...messages,
    events: [started, wrote, stopped({ container: { id: 'box-1' } }), ended],
    later: { messages: [said], container: { id: 'box-1' } },
  },
  { what: 'a file of a message', ...messages, whole: { content: [made], usage }, later: laterFile },
  {
    what: 'a file of a streamed message',
    ...messages,
    events: [
      started,
      { type: 'content_block_start', index: 0, content_block: made },
      wrote,
      stopped({}),
      ended,
    ],
    later: laterFile,
  },
  {
    what: 'a response that breaks off',
    ...responses,
    events: [
      { type: 'response.created', response: { id: 'resp-1', output: [] } },
      { type: 'response.output_text.delta', delta: 'ok' },
    ],
    later: { input: 'go on', previous_response_id: 'resp-1' },
  },
];

describe('what each dialect leaves at upstream', () => {
  let upstream: TestUpstream;
  let world: World;

  const start = async ({ type, whole, events }: Pick<Way, 'type' | 'whole' | 'events'>) => {
    upstream.behave((response) => {
      response.writeHead(200, { 'content-type': events ? 'text/event-stream' : 'application/json' });
      if (whole) return void response.end(JSON.stringify(whole));
      for (const event of events ?? []) response.write(`data: ${JSON.stringify(event)}\n\n`);
      response.end();
    });
    world = await startWorld({
      channels: [channel('one', upstream.url, { type, models: ['m'] })],
      prices: [price('m')],
    });
    const [view] = [...world.state.keys.values()];
    if (!view) throw new Error('no key');
    world.state.keys.set(`hash:${OTHER_KEY}`, { ...view, accountId: OTHER_ACCOUNT, tokenId: 2 });
    world.balances.set(`account:${OTHER_ACCOUNT}`, 10_000_000n);
  };
  beforeEach(async () => {
    upstream = await startTestUpstream(() => undefined);
  });
  afterEach(async () => {
    await world.close();
    await upstream.close();
  });

  const ask = async (path: string, members: object, key = KEY) => {
    const response = await fetch(`${world.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify(members),
    });
    const text = await response.text().catch(() => '');
    return { status: response.status, text };
  };

  it.each(ways)('$what is there for its owner, and for nobody else', async (way) => {
    await start(way);
    const members = { model: 'm', max_tokens: 20, stream: way.events !== undefined };
    await ask(way.path, { ...members, ...way.first });
    expect((await ask(way.path, { ...members, ...way.later }, OTHER_KEY)).status).toBe(404);
    expect(upstream.seen).toHaveLength(1);
    expect((await ask(way.path, { ...members, ...way.later })).status).toBe(200);
    expect(upstream.seen).toHaveLength(2);
  });

  const generate = '/v1beta/models/m:generateContent';
  const file = (fileUri: string) => ({
    contents: [{ parts: [{ text: 'read' }, { fileData: { fileUri } }] }],
  });

  it('is nobody’s at Gemini: an upload is refused where others have left something, in Gemini’s words', async () => {
    const whole = { candidates: [{ content: { parts: [{ text: 'ok' }] } }] };
    await start({ type: 'gemini', whole });
    const { kept } = world;
    await kept.keep({ accountId: OTHER_ACCOUNT, channelId: 'one', keyId: 'key-1', tokens: 1 }, ['theirs']);
    const uri = 'https://generativelanguage.googleapis.com/v1beta/files/abc';
    const { status, text } = await ask(generate, file(uri));
    expect({ status, error: JSON.parse(text).error }).toMatchObject({
      status: 404,
      error: { code: 404, status: 'NOT_FOUND' },
    });
    // A page that anybody can read is nobody's secret.
    expect((await ask(generate, file('https://example.com/paper.pdf'))).status).toBe(200);
    expect(upstream.seen).toHaveLength(1);
  });

  it('is nobody’s where a chat names a cache: it is refused also where nobody has left anything', async () => {
    await start(chat);
    const cached = { messages: [{ role: 'cache', content: 'cache_id=cache-1;reset_ttl=300' }, said] };
    const { status, text } = await ask(chat.path, { model: 'm', ...cached });
    expect({ status, seen: upstream.seen.length }).toEqual({ status: 404, seen: 0 });
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'reference_not_found' } });
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ChannelSettings } from '../../../src/domain/channel/settings.js';
import {
  answerMessage,
  blockDelta,
  blockStart,
  blockStop,
  message,
  messageDelta,
  messageStart,
  messageStop,
  text,
} from '../support/anthropic-shapes.js';
import { channel, KEY, startWorld, type World } from '../support/relay-world.js';
import { checkResponses } from '../support/stream-grammar.js';
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

const USAGE = { prompt_tokens: 12, completion_tokens: 5 };
const COUNTS = { input_tokens: 12, output_tokens: 5 };
const HELLO = { model: 'gpt-test', input: 'hello', max_output_tokens: 100 };
/** As Codex brings them: its own shell, a freeform tool, a server's tools in a namespace, and what it hopes that upstream runs. */
const tools = [
  {
    type: 'function',
    name: 'shell',
    strict: false,
    parameters: { type: 'object', properties: { cmd: { type: 'string' } } },
  },
  {
    type: 'custom',
    name: 'apply_patch',
    description: 'Patches.',
    format: { type: 'grammar', syntax: 'lark', definition: 'start: x' },
  },
  { type: 'namespace', name: 'docs', tools: [{ type: 'function', name: 'search', parameters: null }] },
  { type: 'web_search' },
];
const history = [
  { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Be brief.' }] },
  { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'go' }] },
  { type: 'function_call', call_id: 'c1', name: 'shell', arguments: '{"cmd":"ls"}' },
  { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Looking.' }] },
  { type: 'function_call_output', call_id: 'c1', output: 'a b' },
  { type: 'custom_tool_call', call_id: 'c2', name: 'apply_patch', input: '*** x' },
  { type: 'custom_tool_call_output', call_id: 'c2', output: 'done' },
  { type: 'function_call', call_id: 'c3', namespace: 'docs', name: 'search', arguments: '' },
  { type: 'function_call_output', call_id: 'c3', output: [{ type: 'input_text', text: 'found' }] },
];

let chats: TestUpstream;
let messages: TestUpstream;
let world: World;
beforeEach(async () => {
  chats = await startTestUpstream(answerJson(completion('hi', USAGE)));
  messages = await startTestUpstream(answerMessage(message([text('hi')], COUNTS)));
});
afterEach(async () => {
  expect(world.observed.faults).toEqual([]);
  expect(await world.held()).toBe(0n);
  await world.close();
  await Promise.all([chats.close(), messages.close()]);
});
const start = async (kind: 'chat' | 'messages') => {
  const conversion: ChannelSettings['conversion'] = { from: ['responses'], on_loss: 'drop', quirks: [] };
  const own: Partial<ChannelSettings> =
    kind === 'chat' ? { endpoints: { chat: chats.url } } : { type: 'anthropic' };
  const base = kind === 'chat' ? chats.url : messages.url;
  const allowed_members: ChannelSettings['allowed_members'] = ['searches', 'unknown_tools', 'plugins'];
  world = await startWorld({ channels: [channel('one', base, { ...own, conversion, allowed_members })] });
};
const ask = (body: object) =>
  fetch(`${world.url}/v1/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body: JSON.stringify({ ...HELLO, ...body }),
  });

describe('a response from an upstream of chats', () => {
  it('is whole, of nobody else, and charged as reported', async () => {
    await start('chat');
    const answer = await ask({ instructions: 'Be kind.', reasoning: { effort: 'xhigh' } });
    expect(answer.headers.get('x-counterfoil-converted')).toBe('responses>chat; changed=thinking_budget');
    expect(await answer.json()).toMatchObject({
      id: expect.stringMatching(/^resp_[0-9a-f]{32}$/),
      object: 'response',
      status: 'completed',
      store: false,
      output: [
        {
          type: 'message',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'hi' }],
        },
      ],
      usage: { input_tokens: 12, output_tokens: 5, total_tokens: 17 },
    });
    expect(chats.seen[0]?.body).toEqual({
      model: 'gpt-test',
      max_tokens: 100,
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'hello' },
      ],
      reasoning_effort: 'high',
    });
    expect(world.settlement.charges).toMatchObject([
      { endpoint: '/v1/responses', upstream_dialect: 'openai', losses: ['thinking_budget'], quota: 17n },
    ]);
  });

  it('goes through a round of every tool that its client has', async () => {
    await start('chat');
    await ask({ input: history, tools });
    const sent = chats.seen[0]?.body as {
      messages: unknown;
      tools: { function: { name: string; description?: string } }[];
    };
    expect(sent.tools.map((tool) => tool.function.name)).toEqual(['shell', 'apply_patch', 'docs__search']);
    expect(sent.tools[1]?.function.description).toMatch(/^Patches\.[^]*start: x$/);
    const called = (id: string, name: string, given: string) => ({
      id,
      type: 'function',
      function: { name, arguments: given },
    });
    expect(sent.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'go' },
      { role: 'assistant', content: 'Looking.', tool_calls: [called('c1', 'shell', '{"cmd":"ls"}')] },
      { role: 'tool', tool_call_id: 'c1', content: 'a b' },
      { role: 'assistant', content: null, tool_calls: [called('c2', 'apply_patch', '{"input":"*** x"}')] },
      { role: 'tool', tool_call_id: 'c2', content: 'done' },
      { role: 'assistant', content: null, tool_calls: [called('c3', 'docs__search', '{}')] },
      { role: 'tool', tool_call_id: 'c3', content: 'found' },
    ]);
  });

  it('streams items of each kind, with names and forms as the client gave them', async () => {
    const call = (index: number, name: string, given: string) =>
      frame({
        id: 'c',
        choices: [
          {
            index: 0,
            delta: {
              tool_calls: [
                { index, id: `call_${index}`, type: 'function', function: { name, arguments: given } },
              ],
            },
          },
        ],
      });
    const thought = frame({ id: 'c', choices: [{ index: 0, delta: { reasoning_content: 'hmm' } }] });
    const pieces = [
      thought,
      delta('so '),
      delta('it is'),
      call(0, 'apply_patch', '{"input":"*** '),
      call(1, 'docs__search', '{"q":1}'),
    ];
    const rest = frame({
      id: 'c',
      choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: 'x\\n"}' } }] } }],
    });
    chats.behave(stream([...pieces, rest, delta('', 'tool_calls'), usageChunk(USAGE), DONE]));
    await start('chat');
    const answer = await ask({ stream: true, tools, include: ['reasoning.encrypted_content'] });
    expect(answer.headers.get('x-counterfoil-converted')).toBe('responses>chat; dropped=hosted_tools');
    expect(checkResponses(await answer.text())).toMatchObject({
      status: 'completed',
      output: [
        { type: 'reasoning', summary: [{ text: 'hmm' }], encrypted_content: expect.stringMatching(/^cf1\./) },
        { type: 'message', content: [{ text: 'so it is' }] },
        { type: 'custom_tool_call', call_id: 'call_0', name: 'apply_patch', input: '*** x\n' },
        { type: 'function_call', call_id: 'call_1', name: 'search', namespace: 'docs', arguments: '{"q":1}' },
      ],
      usage: { total_tokens: 17 },
    });
  });

  it('is no answer where it was cut', async () => {
    chats.behave(stream([delta('hi there')], 'destroy'));
    await start('chat');
    const body = await (await ask({ stream: true })).text();
    checkResponses(body, true);
    expect(body).toMatch(/event: response.failed\n/);
    expect(body).not.toContain('response.output_item.done');
    expect(world.settlement.charges).toMatchObject([{ ended: 'upstream-cut' }]);
  });

  it.each([
    ['prompt', { prompt: { id: 'pmpt_1' } }],
    ['tools', { tools: [{ type: 'web_search' }] }],
    ['input', { input: [{ type: 'message', role: 'user', content: [{ type: 'mystery' }] }] }],
  ])('is refused where %s has no place there', async (param, body) => {
    await start('chat');
    world.state.catalogue = {
      ...world.state.catalogue,
      channels: world.state.catalogue.channels.map((each) => ({
        ...each,
        settings: { ...each.settings, allowed_members: ['searches', 'stored'] },
      })),
    };
    await world.relay.refreshCatalogue();
    const answer = await ask(body);
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { param } }]);
    expect(chats.seen).toEqual([]);
  });
});

describe('a response from an upstream of messages', () => {
  it('hands thoughts to its client sealed, and back to the upstream that signed them', async () => {
    messages.behave(
      stream([
        messageStart(COUNTS),
        blockStart({ type: 'thinking', thinking: '', signature: '' }, 0),
        blockDelta({ type: 'thinking_delta', thinking: 'hmm' }, 0),
        blockDelta({ type: 'signature_delta', signature: 'SIG' }, 0),
        blockStop(0),
        blockStart({ type: 'tool_use', id: 'toolu_1', name: 'shell', input: {} }, 1),
        blockDelta({ type: 'input_json_delta', partial_json: '{"cmd":"ls"}' }, 1),
        blockStop(1),
        messageDelta({ output_tokens: 5 }, 'tool_use'),
        messageStop,
      ]),
    );
    await start('messages');
    world.state.catalogue = {
      ...world.state.catalogue,
      prices: world.state.catalogue.prices.map((each) => ({ ...each, max_output_tokens: 8_000 })),
    };
    await world.relay.refreshCatalogue();
    const more = { stream: true, tools, reasoning: { effort: 'low' }, max_output_tokens: 4_000 };
    const answer = checkResponses(await (await ask(more)).text());
    const output = answer?.['output'] as object[];
    expect(output).toMatchObject([
      { type: 'reasoning' },
      { type: 'function_call', call_id: 'toolu_1', name: 'shell' },
    ]);
    const input = [
      { role: 'user', content: 'hello' },
      ...output,
      { type: 'function_call_output', call_id: 'toolu_1', output: 'a' },
    ];
    await ask({ ...more, input });
    const sent = messages.seen[1]?.body as { messages: object[]; thinking: object };
    expect(sent.thinking).toEqual({ type: 'enabled', budget_tokens: 1_024 });
    expect(sent.messages[1]).toEqual({
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hmm', signature: 'SIG' },
        { type: 'tool_use', id: 'toolu_1', name: 'shell', input: { cmd: 'ls' } },
      ],
    });
    expect(world.settlement.charges).toMatchObject([
      { upstream_dialect: 'anthropic' },
      { upstream_dialect: 'anthropic' },
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { usageFrom } from '../../../src/domain/pricing/usage.js';
import type { CanonicalEvent } from '../../../src/relay/conversions/canonical.js';
import type { EventWriter } from '../../../src/relay/conversions/codec.js';
import { clientCodecs, upstreamCodecs } from '../../../src/relay/conversions/codecs.js';
import { ConvertedStream } from '../../../src/relay/conversions/converted-stream.js';
import { answerContext } from '../support/answer-context.js';
import { delta, DONE, frame, usageChunk } from '../support/test-upstream.js';
import {
  blockDelta,
  blockStart,
  blockStop,
  messageDelta,
  messageStart,
  messageStop,
  ping,
} from '../support/anthropic-shapes.js';
import { checkChat, checkMessages } from '../support/stream-grammar.js';

const CHARGED = usageFrom({ prompt_tokens: 12, cached_tokens: 4, completion_tokens: 5, reasoning_tokens: 2 });
const directions = {
  'chat>messages': { upstream: upstreamCodecs.chat, client: clientCodecs.messages, check: checkMessages },
  'messages>chat': { upstream: upstreamCodecs.messages, client: clientCodecs.chat, check: checkChat },
};
type Direction = keyof typeof directions;

function open(direction: Direction): ConvertedStream {
  const { upstream, client } = directions[direction];
  const inner = upstream.openStream({ 'content-type': 'text/event-stream' });
  if (!inner) throw new Error('no stream');
  return new ConvertedStream(
    inner,
    upstream.eventReader('call'),
    client.eventWriter(answerContext),
    () => ({}),
    {},
  );
}

/** What the client gets of a stream that comes in these chunks. */
function through(direction: Direction, chunks: readonly Buffer[]) {
  const stream = open(direction);
  let passed = '';
  for (const chunk of chunks) passed += stream.push(chunk).toString();
  passed += stream.finish().toString();
  const isWhole = stream.holding && !stream.error;
  if (isWhole) stream.tail();
  stream.told(CHARGED);
  const end = isWhole
    ? stream.tail().toString()
    : stream.errorFrame({ code: 'upstream_unavailable' }, 'r').toString();
  return { passed, end, whole: passed + end, isWhole, stream };
}

const bytewise = (text: string) => [...Buffer.from(text)].map((byte) => Buffer.of(byte));
const tool = (fields: object, index?: number) =>
  frame({
    id: 'c',
    model: 'up',
    choices: [{ index: 0, delta: { tool_calls: [{ ...(index !== undefined && { index }), ...fields }] } }],
  });
const call = (id: string, name: string, given: unknown) => ({
  id,
  type: 'function',
  function: { name, arguments: given },
});
const finish = (reason: string) =>
  frame({ id: 'c', model: 'up', choices: [{ index: 0, delta: {}, finish_reason: reason }] });
const USAGE = usageChunk({ prompt_tokens: 12, completion_tokens: 5 });
const thought = (text: string) =>
  frame({ id: 'c', model: 'up', choices: [{ index: 0, delta: { reasoning_content: text } }] });
const block = (type: string, fields: object) => ({ type, ...fields });

const chats: Record<string, [string, object]> = {
  text: [
    delta('grüß ') + delta('Gott 🎈') + finish('stop') + USAGE + DONE,
    { content: [{ type: 'text', text: 'grüß Gott 🎈' }], stop_reason: 'end_turn' },
  ],
  'a finish beside the content, and comments': [
    `: ping\n\n${delta('a')}: ping\n\n` + delta('b', 'length') + USAGE + DONE,
    { content: [{ text: 'ab' }], stop_reason: 'max_tokens' },
  ],
  'thoughts, then text': [
    thought('hm') + thought('m') + delta('so') + finish('stop') + DONE,
    {
      content: [
        { type: 'thinking', thinking: 'hmm', signature: 'cf1.t.0123456789abcdef.' },
        { type: 'text', text: 'so' },
      ],
    },
  ],
  'a call in pieces': [
    tool(call('call_1', 'look', ''), 0) +
      tool({ function: { arguments: '{"a":' } }, 0) +
      tool({ function: { arguments: '1}' } }, 0) +
      finish('tool_calls') +
      USAGE +
      DONE,
    { content: [{ type: 'tool_use', id: 'call_1', name: 'look', input: { a: 1 } }], stop_reason: 'tool_use' },
  ],
  'a call without index, whole, with arguments that are an object, and a finish that says stop': [
    tool(call('call_1', 'look', { a: 1 })) + finish('stop') + DONE,
    { content: [{ name: 'look', input: { a: 1 } }], stop_reason: 'tool_use' },
  ],
  'two calls without index': [
    tool(call('call_1', 'look', '{}')) +
      tool(call('call_2', 'see', '{"b":"}"}')) +
      finish('tool_calls') +
      DONE,
    {
      content: [
        { id: 'call_1', input: {} },
        { id: 'call_2', input: { b: '}' } },
      ],
    },
  ],
  'two calls side by side': [
    tool(call('call_1', 'look', '{"a":'), 0) +
      tool(call('call_2', 'see', '{"b":'), 1) +
      tool({ function: { arguments: '"x"}' } }, 0) +
      tool({ function: { arguments: '2}' } }, 1) +
      finish('tool_calls') +
      DONE,
    {
      content: [
        { id: 'call_1', input: { a: 'x' } },
        { id: 'call_2', input: { b: 2 } },
      ],
      stop_reason: 'tool_use',
    },
  ],
  'two calls of one index, as Google’s chats have them': [
    tool(call('call_1', 'look', '{"a":1}'), 0) +
      tool(call('call_2', 'look', '{"a":'), 0) +
      tool({ function: { arguments: '2}' } }, 0) +
      finish('tool_calls') +
      DONE,
    {
      content: [
        { id: 'call_1', input: { a: 1 } },
        { id: 'call_2', input: { a: 2 } },
      ],
    },
  ],
  'a name in pieces, and one that is said again with each of them': [
    tool(call('call_1', 'read', ''), 0) +
      tool({ function: { name: '_file', arguments: '' } }, 0) +
      tool({ function: { arguments: '{}' } }, 0) +
      tool(call('call_2', 'look', ''), 1) +
      tool(call('call_2', 'look', '{"a":'), 1) +
      tool(call('call_2', 'look', '1}'), 1) +
      finish('tool_calls') +
      DONE,
    {
      content: [
        { id: 'call_1', name: 'read_file', input: {} },
        { id: 'call_2', name: 'look', input: { a: 1 } },
      ],
    },
  ],
  'a character whose halves come one by one': [
    delta('\ud83c') + delta('\udf88') + finish('stop') + DONE,
    { content: [{ type: 'text', text: '🎈' }] },
  ],
  'usage before all else, and a finish twice, with a frame behind it': [
    USAGE + delta('a') + finish('stop') + finish('stop') + frame({ choices: [] }) + USAGE + DONE,
    { content: [{ text: 'a' }], stop_reason: 'end_turn' },
  ],
  'null where there is nothing': [
    frame({
      choices: [{ index: 0, delta: { content: null, tool_calls: null, refusal: null, function_call: null } }],
      usage: null,
    }) +
      delta('a') +
      finish('stop') +
      DONE,
    { content: [{ text: 'a' }] },
  ],
  'text behind a call': [
    tool(call('call_1', 'look', ''), 0) + delta('done') + finish('stop') + DONE,
    {
      content: [
        { type: 'tool_use', input: {} },
        { type: 'text', text: 'done' },
      ],
    },
  ],
  'nothing but an end': [delta('') + finish('stop') + USAGE + DONE, { content: [] }],
  'no usage, no role, and the end of the connection for an end': [
    delta('hi') + finish('stop'),
    { content: [{ text: 'hi' }] },
  ],
  'an id that clients do not take': [
    tool(call('functions.look:0', 'look', '{}'), 0) + finish('tool_calls') + DONE,
    { content: [{ id: expect.stringMatching(/^functions_look_0_[0-9a-f]{8}$/) }] },
  ],
  'a refusal': [
    frame({ id: 'c', choices: [{ index: 0, delta: { refusal: 'No.' } }] }) + finish('content_filter') + DONE,
    { content: [{ text: 'No.' }], stop_reason: 'refusal' },
  ],
};

const messages: Record<string, [string, object]> = {
  text: [
    messageStart({ input_tokens: 8 }) +
      ping +
      blockStart({ type: 'text', text: '' }) +
      blockDelta({ type: 'text_delta', text: 'hi ✓' }) +
      blockStop() +
      messageDelta({ output_tokens: 5 }) +
      messageStop,
    { message: { content: 'hi ✓' }, finish_reason: 'stop' },
  ],
  'thoughts and two calls': [
    messageStart({ input_tokens: 8 }) +
      blockStart({ type: 'thinking', thinking: '', signature: '' }, 0) +
      blockDelta({ type: 'thinking_delta', thinking: 'hmm' }, 0) +
      blockDelta({ type: 'signature_delta', signature: 'SIG' }, 0) +
      blockStop(0) +
      blockStart({ type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }, 1) +
      blockDelta({ type: 'input_json_delta', partial_json: '{"a":' }, 1) +
      blockDelta({ type: 'input_json_delta', partial_json: '1}' }, 1) +
      blockStop(1) +
      blockStart({ type: 'tool_use', id: 'toolu_2', name: 'see', input: {} }, 2) +
      blockStop(2) +
      messageDelta({ output_tokens: 5 }, 'tool_use') +
      messageStop,
    {
      message: {
        reasoning_content: 'hmm',
        tool_calls: [
          { id: 'toolu_1', function: { name: 'look', arguments: '{"a":1}' } },
          { id: 'toolu_2', function: { name: 'see', arguments: '{}' } },
        ],
      },
      finish_reason: 'tool_calls',
    },
  ],
  'what upstream ran itself': [
    messageStart({ input_tokens: 8 }) +
      blockStart(block('server_tool_use', { id: 's', name: 'web_search', input: {} }), 0) +
      blockDelta({ type: 'input_json_delta', partial_json: '{}' }, 0) +
      blockStop(0) +
      blockStart({ type: 'text', text: '' }, 1) +
      blockDelta({ type: 'text_delta', text: 'so' }, 1) +
      blockStop(1) +
      messageDelta({ output_tokens: 5 }, 'max_tokens') +
      messageStop,
    { message: { content: 'so', tool_calls: [] }, finish_reason: 'length' },
  ],
};

describe.each([
  ['chat>messages' as const, chats],
  ['messages>chat' as const, messages],
])('a stream of %s', (direction, cases) => {
  const { check } = directions[direction];

  it.each(Object.entries(cases))('is the same however its bytes are cut: %s', (_, [stream, expected]) => {
    const one = through(direction, [Buffer.from(stream)]);
    expect(one.isWhole).toBe(true);
    expect(check(one.whole)).toMatchObject(expected);
    const cut = through(direction, bytewise(stream));
    expect(check(cut.whole)).toEqual(check(one.whole));
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 6 }), (cuts) => {
        const bytes = Buffer.from(stream);
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((to, n) => bytes.subarray(places[n], to));
        expect(check(through(direction, chunks).whole)).toEqual(check(one.whole));
      }),
      { numRuns: 20 },
    );
  });

  it.each(Object.entries(cases))(
    'says no end before upstream has said its own, wherever it is cut: %s',
    (_, [stream]) => {
      const frames = stream.split(/(?<=\n\n)/);
      for (let kept = 0; kept < frames.length; kept++) {
        const { whole, passed, isWhole } = through(direction, [Buffer.from(frames.slice(0, kept).join(''))]);
        check(whole, !isWhole);
        expect(passed).not.toMatch(/message_stop|message_delta|\[DONE\]|"finish_reason":"/);
      }
    },
  );

  it('tells the usage that was charged, in the end alone', () => {
    const [stream] = cases['text'] as [string, object];
    const { whole, passed } = through(direction, [Buffer.from(stream)]);
    expect(passed).not.toMatch(/output_tokens":[1-9]|completion_tokens/);
    const usage = check(whole)?.['usage'];
    if (direction === 'chat>messages')
      expect(usage).toMatchObject({ input_tokens: 8, cache_read_input_tokens: 4, output_tokens: 5 });
    else
      expect(usage).toMatchObject({
        prompt_tokens: 12,
        completion_tokens: 5,
        total_tokens: 17,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 2 },
      });
  });

  it('hands on each text for counting once, that of the end only with the end', () => {
    const [stream, expected] = cases['text'] as [string, { content?: object[]; message?: object }];
    const { stream: converted } = through(direction, bytewise(stream));
    let noted = '';
    converted.readTexts(Buffer.from('x'), (text) => (noted += text));
    converted.readTexts(Buffer.alloc(0), (text) => (noted += text));
    converted.readTexts(Buffer.alloc(0), (text) => (noted += text));
    expect(JSON.stringify(expected)).toContain(noted);
    expect(noted).not.toBe('');
  });
});

/** Any order of frames that an upstream could think of, sensible or not. */
const chatFrames = fc.array(
  fc.oneof(
    fc.constantFrom(delta('a'), delta(''), thought('t'), USAGE, ': ping\n\n', frame({ choices: [] })),
    fc
      .tuple(fc.nat(2), fc.constantFrom('{', '"a":1}', '', '{}', 'no json'))
      .map(([index, given]) => tool({ function: { arguments: given } }, index)),
    fc
      .tuple(fc.nat(2), fc.constantFrom('look', 'see'))
      .map(([index, name]) => tool(call(`call_${index}`, name, ''), index)),
    fc.constantFrom('x', 'y').map((id) => tool(call(id, 'look', '{}'))),
    fc.constantFrom(finish('stop'), finish('tool_calls'), frame('{"half'), frame({ nothing: 1 })),
  ),
  { maxLength: 14 },
);
const anyBlock = fc.constantFrom<object>(
  { type: 'text', text: '' },
  { type: 'thinking', thinking: '' },
  { type: 'tool_use', id: 't', name: 'look', input: {} },
  { type: 'redacted_thinking', data: 'x' },
);
const anyDelta = fc.constantFrom<object>(
  { type: 'text_delta', text: 'a' },
  { type: 'thinking_delta', thinking: 'b' },
  { type: 'input_json_delta', partial_json: '{' },
  { type: 'signature_delta', signature: 'S' },
);
const messageFrames = fc.array(
  fc.oneof(
    fc.tuple(anyBlock, fc.nat(2)).map(([each, index]) => blockStart(each, index)),
    fc.tuple(anyDelta, fc.nat(2)).map(([each, index]) => blockDelta(each, index)),
    fc.nat(2).map((index) => blockStop(index)),
    fc.constantFrom(
      ping,
      messageStart({ input_tokens: 1 }),
      messageDelta({ output_tokens: 1 }),
      messageDelta(undefined, null),
    ),
  ),
  { maxLength: 14 },
);

describe('whatever an upstream writes', () => {
  it('is never more than the grammar of a message allows', () => {
    fc.assert(
      fc.property(chatFrames, (frames) => {
        const { whole, isWhole } = through('chat>messages', [
          Buffer.from(frames.join('') + finish('stop') + DONE),
        ]);
        // Arguments that are no JSON are upstream's: the client is told them as they are.
        try {
          checkMessages(whole, !isWhole);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
    );
  });

  it('is never more than the grammar of a chat allows', () => {
    fc.assert(
      fc.property(messageFrames, (frames) => {
        const { whole, isWhole } = through('messages>chat', [
          Buffer.from(frames.join('') + messageDelta({ output_tokens: 1 }) + messageStop),
        ]);
        checkChat(whole, !isWhole);
      }),
    );
  });

  it('leaves nothing open and nothing out, in any order of canonical events', () => {
    const kinds = fc.constantFrom('open', 'piece', 'close');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(kinds, fc.nat(3), fc.constantFrom('a', '{}')), { maxLength: 20 }),
        (steps) => {
          const writer: EventWriter = clientCodecs.messages.eventWriter(answerContext);
          const seen = new Map<number, string>();
          const closed = new Set<number>();
          let out = '';
          const give = (event: CanonicalEvent) => (out += writer.write(event));
          for (const [kind, block, text] of steps) {
            if (kind === 'open' && !seen.has(block)) {
              seen.set(block, '');
              give({ type: 'open', block, of: { kind: 'text' } });
            } else if (seen.has(block) && !closed.has(block)) {
              if (kind === 'close') {
                closed.add(block);
                give({ type: 'close', block });
              } else if (kind === 'piece') {
                seen.set(block, seen.get(block) + text);
                give({ type: 'piece', block, text });
              }
            }
          }
          give({ type: 'finish', reason: 'end' });
          const message = checkMessages(out + writer.finish(CHARGED));
          const texts = (message?.['content'] as { text: string }[]).map((each) => each.text);
          expect(texts.toSorted()).toEqual([...seen.values()].toSorted());
          expect(writer.keptBytes).toBeLessThan(writer.mostKept);
        },
      ),
    );
  });
});

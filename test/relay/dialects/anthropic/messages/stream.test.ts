import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MessageStream } from '../../../../../src/relay/dialects/anthropic/messages/stream.js';
import {
  anthropicError,
  blockDelta,
  blockStart,
  blockStop,
  event,
  messageDelta,
  messageStart,
  messageStop,
  ping,
  text,
  textDelta,
} from '../../../support/anthropic-shapes.js';

/** Pushes the text in pieces cut at the given places, wherever they fall. */
function pass(whole: string, cuts: readonly number[] = []) {
  const bytes = Buffer.from(whole);
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const sifter = new MessageStream();
  const passed: Buffer[] = [];
  let from = 0;
  for (const to of [...at, bytes.length]) {
    passed.push(Buffer.from(sifter.push(bytes.subarray(from, to))));
    from = to;
  }
  let written = '';
  sifter.readTexts(Buffer.concat(passed), (part) => {
    written += part;
  });
  return { sifter, passed: Buffer.concat(passed).toString(), tail: sifter.tail().toString(), written };
}

const START = messageStart({ input_tokens: 25, output_tokens: 1 });
const END = messageDelta({ output_tokens: 7 }) + messageStop;

const cuts = fc.array(fc.nat(), { maxLength: 30 });
const words = fc.array(
  fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom(
      '模型',
      '"message_stop"',
      '"message_delta"',
      '"error":{"message":"x"}',
      '\n\nevent: error',
      '🙂',
    ),
  ),
  { maxLength: 10 },
);

describe("Anthropic's stream on its way through", () => {
  it('lets everything pass before the reason to stop, keeps the end back and reads usage, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(words, cuts, (contents, at) => {
        const content = START + blockStart(text('')) + ping + contents.map(textDelta).join('') + blockStop();
        const { sifter, passed, tail, written } = pass(content + END, at);
        expect(passed).toBe(content);
        expect(tail).toBe(END);
        expect(written).toBe(contents.join(''));
        expect(sifter).toMatchObject({ done: true, holding: true, error: undefined, usageIsStale: false });
        expect(sifter.usage).toMatchObject({ prompt_tokens: 25, completion_tokens: 7 });
      }),
    );
  });

  it('hands on thinking, tool names and inputs as text of the model, no signatures', () => {
    const { written } = pass(
      blockStart({ type: 'thinking', thinking: '', signature: '' }) +
        blockDelta({ type: 'thinking_delta', thinking: 'hm ' }) +
        blockDelta({ type: 'signature_delta', signature: 'c2lnbmVk' }) +
        blockStart({ type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} }, 1) +
        blockDelta({ type: 'input_json_delta', partial_json: '{"city":' }, 1) +
        blockDelta({ type: 'input_json_delta', partial_json: '"Bern"}' }, 1),
    );
    expect(written).toBe('hm weather{"city":"Bern"}');
  });

  it.each(['end_turn', 'max_tokens', 'stop_sequence', 'tool_use', 'pause_turn', 'refusal'])(
    'is complete with %s, also without any content',
    (reason) => {
      const end = messageDelta({ output_tokens: 0 }, reason) + messageStop;
      const { sifter, tail } = pass(START + end);
      expect(tail).toBe(end);
      expect(sifter).toMatchObject({ done: true, error: undefined });
      expect(sifter.usage).toMatchObject({ completion_tokens: 0 });
    },
  );

  it('does not take the placeholder of the start for the output', () => {
    expect(pass(START + messageDelta(undefined) + messageStop).sifter.usage).toBeUndefined();
    const { sifter } = pass(START + textDelta('a'));
    expect(sifter.usage).toBeUndefined();
    expect(sifter.promptUsage).toMatchObject({ prompt_tokens: 25, completion_tokens: 0 });
  });

  it('passes usage without a reason to stop, and knows when it is outdated', () => {
    const early = messageDelta({ output_tokens: 3 }, null);
    const { sifter, passed } = pass(START + early + textDelta('more'));
    expect(passed).toBe(START + early + textDelta('more'));
    expect(sifter.usageIsStale).toBe(true);
    expect(pass(START + textDelta('more') + early).sifter.usageIsStale).toBe(false);
  });

  it('keeps an error of upstream back, with the status it would have had', () => {
    const frame = event('error', anthropicError('overloaded_error', 'Overloaded'));
    const { sifter, passed, tail } = pass(START + textDelta('a') + frame + textDelta('never'));
    expect(passed).toBe(START + textDelta('a'));
    expect(tail.startsWith(frame)).toBe(true);
    expect(sifter.error).toMatchObject({ kind: 'error', status: 529 });
  });

  it('tells an error of upstream under the name that the request has here', () => {
    const error = { ...anthropicError('overloaded_error', 'Overloaded'), request_id: 'req_upstream' };
    const { sifter } = pass(START + textDelta('a') + event('error', error));
    expect(sifter.upstreamError('req-1')?.toString()).toBe(event('error', { ...error, request_id: 'req-1' }));
    expect(pass(START).sifter.upstreamError('req-1')).toBeUndefined();
  });

  it('reads frames with CRLF, without event lines, and passes an error inside a tool result', () => {
    const result = blockStart({
      type: 'web_search_tool_result',
      content: { error: { message: 'no', type: 'x' } },
    });
    const open = 'data: {"type": "message_start", "message": {"usage": {"input_tokens": 3}}}\r\n\r\n';
    const end =
      'data: {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}}\r\n\r\n';
    fc.assert(
      fc.property(cuts, (at) => {
        const { sifter, passed, tail } = pass(open + result + end, at);
        expect(passed).toBe(open + result);
        expect(tail).toBe(end);
        expect(sifter.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 2 });
      }),
    );
  });

  it('writes our own errors as an event of the stream', () => {
    const frame = new MessageStream().errorFrame({ code: 'upstream_timeout' }, 'req-1').toString();
    expect(frame).toMatch(
      /^event: error\ndata: \{"type":"error","error":\{"type":"timeout_error".*"request_id":"req-1"\}\n\n$/,
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ChoicesStream } from '../../../../src/relay/dialects/openai/chat/stream.js';
import { chatOutputText } from '../../../../src/relay/dialects/openai/chat/texts.js';
import { delta, DONE, frame, usageChunk } from '../../support/test-upstream.js';

const USAGE = { prompt_tokens: 7, completion_tokens: 0 };

/** Pushes the text in pieces cut at the given places, wherever they fall. */
function pass(text: string, cuts: readonly number[], options = { choices: 1, hideUsage: true }) {
  const bytes = Buffer.from(text);
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const sse = new ChoicesStream({ ...options, textOf: chatOutputText });
  const passed: Buffer[] = [];
  let from = 0;
  for (const to of [...at, bytes.length]) {
    passed.push(Buffer.from(sse.push(bytes.subarray(from, to))));
    from = to;
  }
  return { sse, passed: Buffer.concat(passed).toString(), tail: sse.tail().toString() };
}

const cuts = fc.array(fc.nat(), { maxLength: 30 });
const words = fc.array(
  fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom(
      '模型',
      '"usage":{"x":1}',
      '[DONE]',
      '"finish_reason":"stop"',
      '\n\ndata: x',
      '🙂',
      '"error":{}',
    ),
  ),
  { maxLength: 10 },
);

describe('a stream on its way through', () => {
  it('lets every content frame pass, keeps the end back and reads usage, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(words, cuts, fc.boolean(), (contents, at, hideUsage) => {
        const content = contents.map((word) => delta(word)).join('');
        const finish = delta('', 'stop');
        const { sse, passed, tail } = pass(content + finish + usageChunk(USAGE) + DONE, at, {
          choices: 1,
          hideUsage,
        });
        expect(passed).toBe(content);
        expect(tail).toBe(finish + (hideUsage ? '' : usageChunk(USAGE)) + DONE);
        expect(sse).toMatchObject({ done: true, holding: true, error: undefined, usageIsStale: false });
        expect(sse.usage).toMatchObject({ prompt_tokens: 7, completion_tokens: 0 });
      }),
    );
  });

  it('speaks frames with CRLF, comments, event fields, spaces in JSON and null placeholders', () => {
    const open =
      ': ping\r\n\r\n' +
      'event: message\r\ndata: {"choices": [{"delta": {"content": "a"}, "finish_reason": null}], "usage": null}\r\n\r\n';
    const end = 'data: {"choices": [{"delta": {}, "finish_reason": "length"}]}\r\n\r\ndata: [DONE]\r\n\r\n';
    fc.assert(
      fc.property(cuts, (at) => {
        const { sse, passed, tail } = pass(open + end, at);
        expect(passed).toBe(open);
        expect(tail).toBe(end);
        expect(sse.done).toBe(true);
      }),
    );
  });

  it('waits for the last of several choices', () => {
    const first = delta('', 'stop', 0);
    const { passed, tail } = pass(
      delta('a') + first + delta('b', null, 1) + delta('', 'stop', 1) + DONE,
      [],
      {
        choices: 2,
        hideUsage: true,
      },
    );
    expect(passed).toBe(delta('a') + first + delta('b', null, 1));
    expect(tail).toBe(delta('', 'stop', 1) + DONE);
  });

  it('takes usage from whichever chunk carries it, the last one counting', () => {
    const withUsage = frame({
      choices: [{ delta: { content: 'a' } }],
      usage: { prompt_tokens: 1, completion_tokens: 1 },
    });
    const inChoice = frame({
      choices: [{ delta: {}, finish_reason: 'stop', usage: { prompt_tokens: 1, completion_tokens: 2 } }],
    });
    const { sse, passed } = pass(withUsage + inChoice + DONE, []);
    expect(passed).toBe(withUsage);
    expect(sse.usage?.completion_tokens).toBe(2);
  });

  it('takes the class of service from the first chunk, where no later one names it', () => {
    const named = frame({ service_tier: 'priority', choices: [{ index: 0, delta: { role: 'assistant' } }] });
    const text = named + delta('a') + delta('b') + delta('', 'stop') + usageChunk(USAGE) + DONE;
    expect(pass(text, []).sse.serviceTier).toBe('priority');
    expect(pass(text, [5, named.length, named.length + 9]).sse.serviceTier).toBe('priority');
  });

  it('knows that an early usage does not cover what came after it', () => {
    const early = frame({ choices: [{ delta: {} }], usage: { prompt_tokens: 1, completion_tokens: 0 } });
    expect(pass(early + delta('more'), []).sse.usageIsStale).toBe(true);
    expect(pass(delta('more') + early, []).sse.usageIsStale).toBe(false);
  });

  it('knows whether more was written than a usage tells of, also where the answer is whole', () => {
    const used = (completion_tokens: number) =>
      frame({ choices: [{ delta: {} }], usage: { prompt_tokens: 1, completion_tokens } });
    const early = (text: string) => pass(text + delta('', 'stop') + DONE, []).sse.usageIsEarly;
    expect(early(used(1) + delta('more'))).toBe(true);
    expect(early(used(1) + delta('more') + used(2))).toBe(false);
    // What says nothing of the output does not tell of it.
    expect(early(used(1) + delta('more') + used(0))).toBe(true);
    expect(early(delta('more') + used(1) + delta('') + frame({ choices: [], cost: 1 }))).toBe(false);
    expect(early(used(1) + delta('more', 'stop') + delta('and more', 'stop'))).toBe(true);
  });

  it('keeps an error of upstream back, also one without a blank line behind it', () => {
    const error = 'data: {"error":{"message":"overloaded"}}';
    const { sse, passed } = pass(delta('a') + error, []);
    expect(passed).toBe(delta('a'));
    expect(sse.error).toBeUndefined();
    expect(sse.finish().length).toBe(0);
    expect(sse.error).toMatchObject({ kind: 'error', status: 502 });
  });

  it('refuses frames and tails beyond all bounds', () => {
    const huge = 'x'.repeat(5 * 1024 * 1024);
    expect(pass(`data: ${huge}`, []).sse.oversized).toBe(true);
    expect(pass(delta('', 'stop') + `: ${huge}\n\n`, []).sse.oversized).toBe(true);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ArrayUnits } from '../../../../../src/relay/dialects/json/array-units.js';
import { SseUnits } from '../../../../../src/relay/dialects/sse/sse-units.js';
import { ReframedUnits } from '../../../../../src/relay/dialects/gemini/generate/reframed-units.js';
import type { UnitSplitter } from '../../../../../src/relay/dialects/units.js';
import { GeminiStream } from '../../../../../src/relay/dialects/gemini/generate/stream.js';
import type { ClientResponse } from '../../../../../src/relay/call/client-response.js';
import { StreamAnswer } from '../../../../../src/relay/call/stream-answer.js';
import { asArray, asSse, finish, OVERLOADED, piece, usage } from '../../../support/gemini-shapes.js';

type Framing = 'sse' | 'array';

const unitsIn = (framing: Framing): UnitSplitter => (framing === 'sse' ? new SseUnits() : new ArrayUnits());

/** Pushes the text in pieces cut at the given places, wherever they fall. */
function pass(
  framing: Framing,
  text: string,
  cuts: readonly number[] = [],
  choices = 1,
  units = unitsIn(framing),
) {
  const bytes = Buffer.from(text);
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const stream = new GeminiStream(units, choices);
  const passed: Buffer[] = [];
  let from = 0;
  for (const to of [...at, bytes.length]) {
    passed.push(Buffer.from(stream.push(bytes.subarray(from, to))));
    from = to;
  }
  passed.push(Buffer.from(stream.finish()));
  const texts: string[] = [];
  for (const bytes of [...passed, stream.tail()]) stream.readTexts(bytes, (text) => texts.push(text));
  return {
    stream,
    passed: Buffer.concat(passed).toString(),
    tail: stream.tail().toString(),
    text: texts.join(''),
  };
}

const sse = { framing: 'sse' as const, framed: asSse };
const array = { framing: 'array' as const, framed: asArray };
const framings = [sse, array];
const cuts = fc.array(fc.nat(), { maxLength: 30 });
const words = fc.array(
  fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom(
      '模型',
      '"finishReason":"STOP"',
      ']',
      '}\n,\r\n{',
      '\\',
      '\\"',
      '\n\ndata: x',
      '🙂',
      '"error":{}',
    ),
  ),
  { minLength: 1, maxLength: 10 },
);

/** In the names of the proto, as some that speak for Google write. */
const inProtoNames = (text: string): string =>
  text.replace(
    /"([a-z]+[A-Z]\w*)":/g,
    (_, name: string) => `"${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}":`,
  );

describe.each(framings)('an answer in pieces, framed as $framing', ({ framing, framed }) => {
  it('is read the same in the names of the proto', () => {
    const whole = framed([
      piece('one '),
      { ...piece('two '), ...usage(100, 4, { thoughtsTokenCount: 2 }) },
      { candidates: [{ content: { parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }] } }] },
      finish('three', usage(100, 10, { thoughtsTokenCount: 5 })),
    ]);
    const seen = [whole, inProtoNames(whole)].map((text) => pass(framing, text));
    expect(inProtoNames(whole)).toContain('"usage_metadata"');
    const [own, proto] = seen.map(({ stream, text }) => ({
      usage: stream.usage,
      text,
      isHeld: stream.holding,
      chargedFromFirstByte: stream.chargedFromFirstByte,
    }));
    expect(own?.usage).toMatchObject({ prompt_tokens: 100, completion_tokens: 15 });
    expect(proto).toEqual(own);
    expect(own).toMatchObject({ text: 'one two three', isHeld: true, chargedFromFirstByte: true });
  });

  it('lets every piece pass, keeps the end back and reads usage, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(words, cuts, fc.boolean(), (contents, at, isPretty) => {
        const pieces = [...contents.map((word) => piece(word)), finish('!', usage(7, 3))];
        const whole = framed(pieces, isPretty);
        const open = framed.open(pieces.slice(0, -1), isPretty);
        const { stream, passed, tail, text } = pass(framing, whole, at);
        expect(passed).toBe(open);
        expect(passed + tail).toBe(whole);
        expect(text).toBe(`${contents.join('')}!`);
        expect(stream).toMatchObject({ holding: true, error: undefined, oversized: false });
        expect(stream.usage).toMatchObject({ prompt_tokens: 7, completion_tokens: 3 });
      }),
    );
  });

  it('waits for the last of several candidates', () => {
    const pieces = [piece('a'), finish('b', undefined, 0), piece('c', 1), finish('d', usage(1, 4), 1)];
    const { passed, tail } = pass(framing, framed(pieces), [], 2);
    expect(passed).toBe(framed.open(pieces.slice(0, 3)));
    expect(passed + tail).toBe(framed(pieces));
  });

  it('goes on after a finish that was none', () => {
    const pieces = ['a', 'b', 'c'].map((word, at) => finish(word, usage(5, at + 1)));
    const { stream, passed, tail } = pass(framing, framed(pieces));
    expect(passed).toBe(framed.open(pieces.slice(0, 2)));
    expect(passed + tail).toBe(framed(pieces));
    expect(stream.usage?.completion_tokens).toBe(3);
  });

  it('keeps what follows the finish without being an answer', () => {
    const pieces = [piece('a'), finish('b'), { candidates: [{ groundingMetadata: {} }], ...usage(1, 2) }];
    const { stream, passed, tail } = pass(framing, framed(pieces));
    expect(passed).toBe(framed.open(pieces.slice(0, 1)));
    expect(passed + tail).toBe(framed(pieces));
    expect(stream.usage?.completion_tokens).toBe(2);
  });

  it('knows whether a usage covers an answer that is cut', () => {
    const stale = (pieces: object[]) => pass(framing, framed.open(pieces)).stream.usageIsStale;
    expect(stale([piece('a')])).toBe(false);
    expect(stale([{ ...piece('a'), ...usage(9, 1) }])).toBe(false);
    expect(stale([{ ...piece('a'), ...usage(9, 1) }, piece('b')])).toBe(true);
    // The first pieces count the prompt only.
    const prompt = { usageMetadata: { promptTokenCount: 9, totalTokenCount: 9 } };
    expect(stale([{ ...piece('a'), ...prompt }])).toBe(true);
  });

  it('knows whether more was written than a usage tells of', () => {
    const early = (pieces: object[]) => pass(framing, framed(pieces)).stream.usageIsEarly;
    expect(early([piece('a'), finish('b', usage(9, 2))])).toBe(false);
    expect(early([{ ...piece('a'), ...usage(9, 1) }, finish('b')])).toBe(true);
    expect(early([{ ...piece('a'), ...usage(9, 1) }, finish('b', usage(9, 0))])).toBe(true);
    expect(early([{ ...piece('a'), ...usage(9, 1) }, finish('')])).toBe(false);
  });

  it('takes a refused prompt for an answer', () => {
    const refused = { promptFeedback: { blockReason: 'SAFETY' }, ...usage(4, 0) };
    const { stream, passed, tail } = pass(framing, framed([refused]));
    expect(passed).toBe('');
    expect(tail).toBe(framed([refused]));
    expect(stream).toMatchObject({ holding: true, usage: { prompt_tokens: 4, completion_tokens: 0 } });
  });

  it('does not hold when the answer ends without a finish', () => {
    const { stream, passed } = pass(framing, framed([piece('a')]));
    expect(passed).toBe(framed.open([piece('a')]));
    expect(stream).toMatchObject({ holding: false, done: false });
  });

  it('reads an error of upstream in mid-stream, framed or bare', () => {
    const bare = framed.open([piece('a')]) + (framing === 'sse' ? JSON.stringify(OVERLOADED, null, 2) : '');
    for (const text of [
      framed([piece('a'), OVERLOADED]),
      framing === 'sse' ? bare : `[${JSON.stringify(OVERLOADED)}]`,
    ]) {
      const { stream, tail } = pass(framing, text, [7, 30]);
      expect(stream.error).toMatchObject({ kind: 'error', status: 503 });
      expect(tail).toContain('"status":"UNAVAILABLE"');
      expect(stream.holding).toBe(true);
    }
  });

  it('frames an error of ours so that the answer stays well formed', () => {
    for (const pieces of [[], [piece('a')]]) {
      const { stream, passed } = pass(framing, framed.open(pieces));
      const end = stream.errorFrame({ code: 'upstream_unavailable' }).toString();
      const read = framed.read(passed + end);
      expect(read).toHaveLength(pieces.length + 1);
      expect(read.at(-1)).toMatchObject({ error: { code: 502, status: 'UNAVAILABLE' } });
    }
  });

  it('counts a picture as something delivered', () => {
    const picture = {
      candidates: [{ content: { parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }] } }],
    };
    expect(pass(framing, framed([piece('a')])).stream.chargedFromFirstByte).toBe(false);
    expect(pass(framing, framed([picture, finish('')])).stream.chargedFromFirstByte).toBe(true);
  });
});

describe.each([
  { given: sse, wanted: array },
  { given: array, wanted: sse },
])('an upstream that answers in $given.framing where $wanted.framing was asked for', (pair) => {
  const { given, wanted } = pair;
  const reframed = (text: string, at: readonly number[] = []) =>
    pass(wanted.framing, text, at, 1, new ReframedUnits(unitsIn(given.framing), unitsIn(wanted.framing)));

  it('reaches the client as that, payload by payload, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(words, cuts, fc.boolean(), (texts, at, isPretty) => {
        const payloads = [...texts.map((text) => piece(text)), finish('', usage(100, 10))];
        const { stream, passed, tail, text } = reframed(given.framed(payloads, isPretty), at);
        expect(wanted.framed.read(passed + tail)).toEqual(payloads);
        expect(text).toBe(texts.join(''));
        expect(stream.usage).toMatchObject({ prompt_tokens: 100, completion_tokens: 10 });
        expect(stream.holding).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('may fail there: its error is one, and what is no JSON is left out', () => {
    const { stream, passed, tail } = reframed(given.framed([piece('words'), OVERLOADED]));
    expect(stream.error).toMatchObject({ status: 503 });
    expect(wanted.framed.read(passed + tail)).toEqual([piece('words'), OVERLOADED]);
    const marked = given.framing === 'sse' ? ': ping\n\ndata: [DONE]\n\n' : '[]';
    expect(reframed(marked).passed).toBe('');
  });
});

describe('what only one framing knows', () => {
  it('the array ends with its bracket: nothing after it is waited for', () => {
    expect(pass('array', asArray([piece('a'), finish('b')])).stream.done).toBe(true);
    expect(pass('sse', asSse([piece('a'), finish('b')])).stream.done).toBe(false);
  });

  it('closes an array whose bracket did not come', () => {
    const { passed, tail } = pass('array', asArray.open([piece('a'), finish('b')]));
    expect(asArray.read(passed + tail)).toHaveLength(2);
  });

  it('an object instead of an array passes nothing, and is read when it is an error', () => {
    expect(pass('array', JSON.stringify(OVERLOADED)).stream.error).toMatchObject({ status: 503 });
    const { stream, passed } = pass('array', JSON.stringify(finish('a')));
    expect(passed).toBe('');
    expect(stream.holding).toBe(false);
  });

  it('passes comments, and reads enums as numbers', () => {
    const enums = { candidates: [{ content: { parts: [{ text: 'a' }] }, finishReason: 1 }], ...usage(1, 1) };
    const { stream, passed, tail } = pass('sse', `: ping\r\n\r\n${asSse([enums])}`);
    expect(passed).toBe(': ping\r\n\r\n');
    expect(tail).toBe(asSse([enums]));
    expect(stream.holding).toBe(true);
  });

  it('takes a picture of megabytes in small chunks, and refuses what is beyond all bounds', () => {
    const data = 'A'.repeat(3 * 1024 * 1024);
    const picture = { candidates: [{ content: { parts: [{ inlineData: { data } }] } }] };
    for (const { framing, framed } of framings) {
      const text = framed([picture, finish('')]);
      const at = Array.from({ length: 400 }, (_, index) => index * 8192);
      expect(pass(framing, text, at).passed).toBe(framed.open([picture]));
    }
    const stream = new GeminiStream(new SseUnits(), 1);
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    for (let sent = 0; sent < 40 && !stream.oversized; sent++) stream.push(chunk);
    expect(stream.oversized).toBe(true);
  });
});

describe('an upstream that says "STOP" in every payload', () => {
  it('is waited for from the last of them on, not from the first', () => {
    const client = { begin: () => undefined, write: () => true } as unknown as ClientResponse;
    const spoken = { openStream: () => new GeminiStream(new SseUnits(), 1) };
    const answer = new StreamAnswer(client, spoken);
    answer.opens({});
    answer.chunk(Buffer.from(asSse([finish('a', usage(5, 1))])));
    const first = answer.holdingSinceMs as number;
    expect(first).toBeGreaterThan(0);
    while (performance.now() <= first) continue;
    answer.chunk(Buffer.from(asSse([finish('b', usage(5, 2))])));
    expect(answer.holdingSinceMs).toBeGreaterThan(first);
    expect(answer.begun).toBe(true);
  });
});

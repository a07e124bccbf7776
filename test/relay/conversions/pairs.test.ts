import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ConvertibleProtocol,
  convertibleProtocols as protocols,
} from '../../../src/domain/channel/conversion.js';
import { usageFrom } from '../../../src/domain/pricing/usage.js';
import type { CanonicalEvent } from '../../../src/relay/conversions/canonical.js';
import { clientCodecs, upstreamCodecs } from '../../../src/relay/conversions/codecs.js';
import { ConvertedStream, type ErrorOf } from '../../../src/relay/conversions/converted-stream.js';
import { readError } from '../../../src/relay/conversions/foreign-error.js';
import { parseAnswer } from '../../../src/relay/dialects/json/read.js';
import { answerContext } from '../support/answer-context.js';
import { listeners, type Said, speakers } from '../support/spoken-answers.js';
import { call, situations } from '../support/situations.js';
import { DONE, frame } from '../support/test-upstream.js';

const CHARGED = usageFrom({ prompt_tokens: 12, cached_tokens: 4, completion_tokens: 5 });
const pairs = protocols.flatMap((client) =>
  protocols.filter((upstream) => upstream !== client).map((upstream) => [client, upstream] as const),
);
const event = (type: string, fields: object) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const failed = { message: 'overloaded now' };
/** How an upstream of each protocol says in a stream that it cannot go on. */
const failures: Readonly<Record<ConvertibleProtocol, string>> = {
  messages: event('error', { error: { type: 'overloaded_error', ...failed } }),
  chat: frame({ error: { ...failed, type: 'server_error', code: null } }),
  responses: event('response.failed', {
    response: { id: 'r', status: 'failed', error: { code: 'server_error', ...failed } },
  }),
  generate: frame({ error: { code: 503, status: 'UNAVAILABLE', ...failed } }),
};

/** The prompt with what of it was cached, and the output. */
const REPORTED = usageFrom({ prompt_tokens: 12, cached_tokens: 4, completion_tokens: 5 });
const OPENAI = { prompt_tokens: 12, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 4 } };
const GOOGLE = {
  promptTokenCount: 12,
  cachedContentTokenCount: 4,
  candidatesTokenCount: 5,
  totalTokenCount: 17,
};
const chunk = (delta: object, finish: string | null, more: object = {}) =>
  frame({ id: 'c', choices: [{ index: 0, delta, finish_reason: finish }], ...more });
const said = (text: string, finish: string | undefined, more: object = {}) =>
  frame({ candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: finish }], ...more });
const message = (before: object, after: object) => [
  event('message_start', {
    message: { id: 'm', type: 'message', role: 'assistant', content: [], usage: before },
  }),
  event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'hi' } }),
  event('content_block_stop', { index: 0 }),
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: after }),
  event('message_stop', {}),
];

/** The same answer, with its usage in each place where upstreams of the protocol have it. */
const reports: Readonly<Record<ConvertibleProtocol, readonly (readonly string[])[]>> = {
  messages: [
    message({ input_tokens: 8, cache_read_input_tokens: 4, output_tokens: 1 }, { output_tokens: 5 }),
    message(
      { input_tokens: 0, output_tokens: 0 },
      { input_tokens: 8, cache_read_input_tokens: 4, output_tokens: 5 },
    ),
  ],
  chat: [
    // Behind the finish, with it, before it, with every chunk, and twice.
    [chunk({ content: 'hi' }, null), chunk({}, 'stop'), frame({ id: 'c', choices: [], usage: OPENAI }), DONE],
    [chunk({ content: 'hi' }, null), chunk({}, 'stop', { usage: OPENAI }), DONE],
    [
      chunk({ content: 'hi' }, null, { usage: { ...OPENAI, completion_tokens: 1 } }),
      chunk({}, 'stop', { usage: OPENAI }),
      frame({ id: 'c', choices: [], usage: OPENAI }),
      DONE,
    ],
  ],
  responses: [speakers.responses.pieces({ text: 'hi' })],
  generate: [
    [said('hi', undefined), said('', 'STOP', { usageMetadata: GOOGLE })],
    [
      said('h', undefined, { usageMetadata: { ...GOOGLE, candidatesTokenCount: 1, totalTokenCount: 13 } }),
      said('i', 'STOP', { usageMetadata: GOOGLE }),
    ],
  ],
};

const expected = ({ thought = '', text = '', calls = [], reason = 'end' }: Said) => ({
  thought,
  text,
  calls: calls.map(({ name, input }) => ({ name, input })),
  reason,
  usage: [12, 4, 5],
});

function open(client: ConvertibleProtocol, upstream: ConvertibleProtocol, more: object = {}) {
  const from = upstreamCodecs[upstream];
  const inner = from.openStream({ 'content-type': 'text/event-stream' });
  if (!inner) throw new Error('no stream');
  const writer = clientCodecs[client].eventWriter({ ...answerContext, ...more });
  const errorOf: ErrorOf = ({ status, body }, requestId) =>
    clientCodecs[client].writeError(status, readError(parseAnswer(body)), requestId).body;
  return new ConvertedStream(inner, from.eventReader('call_up'), writer, errorOf, {});
}

/** What the client gets of a stream that comes in these chunks. */
function through(stream: ConvertedStream, chunks: readonly Buffer[]) {
  let passed = '';
  for (const chunk of chunks) passed += stream.push(chunk).toString();
  passed += stream.finish().toString();
  const isWhole = stream.holding && !stream.error;
  if (isWhole) stream.tail();
  stream.told(CHARGED);
  const end = isWhole ? stream.tail() : stream.errorFrame({ code: 'upstream_unavailable' }, 'r');
  return { passed, whole: passed + end.toString(), isWhole };
}

const bytewise = (text: string) => [...Buffer.from(text)].map((byte) => Buffer.of(byte));
/** At once, and byte by byte. */
const cuttings = [(text: string) => [Buffer.from(text)], bytewise];

describe.each(pairs)('%s on an upstream of %s', (client, upstream) => {
  const listener = listeners[client];

  it.each(Object.entries(situations))('hears what was said, whole: %s', (_, said) => {
    const body = Buffer.from(JSON.stringify(speakers[upstream].whole(said)));
    expect(upstreamCodecs[upstream].judge(200, body).kind).toBe('completion');
    const answer = upstreamCodecs[upstream].readAnswer(JSON.parse(body.toString()), 'call_up');
    const written = clientCodecs[client].writeAnswer(answer, CHARGED, answerContext);
    expect(listener.whole(JSON.parse(JSON.stringify(written)))).toEqual(expected(said));
  });

  it.each(Object.entries(situations))('hears what was said, however it is cut: %s', (_, said) => {
    const stream = speakers[upstream].pieces(said).join('');
    const one = through(open(client, upstream), [Buffer.from(stream)]);
    expect(one.isWhole).toBe(true);
    expect(listener.stream(one.whole)).toEqual(expected(said));
    expect(listener.stream(through(open(client, upstream), bytewise(stream)).whole)).toEqual(expected(said));
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 6 }), (cuts) => {
        const bytes = Buffer.from(stream);
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((to, n) => bytes.subarray(places[n], to));
        expect(listener.stream(through(open(client, upstream), chunks).whole)).toEqual(expected(said));
      }),
      { numRuns: 10 },
    );
  });

  it.each(Object.entries(situations))('hears of no end before there was one: %s', (_, said) => {
    const frames = speakers[upstream].pieces(said);
    for (let kept = 0; kept < frames.length; kept++) {
      const chunks = [Buffer.from(frames.slice(0, kept).join(''))];
      const { whole, passed, isWhole } = through(open(client, upstream), chunks);
      listener.stream(whole, !isWhole);
      expect(passed).not.toMatch(
        /message_stop|message_delta|\[DONE\]|"finish_reason":"|response\.(completed|incomplete)|finishReason/,
      );
    }
  });

  it('is told in its own words what went wrong, before the first piece and amid them', () => {
    const frames = speakers[upstream].pieces({ text: 'so far, so good' });
    for (const cutting of cuttings)
      for (let before = 0; before < frames.length - 2; before++) {
        const stream = open(client, upstream);
        const chunks = cutting(frames.slice(0, before).join('') + failures[upstream]);
        const passed = chunks.map((chunk) => stream.push(chunk).toString()).join('');
        expect(stream.error).toMatchObject({ kind: 'error' });
        const whole = passed + (stream.upstreamError('req-1') ?? '').toString();
        expect(whole).toContain('overloaded now');
        expect(listener.stream(whole, true)).toBeUndefined();
        if (before === 0) expect(passed).toBe('');
      }
  });

  it.each(Object.entries(situations))(
    'is told what it was charged where upstream reports nothing: %s',
    (_, said) => {
      const pieces = speakers[upstream].pieces({ ...said, unmetered: true }).join('');
      for (const cutting of cuttings) {
        const stream = open(client, upstream);
        const { whole } = through(stream, cutting(pieces));
        expect(stream.usage).toBeUndefined();
        expect(listener.stream(whole)).toEqual(expected(said));
      }
    },
  );

  it('counts nothing twice, wherever upstream reports it', () => {
    for (const pieces of reports[upstream])
      for (const cutting of cuttings) {
        const stream = open(client, upstream);
        const { whole } = through(stream, cutting(pieces.join('')));
        expect(stream.usage).toMatchObject(REPORTED);
        expect(listener.stream(whole)).toMatchObject({ text: 'hi', usage: [12, 4, 5] });
      }
  });

  it('hears a stream of ten thousand pieces, of which nothing is kept that is not open', () => {
    const text = 'word '.repeat(6_000);
    const { whole } = through(
      open(client, upstream),
      speakers[upstream].pieces({ text }).map((each) => Buffer.from(each)),
    );
    expect(listener.stream(whole)?.text).toBe(text);
  });
});

describe('an answer to a client of Google', () => {
  it.each(Object.entries(situations))('is an array that grows where it asked for one: %s', (_, said) => {
    const stream = speakers.chat.pieces(said).join('');
    const { whole } = through(open('generate', 'chat', { framing: 'json' }), bytewise(stream));
    expect(JSON.parse(whole)).toBeInstanceOf(Array);
    expect(listeners.generate.stream(whole)).toEqual(expected(said));
    const cut = through(open('generate', 'chat', { framing: 'json' }), [Buffer.from(stream.slice(0, 200))]);
    expect(JSON.parse(cut.whole)).toMatchObject(
      expect.arrayContaining([{ error: expect.objectContaining({ code: 502 }) }]),
    );
  });

  it('has no thoughts in it where none were asked for', () => {
    const said = situations['a thought, and text'] as Said;
    const stream = speakers.messages.pieces(said).join('');
    const { whole } = through(open('generate', 'messages', { hidesThoughts: true }), [Buffer.from(stream)]);
    expect(listeners.generate.stream(whole)).toMatchObject({ thought: '', text: 'so' });
    expect(whole).toContain(Buffer.from('cf1.t.0123456789abcdef.UFJPT0Y=').toString('base64'));
  });
});

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
/** Whatever a model may say. */
const sayings: fc.Arbitrary<Said> = fc.record(
  {
    thought: words,
    text: words,
    calls: fc
      .array(
        fc.dictionary(fc.constantFrom('a', 'b c', '"', 'ü'), fc.oneof(words, fc.integer(), fc.boolean())),
        { maxLength: 3 },
      )
      .map((inputs) => inputs.map((input, n) => call(n, { ...input }))),
    reason: fc.constantFrom('end', 'limit', 'refused'),
  },
  { requiredKeys: [] },
);

describe.each(protocols)('what is read of %s and written as the same', (protocol) => {
  it('means what it meant, whole and in pieces', () => {
    const listener = listeners[protocol];
    fc.assert(
      fc.property(sayings, (said) => {
        const body = JSON.parse(JSON.stringify(speakers[protocol].whole(said)));
        const answer = upstreamCodecs[protocol].readAnswer(body, 'call_up');
        const written = clientCodecs[protocol].writeAnswer(answer, CHARGED, answerContext);
        expect(listener.whole(JSON.parse(JSON.stringify(written)))).toEqual(expected(said));
        const stream = speakers[protocol].pieces(said).join('');
        expect(listener.stream(through(open(protocol, protocol), [Buffer.from(stream)]).whole)).toEqual(
          expected(said),
        );
      }),
    );
  });
});

/** Any order of canonical events that a reader could give. */
const steps = fc.array(
  fc.tuple(
    fc.constantFrom('open', 'piece', 'signature', 'close'),
    fc.nat(3),
    fc.constantFrom('text', 'thought', 'call'),
    fc.constantFrom('a', '{}', '{"b":', '1}'),
  ),
  { maxLength: 24 },
);

describe.each(protocols)('whatever comes, %s', (client) => {
  it('are given no more than their grammar allows', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const writer = clientCodecs[client].eventWriter(answerContext);
        const open = new Map<number, string>();
        const used = new Set<number>();
        let out = '';
        const give = (event: CanonicalEvent) => (out += writer.write(event));
        for (const [step, block, kind, text] of all) {
          if (step === 'open' && !used.has(block)) {
            used.add(block);
            open.set(block, kind);
            const of = kind === 'call' ? { kind, id: `c${block}`, name: 'look' } : { kind };
            give({ type: 'open', block, of });
          } else if (open.has(block) && step === 'close') {
            open.delete(block);
            give({ type: 'close', block });
          } else if (open.get(block) === 'thought' && step === 'signature')
            give({ type: 'signature', block, text });
          else if (open.has(block) && step === 'piece') give({ type: 'piece', block, text });
        }
        for (const block of open.keys()) give({ type: 'close', block });
        give({ type: 'finish', reason: [...used].length > 0 ? 'end' : 'limit' });
        try {
          listeners[client].stream(out + writer.finish(CHARGED));
        } catch (error) {
          // Arguments that are no JSON are upstream's: the client is told them as they are.
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
    );
  });
});

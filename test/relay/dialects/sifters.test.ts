import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnswerStream } from '../../../src/relay/dialects/answer-stream.js';
import { MessageStream } from '../../../src/relay/dialects/anthropic/messages/stream.js';
import { ArrayUnits } from '../../../src/relay/dialects/json/array-units.js';
import { SseUnits } from '../../../src/relay/dialects/sse/sse-units.js';
import { GeminiStream } from '../../../src/relay/dialects/gemini/generate/stream.js';
import { chatOutputText } from '../../../src/relay/dialects/openai/chat/texts.js';
import { ChoicesStream } from '../../../src/relay/dialects/openai/chat/stream.js';
import { ResponseStream } from '../../../src/relay/dialects/openai/responses/stream.js';
import {
  anthropicError,
  blockStart,
  blockStop,
  messageDelta,
  messageStart,
  messageStop,
  ping,
  text,
  textDelta,
} from '../support/anthropic-shapes.js';
import { finish, OVERLOADED, piece, usage } from '../support/gemini-shapes.js';
import { delta, DONE, frame, usageChunk } from '../support/test-upstream.js';

/** A kind of stream, and what its upstreams send, in any order and number, sensible or not. */
interface Kind {
  readonly name: string;
  readonly open: () => AnswerStream;
  readonly pieces: readonly string[];
  readonly between: string;
  readonly start: string;
}

const WORDS = [
  'hello',
  '模型🙂',
  '"finish_reason":"stop"',
  '"error":{}',
  '\n\ndata: [DONE]\n\n',
  '\\"',
  ']}',
];
const JUNK = [
  ': ping\n\n',
  'event: x\nid: 1\n\n',
  'data: {"broken\n\n',
  'data: 7\r\n\r\n',
  '\n',
  'data: null\n\n',
];

const openai = [
  ...WORDS.map((word) => delta(word)),
  delta('', 'stop'),
  delta('b', null, 1),
  delta('', 'length', 1),
  usageChunk({ prompt_tokens: 7, completion_tokens: 2 }),
  frame({ choices: [{ delta: { content: 'c' } }], usage: { prompt_tokens: 7, completion_tokens: 1 } }),
  frame({ error: { message: 'overloaded', code: 503 } }),
  DONE,
  ...JUNK,
];
const event = (type: string, more: object) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const ended = { usage: { input_tokens: 7, output_tokens: 2, total_tokens: 9 } };
const responses = [
  event('response.created', { response: { status: 'in_progress', usage: null } }),
  ...WORDS.map((word) => event('response.output_text.delta', { delta: word })),
  event('response.completed', { response: { status: 'completed', ...ended } }),
  event('response.failed', { response: { status: 'failed', error: { message: 'broke', code: 'x' } } }),
  event('error', { code: 'x', message: 'broke' }),
  ...JUNK,
];
const anthropic = [
  messageStart({ input_tokens: 25, output_tokens: 1 }),
  blockStart(text('')),
  ...WORDS.map((word) => textDelta(word)),
  blockStop(),
  ping,
  messageDelta({ output_tokens: 7 }),
  messageStop,
  `event: error\ndata: ${JSON.stringify(anthropicError('overloaded_error', 'overloaded'))}\n\n`,
  ...JUNK,
];
const gemini = [
  ...WORDS.map((word) => piece(word)),
  { ...piece('a'), ...usage(7, 1) },
  { ...piece('a'), usageMetadata: { promptTokenCount: 7 } },
  finish('', usage(7, 2)),
  finish('written on'),
  finish('b', {}, 1),
  { promptFeedback: { blockReason: 'SAFETY' } },
  {
    candidates: [
      { content: { parts: [{ functionCall: { name: 'f', args: { error: {}, finishReason: 1 } } }] } },
    ],
  },
  { candidates: [{ content: { parts: [{ inlineData: { data: 'AAAA' } }] } }] },
  usage(7, 3),
  OVERLOADED,
].map((payload) => JSON.stringify(payload, null, 1));

const kinds: readonly Kind[] = [
  { name: "OpenAI's responses", open: () => new ResponseStream(), pieces: responses, start: '', between: '' },
  { name: "Anthropic's", open: () => new MessageStream(), pieces: anthropic, start: '', between: '' },
  ...[1, 2].flatMap((choices): Kind[] => [
    {
      name: `OpenAI's, ${choices} choices`,
      open: () => new ChoicesStream({ choices, hideUsage: choices === 1, textOf: chatOutputText }),
      pieces: openai,
      start: '',
      between: '',
    },
    {
      name: `Gemini's events, ${choices} candidates`,
      open: () => new GeminiStream(new SseUnits(), choices),
      pieces: [
        ...gemini.map((json) => `data: ${JSON.stringify(JSON.parse(json))}\r\n\r\n`),
        JSON.stringify(OVERLOADED, null, 2),
        ...JUNK,
      ],
      start: '',
      between: '',
    },
    {
      name: `Gemini's array, ${choices} candidates`,
      open: () => new GeminiStream(new ArrayUnits(), choices),
      pieces: [...gemini, ']', '\n', '{"broken"', '7', '[]'],
      start: '[',
      between: '\n,\r\n',
    },
  ]),
];

/** Everything that the rest of the call goes by. */
function sifted(kind: Kind, chunks: readonly Buffer[]) {
  const stream = kind.open();
  const passed = chunks.map((chunk) => Buffer.from(stream.push(chunk)));
  passed.push(Buffer.from(stream.finish()));
  const tail = stream.tail();
  let text = '';
  for (const bytes of [...passed, tail]) stream.readTexts(bytes, (part) => (text += part));
  const { usage, usageIsStale, holding, done, oversized, chargedFromFirstByte, error } = stream;
  return {
    passed: Buffer.concat(passed).toString(),
    tail: tail.toString(),
    text,
    usage,
    usageIsStale,
    holding,
    done,
    oversized,
    chargedFromFirstByte,
    error: error?.kind === 'error' ? `${error.status} ${error.body.toString()}` : error?.kind,
  };
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

describe.each(kinds)('a stream of $name', (kind) => {
  it('is the same wherever its bytes are cut: what passes, what is kept back, what is charged', () => {
    const pieces = fc.array(fc.constantFrom(...kind.pieces), { maxLength: 12 });
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(), { maxLength: 40 }), (sent, cuts) => {
        const bytes = Buffer.from(kind.start + sent.join(kind.between));
        const whole = sifted(kind, [bytes]);
        expect(sifted(kind, cutAt(bytes, cuts))).toEqual(whole);
        expect(
          sifted(
            kind,
            [...bytes].map((_, at) => bytes.subarray(at, at + 1)),
          ),
        ).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });
});

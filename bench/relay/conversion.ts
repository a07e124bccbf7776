// What conversion costs beside what the same stream and the same body cost as they are, side by side in one process.
// npm run bench:conversion -- [--rounds 15]
import { parseArgs } from 'node:util';
import { usageFrom } from '../../src/domain/pricing/usage.js';
import { clientCodecs, upstreamCodecs } from '../../src/relay/conversions/codecs.js';
import type { AnswerContext } from '../../src/relay/conversions/codec.js';
import type { AnswerStream } from '../../src/relay/dialects/answer-stream.js';
import { ConvertedStream } from '../../src/relay/conversions/converted-stream.js';
import { Losses } from '../../src/relay/conversions/losses.js';
import { Names } from '../../src/relay/conversions/names.js';

import { parseBody } from '../../src/relay/dialects/json/body.js';
import { markdownTable } from '../support/markdown.js';

const EVENTS = 10_000;
/** What comes of a stream at once. */
const EVENTS_A_CHUNK = 8;
const BODY_BYTES = 1024 * 1024;
/** At most: a converted event beside a native one, and a body. */
const TARGET_RATIO = 3;
const TARGET_BODY_MS = 15;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } });
const rounds = Number(values.rounds);
const CHARGED = usageFrom({ prompt_tokens: 10, completion_tokens: EVENTS });
const context: AnswerContext = {
  model: 'model',
  requestId: 'req',
  createdAt: 0,
  promptTokens: 10,
  showsUsage: true,
  tools: [],
  seal: (signature) => `cf1.t.0123456789abcdef.${signature}`,
  originalName: (name) => name,
};

const data = (payload: object) => `data: ${JSON.stringify(payload)}\n\n`;
const event = (payload: { type: string }) => `event: ${payload.type}\n${data(payload)}`;
const word = (n: number) => `word ${n % 97} `;
const streams = {
  chat: {
    first: [],
    piece: (n: number) =>
      data({
        id: 'c',
        object: 'chat.completion.chunk',
        model: 'm',
        choices: [{ index: 0, delta: { content: word(n) }, finish_reason: null }],
      }),
    last: data({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) + 'data: [DONE]\n\n',
  },
  messages: {
    first: [
      event({
        type: 'message_start',
        message: { id: 'msg_1', model: 'm', usage: { input_tokens: 10, output_tokens: 1 } },
      } as never),
      event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as never),
    ],
    piece: (n: number) =>
      event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: word(n) } } as never),
    last:
      event({ type: 'content_block_stop', index: 0 } as never) +
      event({
        type: 'message_delta',
        delta: { stop_reason: 'end_turn' },
        usage: { output_tokens: EVENTS },
      } as never) +
      event({ type: 'message_stop' }),
  },
};
type Upstream = keyof typeof streams;

function chunksOf({ first, piece, last }: (typeof streams)[Upstream]): Buffer[] {
  const chunks = [Buffer.from(first.join(''))];
  for (let n = 0; n < EVENTS; n += EVENTS_A_CHUNK)
    chunks.push(Buffer.from(Array.from({ length: EVENTS_A_CHUNK }, (_, each) => piece(n + each)).join('')));
  return [...chunks, Buffer.from(last)];
}

function drive(stream: AnswerStream, chunks: readonly Buffer[]): void {
  let bytes = 0;
  for (const chunk of chunks) bytes += stream.push(chunk).length;
  stream.told?.(CHARGED);
  bytes += stream.tail().length;
  if (!stream.done || bytes === 0) throw new Error('the stream has not been read');
}

const processorMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
const median = (values: number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
const timed = (step: () => void): number => {
  const before = processorMs();
  step();
  return processorMs() - before;
};

function nativeOf(upstream: Upstream): AnswerStream {
  const stream = upstreamCodecs[upstream].openStream({ 'content-type': 'text/event-stream' });
  if (!stream) throw new Error('no stream');
  return stream;
}

function converted(upstream: Upstream, client: keyof typeof clientCodecs): ConvertedStream {
  const from = upstreamCodecs[upstream];
  const writer = clientCodecs[client].eventWriter(context);
  return new ConvertedStream(nativeOf(upstream), from.eventReader('call'), writer, () => ({}), {});
}

let missed = 0;
const rows: string[][] = [];
for (const [upstream, client] of [
  ['chat', 'messages'],
  ['messages', 'chat'],
  ['chat', 'responses'],
  ['messages', 'responses'],
  ['chat', 'generate'],
  ['messages', 'generate'],
] as const) {
  const chunks = chunksOf(streams[upstream]);
  const native: number[] = [];
  const other: number[] = [];
  // Each in its turn, so that what else the machine does strikes both.
  for (let round = 0; round < rounds + 5; round++) {
    native.push(timed(() => drive(nativeOf(upstream), chunks)));
    other.push(timed(() => drive(converted(upstream, client), chunks)));
  }
  const [one, two] = [median(native.slice(5)), median(other.slice(5))];
  const ratio = two / one;
  if (ratio > TARGET_RATIO) missed++;
  const micros = (ms: number) => ((ms * 1_000) / EVENTS).toFixed(2);
  rows.push([
    `${client} on ${upstream}`,
    micros(one),
    micros(two),
    ratio.toFixed(2),
    ratio > TARGET_RATIO ? 'missed' : 'met',
  ]);
}
console.log(
  markdownTable(
    ['stream', 'native sift, µs an event', 'converted, µs an event', 'ratio', `≤ ${TARGET_RATIO}`],
    rows,
  ),
);

const turn = {
  role: 'user',
  content: [{ type: 'text', text: 'A line of a file that was read by a tool.\n'.repeat(40) }],
};
const answer = { role: 'assistant', content: [{ type: 'text', text: 'I have read it.' }] };
const length = JSON.stringify([turn, answer]).length;
const turns = Array.from({ length: Math.ceil(BODY_BYTES / length) }, () => [turn, answer]).flat();
const body = Buffer.from(JSON.stringify({ model: 'm', max_tokens: 100, messages: turns }));
const bodies: number[] = [];
for (let round = 0; round < rounds + 5; round++)
  bodies.push(
    timed(() => {
      const losses = new Losses();
      const request = clientCodecs.messages.readRequest(parseBody(body), losses);
      const seal = { sign: () => '', channelId: 'c', keyId: 'k' };
      const about = {
        streamed: false,
        model: 'm',
        names: new Names(losses),
        losses,
        quirks: new Set<never>(),
        heldLimit: 100,
        seal,
      };
      if (JSON.stringify(upstreamCodecs.chat.writeRequest(request, about)).length < BODY_BYTES / 2)
        throw new Error('the body has not been written');
    }),
  );
const bodyMs = median(bodies.slice(5));
if (bodyMs > TARGET_BODY_MS) missed++;
console.log(
  `\nA body of ${body.length} bytes, messages to chat: ${bodyMs.toFixed(1)} ms of processor (at most ${TARGET_BODY_MS}).`,
);
if (missed > 0) process.exitCode = 1;

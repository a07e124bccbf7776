// What conversion costs beside what the same stream and the same body cost as they are, side by side in one process.
// npm run bench:conversion -- [--rounds 15]
import { parseArgs } from 'node:util';
import type { ConvertibleProtocol } from '../../src/domain/channel/conversion.js';
import { usageFrom } from '../../src/domain/pricing/usage.js';
import { clientCodecs, upstreamCodecs } from '../../src/relay/conversions/codecs.js';
import type { AnswerContext } from '../../src/relay/conversions/codec.js';
import type { AnswerStream } from '../../src/relay/dialects/answer-stream.js';
import { ConvertedStream } from '../../src/relay/conversions/converted-stream.js';
import { bytesOf, piecesOf } from '../../src/relay/conversions/json-pieces.js';
import { Losses } from '../../src/relay/conversions/losses.js';
import { Names } from '../../src/relay/conversions/names.js';

import { EVENT_STREAM } from '../../src/relay/dialects/sse/is-event-stream.js';
import { parseBody } from '../../src/relay/dialects/json/body.js';
import { markdownTable } from '../support/markdown.js';

const EVENTS = 10_000;
/** What comes of a stream at once. */
const EVENTS_A_CHUNK = 8;
const BODY_BYTES = 1024 * 1024;
/** At most: a converted event beside a native one, and a body. */
const TARGET_RATIO = 3;
const TARGET_BODY_MS = 15;
/** Until the compiler of the machine has seen enough, as it has in a service that runs. */
const WARM_ROUNDS = 10;
const WARM_BODIES = 40;

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
const event = (payload: { readonly type: string; readonly [member: string]: unknown }) =>
  `event: ${payload.type}\n${data(payload)}`;
const word = (n: number) => `word ${n % 97} `;
/** OpenAI hides by it how long the words are. */
const padding = (n: number) => 'xYz12kQ9pl'.slice(0, (n % 9) + 1);
const MESSAGE_ITEM = { id: 'msg_1', type: 'message', role: 'assistant', content: [] };
interface Stream {
  readonly protocol: ConvertibleProtocol;
  readonly first: readonly string[];
  readonly piece: (n: number) => string;
  readonly last: string;
}

const streams = {
  chat: {
    protocol: 'chat',
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
  'chat as OpenAI writes it': {
    protocol: 'chat',
    first: [],
    piece: (n: number) =>
      data({
        id: 'chatcmpl-C0HqV4S4bTUZ0qPvkDcWtT3GmNXwF',
        object: 'chat.completion.chunk',
        created: 1_754_400_000,
        model: 'gpt-4o-2024-08-06',
        service_tier: 'default',
        system_fingerprint: 'fp_07871e2ad8',
        choices: [{ index: 0, delta: { content: word(n) }, logprobs: null, finish_reason: null }],
        usage: null,
        obfuscation: padding(n),
      }),
    last: data({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) + 'data: [DONE]\n\n',
  },
  messages: {
    protocol: 'messages',
    first: [
      event({
        type: 'message_start',
        message: { id: 'msg_1', model: 'm', usage: { input_tokens: 10, output_tokens: 1 } },
      }),
      event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    ],
    piece: (n: number) =>
      event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: word(n) } }),
    last:
      event({ type: 'content_block_stop', index: 0 }) +
      event({
        type: 'message_delta',
        delta: { stop_reason: 'end_turn' },
        usage: { output_tokens: EVENTS },
      }) +
      event({ type: 'message_stop' }),
  },
  responses: {
    protocol: 'responses',
    first: [
      event({ type: 'response.created', response: { id: 'resp_1', model: 'm' } }),
      event({ type: 'response.output_item.added', output_index: 0, item: MESSAGE_ITEM }),
    ],
    piece: (n: number) =>
      event({
        type: 'response.output_text.delta',
        sequence_number: n + 4,
        item_id: 'msg_1',
        output_index: 0,
        content_index: 0,
        delta: word(n),
        logprobs: [],
        obfuscation: padding(n),
      }),
    last:
      event({ type: 'response.output_item.done', output_index: 0, item: MESSAGE_ITEM }) +
      event({
        type: 'response.completed',
        response: { id: 'resp_1', status: 'completed', usage: { input_tokens: 10, output_tokens: EVENTS } },
      }),
  },
  generate: {
    protocol: 'generate',
    first: [],
    piece: (n: number) =>
      data({
        candidates: [{ content: { parts: [{ text: word(n) }], role: 'model' }, index: 0 }],
        usageMetadata: { promptTokenCount: 10, candidatesTokenCount: n + 1, totalTokenCount: n + 11 },
        modelVersion: 'm',
        responseId: 'r',
      }),
    last: data({
      candidates: [{ content: { parts: [{ text: '' }], role: 'model' }, finishReason: 'STOP', index: 0 }],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: EVENTS, totalTokenCount: EVENTS + 10 },
      modelVersion: 'm',
      responseId: 'r',
    }),
  },
} satisfies Record<string, Stream>;
type Upstream = keyof typeof streams;

function chunksOf({ first, piece, last }: Stream): Buffer[] {
  const chunks = [Buffer.from(first.join(''))];
  for (let n = 0; n < EVENTS; n += EVENTS_A_CHUNK)
    chunks.push(Buffer.from(Array.from({ length: EVENTS_A_CHUNK }, (_, each) => piece(n + each)).join('')));
  return [...chunks, Buffer.from(last)];
}

function drive(stream: AnswerStream, chunks: readonly Buffer[]): void {
  let bytes = 0;
  for (const chunk of chunks) bytes += stream.push(chunk).length;
  bytes += stream.finish().length;
  stream.told?.(CHARGED);
  bytes += stream.tail().length;
  if (!stream.holding || bytes < EVENTS) throw new Error('the stream has not been read');
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
  const stream = upstreamCodecs[streams[upstream].protocol].openStream({ 'content-type': EVENT_STREAM });
  if (!stream) throw new Error('no stream');
  return stream;
}

function converted(upstream: Upstream, client: ConvertibleProtocol): ConvertedStream {
  const reader = upstreamCodecs[streams[upstream].protocol].eventReader('call');
  const writer = clientCodecs[client].eventWriter(context);
  return new ConvertedStream(nativeOf(upstream), reader, writer, () => ({}), {});
}

let missed = 0;

function streamRow(upstream: Upstream, client: ConvertibleProtocol): string[] {
  const chunks = chunksOf(streams[upstream]);
  const native: number[] = [];
  const other: number[] = [];
  // Each in its turn, so that what else the machine does strikes both.
  for (let round = 0; round < rounds + WARM_ROUNDS; round++) {
    native.push(timed(() => drive(nativeOf(upstream), chunks)));
    other.push(timed(() => drive(converted(upstream, client), chunks)));
  }
  const [one, two] = [median(native.slice(WARM_ROUNDS)), median(other.slice(WARM_ROUNDS))];
  const ratio = two / one;
  if (ratio > TARGET_RATIO) missed++;
  const micros = (ms: number) => ((ms * 1_000) / EVENTS).toFixed(2);
  const verdict = ratio > TARGET_RATIO ? 'missed' : 'met';
  return [`${client} on ${upstream}`, micros(one), micros(two), ratio.toFixed(2), verdict];
}

const clients = ['messages', 'chat', 'responses', 'generate'] as const;
const rows = (Object.keys(streams) as Upstream[]).flatMap((upstream) =>
  clients
    .filter((client) => client !== streams[upstream].protocol)
    .map((client) => streamRow(upstream, client)),
);
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

/** From the bytes that came to those that go. */
function convertBody(): Buffer {
  const losses = new Losses();
  const request = clientCodecs.messages.readRequest(parseBody(body), losses);
  const written = upstreamCodecs.chat.writeRequest(request, {
    streamed: false,
    model: 'm',
    names: new Names(losses),
    losses,
    quirks: new Set<never>(),
    heldLimit: 100,
    seal: { sign: () => '', channelId: 'c', keyId: 'k' },
  });
  const attempt = { model: 'm', limit: 100, limitName: 'max_tokens', cacheKey: undefined };
  return bytesOf(upstreamCodecs.chat.complete(piecesOf(written), attempt));
}

const bodies: number[] = [];
const waits: number[] = [];
for (let round = 0; round < rounds + WARM_BODIES; round++) {
  const startedMs = performance.now();
  const spent = timed(() => {
    if (convertBody().length < BODY_BYTES / 2) throw new Error('the body has not been written');
  });
  waits.push(performance.now() - startedMs);
  bodies.push(spent);
}
// The threads that give memory back work beside, and on some machines more than what they work for: what counts is how long others wait.
const waitMs = median(waits.slice(WARM_BODIES));
const bodyMs = median(bodies.slice(WARM_BODIES));
if (waitMs > TARGET_BODY_MS) missed++;
console.log(
  `\nA body of ${body.length} bytes, messages to chat: ${waitMs.toFixed(1)} ms (at most ${TARGET_BODY_MS}), ${bodyMs.toFixed(1)} of processor with all threads.`,
);
if (missed > 0) process.exitCode = 1;

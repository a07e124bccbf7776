import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import {
  type ConvertibleProtocol,
  convertibleProtocols as protocols,
} from '../../../src/domain/channel/conversion.js';
import { clientCodecs, upstreamCodecs } from '../../../src/relay/conversions/codecs.js';
import { ConvertedStream } from '../../../src/relay/conversions/converted-stream.js';
import type { AnswerStream } from '../../../src/relay/dialects/answer-stream.js';
import { DeliveredText } from '../../../src/relay/metering/delivered-text.js';
import { answerContext } from '../support/answer-context.js';
import { sizeOf } from '../support/size-of.js';
import { blockDelta, blockStart, blockStop, event, messageStart } from '../support/anthropic-shapes.js';
import { frame } from '../support/test-upstream.js';

const MIB = 1024 * 1024;
/** With the frame that was too much, and what objects take by themselves. */
const MOST = 1.125 * MIB;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** A beginning, what an upstream could go on with for ever, and how often it does. */
interface Endless {
  readonly begins?: string;
  readonly more: (n: number) => string;
  readonly times: number;
}

const LONG = 'x'.repeat(4_096);
const WIDE = '漢'.repeat(64);
const unlike = (n: number, length = 2_048) => `${n} `.padEnd(length, 'y');
const chunk = (delta: object, more: object = {}) =>
  frame({ id: 'c', choices: [{ index: 0, delta, ...more }] });
const called = (index: number, fields: object) => chunk({ tool_calls: [{ index, ...fields }] });
const begun = (index: number) => ({ id: `call_${index}`, function: { name: 'look', arguments: '{"a":"' } });
const item = (place: number, type: string, fields: object) =>
  frame({ type: `response.${type}`, output_index: place, ...fields });
const created = (id: string) => frame({ type: 'response.created', response: { id } });
const payload = (parts: readonly object[], more: object = {}) =>
  frame({ candidates: [{ content: { role: 'model', parts } }], ...more });
const started = messageStart({ input_tokens: 8 });
const thinking = (n: number) => blockStart({ type: 'thinking', thinking: '' }, n);
const signed = (n: number, signature: string) => blockDelta({ type: 'signature_delta', signature }, n);

const endless: Readonly<Record<ConvertibleProtocol, Readonly<Record<string, Endless>>>> = {
  chat: {
    text: { more: () => chunk({ content: LONG }), times: 800 },
    thoughts: { more: () => chunk({ reasoning_content: WIDE.repeat(32) }), times: 600 },
    'arguments of a call beside another one': {
      begins: called(0, begun(0)) + called(1, begun(1)),
      more: () => called(1, { function: { arguments: LONG } }),
      times: 800,
    },
    'names of calls': {
      more: (n) => called(n, { id: `call_${n}`, function: { name: unlike(n, 50_000), arguments: '{}' } }),
      times: 50,
    },
    'a long name of the answer': {
      more: () => frame({ id: LONG.repeat(250), choices: [{ index: 0, delta: { content: 'a' } }] }),
      times: 3,
    },
    'choices that say that they have ended, and go on': {
      more: (n) =>
        chunk({ content: 'a' }, { finish_reason: 'stop', index: n < 2 ? 0 : n % 2 ? n : LONG + n }),
      times: 1_200,
    },
    'blank frames behind the end': {
      begins: chunk({ content: 'a' }) + chunk({}, { finish_reason: 'stop' }),
      more: () => ':\n\n'.repeat(100),
      times: 250,
    },
    'ids of sounds': { more: (n) => chunk({ audio: { id: unlike(n) } }), times: 1_200 },
  },
  messages: {
    'text of many blocks': {
      begins: started,
      more: (n) => blockStart({ type: 'text', text: WIDE.repeat(32) }, n) + blockStop(n),
      times: 600,
    },
    'blocks without anything in them': {
      begins: started,
      more: (n) => blockStart({ type: 'text', text: '' }, n) + blockStop(n),
      times: 10_000,
    },
    'blocks that never end': {
      begins: started,
      more: (n) => blockStart({ type: 'text', text: '' }, n),
      times: 9_000,
    },
    'ids of calls that never end': {
      begins: started,
      more: (n) => blockStart({ type: 'tool_use', id: unlike(n), name: 'look', input: {} }, n),
      times: 1_200,
    },
    'a proof of a thought': { begins: started + thinking(0), more: () => signed(0, LONG), times: 800 },
    'thoughts that are nothing but proofs': {
      begins: started,
      more: (n) => thinking(n) + signed(n, unlike(n, 50_000)) + blockStop(n),
      times: 60,
    },
    'members of a usage': {
      begins: started,
      more: (n) => event('message_delta', { delta: {}, usage: { output_tokens: 1, [`m${n}`]: LONG } }),
      times: 600,
    },
    'files that code made': {
      begins: started,
      more: (n) => {
        const content = { content: [{ file_id: unlike(n) }] };
        return blockStart({ type: 'code_execution_tool_result', content }, n);
      },
      times: 1_200,
    },
  },
  responses: {
    'items that never end': {
      begins: created('r'),
      more: (n) => item(n, 'output_item.added', { item: { type: 'message' } }),
      times: 9_000,
    },
    'text of one item': {
      begins: created('r') + item(0, 'output_item.added', { item: { type: 'message' } }),
      more: () => item(0, 'output_text.delta', { delta: WIDE.repeat(32) }),
      times: 600,
    },
    'names of responses': { more: (n) => created(unlike(n)), times: 1_200 },
    searches: {
      begins: created('r'),
      more: (n) =>
        frame({ type: 'response.output_item.done', item: { type: 'web_search_call', id: unlike(n) } }),
      times: 1_200,
    },
    'machines that code ran in': {
      begins: created('r'),
      more: (n) =>
        item(n, 'output_item.done', { item: { type: 'code_interpreter_call', container_id: unlike(n) } }),
      times: 1_200,
    },
  },
  generate: {
    calls: {
      more: (n) => payload([{ functionCall: { name: 'look', args: { at: unlike(n, 4_000) } } }]),
      times: 700,
    },
    'proofs of texts': {
      more: (n) => payload([{ text: 'a', thoughtSignature: unlike(n, 50_000) }]),
      times: 60,
    },
    'queries of searches': {
      more: (n) => frame({ candidates: [{ groundingMetadata: { webSearchQueries: [unlike(n, 4_000)] } }] }),
      times: 700,
    },
    'a usage beside a large part': {
      more: () =>
        payload([{ text: LONG.repeat(500) }], {
          usageMetadata: { promptTokenCount: 8, candidatesTokenCount: 5, totalTokenCount: 13 },
        }),
      times: 3,
    },
  },
};
const kinds = protocols.flatMap((upstream) =>
  Object.entries(endless[upstream]).map(([what, of]) => [upstream, what, of] as const),
);

const head = { 'content-type': 'text/event-stream' };
function opened(upstream: ConvertibleProtocol): AnswerStream {
  const stream = upstreamCodecs[upstream].openStream(head);
  if (!stream) throw new Error('no stream');
  return stream;
}
const converted = (client: ConvertibleProtocol, upstream: ConvertibleProtocol) =>
  new ConvertedStream(
    opened(upstream),
    upstreamCodecs[upstream].eventReader('call'),
    clientCodecs[client].eventWriter({ ...answerContext, hidesThoughts: true }),
    () => ({}),
    {},
  );

/** Tells a stream all of it, or as much as it takes; the text to be counted is kept beside the stream. */
function tell(stream: AnswerStream, { begins = '', more, times }: Endless): DeliveredText {
  const delivered = new DeliveredText((passed, note) => stream.readTexts(passed, note));
  const push = (text: string) => {
    const passed = stream.push(Buffer.from(text));
    if (passed.length > 0) delivered.add(passed);
  };
  push(begins);
  for (let n = 0; n < times && !stream.oversized; n++) push(more(n));
  return delivered;
}

const refusal = (stream: AnswerStream) =>
  stream.errorFrame({ code: 'upstream_unavailable' }, 'r')?.length ?? 0;

describe('what never ends', () => {
  it.each(kinds)('takes less than a mebibyte of a stream as it comes: %s, %s', (upstream, _, of) => {
    const stream = opened(upstream);
    const delivered = tell(stream, of);
    // Of text that may have to be counted there is a mebibyte, and a quarter of one that was not looked at yet.
    expect(sizeOf(delivered)).toBeLessThan(1.5 * MIB);
    expect(sizeOf(stream)).toBeLessThan(MOST);
    expect(refusal(stream)).toBeGreaterThan(0);
  });

  it.each(kinds)('takes a mebibyte of one that is converted: %s, %s', (upstream, _, of) => {
    for (const client of protocols.filter((each) => each !== upstream)) {
      const stream = converted(client, upstream);
      const delivered = tell(stream, of);
      expect(sizeOf(delivered)).toBeLessThan(1.5 * MIB);
      // The last event of a response has all of it.
      expect(sizeOf(stream)).toBeLessThan(client === 'responses' ? 9 * MIB : MOST);
      expect(refusal(stream)).toBeGreaterThan(0);
    }
  });

  const byCharacters: readonly [string, ConvertibleProtocol, Endless][] = [
    [
      'arguments beside another call',
      'chat',
      {
        begins: called(0, begun(0)) + called(1, begun(1)),
        more: () => called(1, { function: { arguments: '漢' } }),
        times: 20_000,
      },
    ],
    ['a proof', 'messages', { begins: started + thinking(0), more: () => signed(0, 'x'), times: 20_000 }],
  ];
  it.each(byCharacters)('takes no more where it comes by single characters: %s', (_, upstream, of) => {
    const stream = converted('generate', upstream);
    collect();
    const before = process.memoryUsage().heapUsed;
    const delivered = tell(stream, of);
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(MIB / 2);
    expect(delivered.take().texts).toHaveLength(0);
    expect(stream.oversized).toBe(false);
  });
});

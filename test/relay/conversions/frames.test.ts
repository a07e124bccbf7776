import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ConvertibleProtocol,
  convertibleProtocols as protocols,
} from '../../../src/domain/channel/conversion.js';
import type { CanonicalEvent } from '../../../src/relay/conversions/canonical.js';
import type { EventReader } from '../../../src/relay/conversions/codec.js';
import { upstreamCodecs } from '../../../src/relay/conversions/codecs.js';
import { FrameReader } from '../../../src/relay/conversions/frame-reader.js';
import { dataOf, payloadOf } from '../../../src/relay/dialects/sse/frames.js';

type Write = (text: string, n: number) => string;

const data = (payload: object) => `data: ${JSON.stringify(payload)}\n\n`;
const event = (payload: { type: string; [member: string]: unknown }) =>
  `event: ${payload.type}\n${data(payload)}`;
const chunk = (delta: object, more: object = {}) =>
  data({ id: 'c', model: 'up', choices: [{ index: 0, delta, finish_reason: null }], ...more });

/** What stands before the first piece, and the ways in which an upstream of the protocol writes one. */
const upstreams: Readonly<Record<ConvertibleProtocol, { first: string; ways: readonly Write[] }>> = {
  chat: {
    first: chunk({ role: 'assistant', content: '' }),
    ways: [
      (content) => chunk({ content }),
      (content, n) => chunk({ content }, { usage: null, obfuscation: 'x'.repeat(n) }),
      (text) => chunk({ content: '', reasoning_content: text }),
      // Which of two equal texts is read, a frame does not show.
      (text) => chunk({ reasoning: text, reasoning_details: [{ text }] }),
      (text, n) =>
        chunk({
          tool_calls: [{ index: n % 2, id: `call_${n % 2}`, function: { name: 'look', arguments: text } }],
        }),
      (text, n) => chunk({ tool_calls: [{ index: n % 2, function: { arguments: text } }] }),
    ],
  },
  messages: {
    first:
      event({ type: 'message_start', message: { id: 'm', model: 'up' } }) +
      event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }) +
      event({ type: 'content_block_start', index: 1, content_block: { type: 'thinking', thinking: '' } }) +
      event({
        type: 'content_block_start',
        index: 2,
        content_block: { type: 'tool_use', id: 't', name: 'look' },
      }),
    ways: [
      (text) => event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
      (thinking) =>
        event({ type: 'content_block_delta', index: 1, delta: { type: 'thinking_delta', thinking } }),
      (signature) =>
        event({ type: 'content_block_delta', index: 1, delta: { type: 'signature_delta', signature } }),
      (partial_json) =>
        event({ type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json } }),
    ],
  },
  responses: {
    first:
      event({ type: 'response.created', response: { id: 'r', model: 'up' } }) +
      event({ type: 'response.output_item.added', output_index: 0, item: { type: 'message', id: 'i' } }) +
      event({
        type: 'response.output_item.added',
        output_index: 1,
        item: { type: 'function_call', call_id: 'f', name: 'look' },
      }),
    ways: [
      (delta, n) =>
        event({
          type: 'response.output_text.delta',
          sequence_number: n,
          item_id: 'i',
          output_index: 0,
          delta,
          obfuscation: 'ab'.repeat(n % 5),
        }),
      (delta, n) =>
        event({ type: 'response.function_call_arguments.delta', output_index: 1, delta, sequence_number: n }),
    ],
  },
  generate: {
    first: '',
    ways: [
      (text, n) =>
        data({
          candidates: [{ content: { parts: [{ text }] } }],
          usageMetadata: { promptTokenCount: 4, totalTokenCount: n },
        }),
      (text) => data({ candidates: [{ content: { parts: [{ text, thought: true }] } }], responseId: 'r' }),
    ],
  },
};

function eventsOf(
  protocol: ConvertibleProtocol,
  read: (reader: EventReader, emit: (event: CanonicalEvent) => void) => void,
) {
  const events: CanonicalEvent[] = [];
  const reader = upstreamCodecs[protocol].eventReader('call');
  read(reader, (each) => events.push(each));
  reader.end((each) => events.push(each));
  return events;
}

/** Frame by frame, each by itself. */
const parsed = (protocol: ConvertibleProtocol, frames: readonly string[]) =>
  eventsOf(protocol, (reader, emit) => {
    for (const frame of frames) {
      const payload = payloadOf(dataOf(Buffer.from(frame)));
      if (payload) reader.read(payload, emit);
    }
  });

const withoutJson = (event: CanonicalEvent): CanonicalEvent => {
  if (event.type !== 'piece' || event.json === undefined) return event;
  const { json, ...others } = event;
  expect(json).toBe(JSON.stringify(event.text));
  return others;
};

/** In groups, as they come from upstream. */
const grouped = (protocol: ConvertibleProtocol, groups: readonly (readonly string[])[]) =>
  eventsOf(protocol, (reader, emit) => {
    const frames = new FrameReader(reader, emit);
    for (const group of groups) frames.read(Buffer.from(group.join('')));
  }).map(withoutJson);

/** Texts that stand elsewhere in a frame too, and such as JSON spells otherwise. */
const texts = fc.oneof(
  fc.constantFrom(
    '',
    'up',
    'c',
    'content',
    'text',
    'a"b',
    '\\',
    'two\nlines',
    'grüß 🎈',
    '"}',
    '","obfuscation":"',
    'trial',
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
/** As others spell the same frame, or break it. */
const spellings = fc.constantFrom<(frame: string) => string>(
  (frame) => frame,
  (frame) => frame,
  (frame) => frame.replaceAll('":', '": '),
  (frame) => frame.replaceAll('\n', '\r\n'),
  (frame) => frame.replace('data: ', 'data:'),
  (frame) => frame.replaceAll('e', String.raw`\u0065`).replaceAll(String.raw`\u0065v\u0065nt:`, 'event:'),
  (frame) => frame.replace(/(?<=[a-z])"}/, '\t"}'),
  (frame) => frame.slice(0, -6) + '\n\n',
  (frame) => `: ping\n\n${frame}`,
);

describe.each(protocols)('frames of %s', (protocol) => {
  const { first, ways } = upstreams[protocol];

  it('say the same, whether each is parsed or compared with the one before', () => {
    const runs = fc.array(
      fc.tuple(fc.nat(ways.length - 1), spellings, fc.array(texts, { minLength: 1, maxLength: 6 })),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(runs, fc.nat(4), (all, size) => {
        const frames = all.flatMap(([way, spelt, said]) =>
          said.map((text, n) => spelt((ways[way] as Write)(text, n))),
        );
        const opened = [first, ...frames]
          .filter((frame) => frame !== '')
          .flatMap((each) => each.split(/(?<=\n\n|\r\n\r\n)/));
        const groups = opened.map((_, n) => opened.slice(n * (size + 1), (n + 1) * (size + 1)));
        const withoutPings = grouped(protocol, groups).filter(({ type }) => type !== 'ping');
        expect(withoutPings).toEqual(parsed(protocol, opened).filter(({ type }) => type !== 'ping'));
      }),
    );
  });

  it('are not parsed one by one where they differ by their text alone, and by what nobody reads', () => {
    // A call that goes from one to the other is another frame each time.
    const steady = ways.filter((_, way) => protocol !== 'chat' || way < 3);
    for (const write of steady) {
      const frames = Array.from({ length: 1_000 }, (_, n) => write(`word ${n} "and"\n`, n));
      let reads = 0;
      const reader = upstreamCodecs[protocol].eventReader('call');
      const counted: EventReader = {
        read: (payload, emit) => {
          reads++;
          reader.read(payload, emit);
        },
        end: (emit) => reader.end(emit),
      };
      const pieces: string[] = [];
      const all = new FrameReader(counted, (each) => {
        if (each.type === 'piece') pieces.push(each.text);
      });
      all.read(Buffer.from(first));
      for (const frame of frames) all.read(Buffer.from(frame));
      if (!write('', 0).includes('signature')) {
        expect(pieces.join('')).toBe(frames.map((_, n) => `word ${n} "and"\n`).join(''));
        expect(reads).toBeLessThan(12);
      }
    }
  });

  it('cost no more than an eighth above parsing where no two are alike', () => {
    const frames = Array.from({ length: 800 }, (_, n) => (ways[n % ways.length] as Write)(`word ${n}`, n));
    let reads = 0;
    const reader = upstreamCodecs[protocol].eventReader('call');
    const counted: EventReader = {
      read: (payload, emit) => {
        reads++;
        reader.read(payload, emit);
      },
      end: (emit) => reader.end(emit),
    };
    const all = new FrameReader(counted, () => undefined);
    for (const frame of [first, ...frames]) all.read(Buffer.from(frame));
    expect(reads).toBeLessThan(920);
  });
});

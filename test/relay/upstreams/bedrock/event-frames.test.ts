import { describe, expect, it } from '@jest/globals';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import fc from 'fast-check';
import { EventFrames } from '../../../../src/relay/upstreams/bedrock/event-frames.js';
import { eventFrame } from '../../support/event-stream.js';

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');
const framesOf = (...chunks: readonly Buffer[]) => {
  const frames = new EventFrames();
  return { all: chunks.flatMap((chunk) => [...frames.push(chunk)]), frames };
};

// AWS's own test vectors of event streams (aws-c-event-stream, smithy).
const EMPTY = hex('00000010 00000000 05c248eb 7d98c8ff');
const PAYLOAD = hex('0000001d 00000000 fd528c5a 7b27666f6f273a27626172277d c3653936');
const INT32_HEADER = hex(`0000002d 00000010 41c424b8 0a6576656e742d74797065 04 0000a00c
  7b27666f6f273a27626172277d 36f480a0`);
const TEXT_HEADER = hex(`0000003d 00000020 07fd8396 0c636f6e74656e742d74797065 07 0010
  6170706c69636174696f6e2f6a736f6e 7b27666f6f273a27626172277d 8d9c08b1`);

/** AWS's own, which its clients speak with. */
const theirs = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text),
);

const integer = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
const headerValue = fc.oneof(
  fc.record({ type: fc.constant('string' as const), value: fc.string({ maxLength: 40, unit: 'binary' }) }),
  fc.record({ type: fc.constant('boolean' as const), value: fc.boolean() }),
  fc.record({ type: fc.constant('byte' as const), value: integer(8) }),
  fc.record({ type: fc.constant('short' as const), value: integer(16) }),
  fc.record({ type: fc.constant('integer' as const), value: integer(32) }),
  fc.record({ type: fc.constant('binary' as const), value: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({
    type: fc.constant('timestamp' as const),
    value: fc.date({ min: new Date(0), noInvalidDate: true }),
  }),
  fc.record({ type: fc.constant('uuid' as const), value: fc.uuid() }),
);
const headersWith = <T>(value: fc.Arbitrary<T>) =>
  fc.dictionary(fc.stringMatching(/^[a-z:-]{1,30}$/), value, { maxKeys: 6, noNullPrototype: true });
const payloads = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

describe('messages of an event stream', () => {
  it('are read as AWS writes them, headers of every type', () => {
    fc.assert(
      fc.property(headersWith(headerValue), payloads, (headers, body) => {
        const { all, frames } = framesOf(Buffer.from(theirs.encode({ headers, body })));
        const texts = Object.entries(headers).flatMap(([name, { type, value }]) =>
          type === 'string' ? [[name, value]] : [],
        );
        expect(all).toEqual([{ headers: new Map(texts as [string, string][]), payload: body }]);
        expect(frames.isWhole).toBe(true);
      }),
    );
  });

  it('of the fakes are those that AWS reads', () => {
    expect(eventFrame({}, '')).toEqual(EMPTY);
    expect(eventFrame({ 'content-type': 'application/json' }, "{'foo':'bar'}")).toEqual(TEXT_HEADER);
    fc.assert(
      fc.property(headersWith(fc.string({ maxLength: 40, unit: 'binary' })), payloads, (headers, payload) => {
        const { headers: read, body } = theirs.decode(eventFrame(headers, payload));
        expect(Object.entries(read).map(([name, { value }]) => [name, value])).toEqual(
          Object.entries(headers),
        );
        expect(Buffer.from(body)).toEqual(payload);
      }),
    );
  });

  it('are those of the vectors', () => {
    const { all, frames } = framesOf(Buffer.concat([EMPTY, PAYLOAD, INT32_HEADER, TEXT_HEADER]));
    expect(all.map(({ headers, payload }) => [[...headers], payload.toString()])).toEqual([
      [[], ''],
      [[], "{'foo':'bar'}"],
      [[], "{'foo':'bar'}"],
      [[['content-type', 'application/json']], "{'foo':'bar'}"],
    ]);
    expect(frames.isWhole).toBe(true);
  });

  it('are the same however they are cut', () => {
    const all = Buffer.concat([EMPTY, TEXT_HEADER, PAYLOAD, eventFrame({ a: 'b' }, 'x'.repeat(500))]);
    fc.assert(
      fc.property(fc.array(fc.nat(all.length), { maxLength: 12 }), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), all.length];
        const chunks = places.slice(1).map((to, n) => all.subarray(places[n], to));
        expect(framesOf(...chunks).all).toEqual(framesOf(all).all);
      }),
    );
  });

  it('are not whole before their last byte', () => {
    for (let end = 1; end < TEXT_HEADER.length; end++) {
      const { all, frames } = framesOf(TEXT_HEADER.subarray(0, end));
      expect(all).toEqual([]);
      expect(frames.isWhole).toBe(false);
    }
  });

  it('are refused where any bit of them is another', () => {
    for (let bit = 0; bit < TEXT_HEADER.length * 8; bit++) {
      const broken = Buffer.from(TEXT_HEADER);
      broken[bit >> 3] = (broken[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => framesOf(broken)).toThrow();
    }
  });
});

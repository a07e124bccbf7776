import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { catalogue, type EventType } from '../../src/domain/events/catalogue.js';
import { encodeEvent } from '../../src/domain/events/codec.js';
import { storedNameOf } from '../../src/domain/events/versions.js';
import { encoderOf } from '../../src/domain/stored/encoder.js';
import { anEvent } from '../support/events.js';

const types = Object.keys(catalogue) as EventType[];

describe('encodeEvent', () => {
  it.each(types)('%s is stored as zod would store it', (type) => {
    const event = anEvent(type);
    expect(encodeEvent(event)).toEqual({
      type: storedNameOf(type),
      data: z.encode(catalogue[type] as z.ZodType, event.data),
    });
  });

  it('leaves out what the schema does not know', () => {
    const event = anEvent('consumption-recorded');
    const withMore = { ...event, data: { ...event.data, note: 'not of the schema' } };
    expect(encodeEvent(withMore)).toEqual(encodeEvent(event));
  });

  it.each([
    ['an amount that is a number', { quota: 27 }],
    ['an amount that is text', { quota: '27' }],
    ['an amount beyond the field', { quota: 10n ** 17n }],
    ['a count that is no integer', { duration_ms: 1.5 }],
    ['a missing member', { call_id: undefined }],
  ])('refuses %s', (_what, wrong) => {
    const event = anEvent('consumption-recorded');
    const broken = { ...event, data: { ...event.data, ...wrong } } as typeof event;
    expect(() => encodeEvent(broken)).toThrow(z.ZodError);
  });
});

describe('encoderOf', () => {
  const amount = z.codec(z.string(), z.bigint(), { decode: BigInt, encode: String });
  const schema = z.object({
    amounts: z.array(z.object({ amount })),
    maybe: amount.nullable(),
    either: z.union([z.object({ amount }), z.string()]),
    some: amount.optional(),
  });

  it('reaches codecs wherever they are', () => {
    const value = { amounts: [{ amount: 1n }, { amount: 2n }], maybe: null, either: { amount: 3n } };
    expect(encoderOf(schema)(value)).toEqual(z.encode(schema, value));
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { catalogue, type EventOf } from '../../src/domain/events/catalogue.js';
import { decodeEvent, encodeEvent } from '../../src/domain/events/codec.js';
import { namesReadUnchanged, storedNameOf } from '../../src/domain/events/versions.js';
import { rateFields, rateNames } from '../../src/domain/pricing/price.js';
import { usageCounts, usageFrom } from '../../src/domain/pricing/usage.js';
import { readStoredCharge, type StoredCharge } from '../../src/domain/usage/stored-charge.js';
import { decodeTold } from '../../src/projections/runtime/decode-event.js';
import { anEvent } from '../support/events.js';

const TYPE = 'consumption-recorded';
const STORED = storedNameOf(TYPE);
type Charge = EventOf<typeof TYPE>['data'];

const plain = (maxLength: number) =>
  fc.string({ minLength: 1, maxLength, unit: fc.constantFrom(...'abcXYZ019 -_.:/[]{}~!#') });
const ratio = fc.oneof(
  fc.constantFrom('0', '1', '0.075', '999999999.999999999'),
  fc.nat(999_999_999).map(String),
);
const quota = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 16n - 1n });
const count = fc.nat(999_999_999);
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const uuid = fc.uuid({ version: [4, 5, 7] });
const nullable = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const instant = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());

const optionalRatios = rateNames.filter((name) => rateFields[name] instanceof z.ZodOptional);

const usages = fc
  .record(Object.fromEntries(usageCounts.map((name) => [name, optional(count)])))
  .map((counts) => usageFrom(counts));

const part = fc.record({
  model: plain(200),
  model_ratio: ratio,
  completion_ratio: ratio,
  cache_ratio: ratio,
  cache_write_ratio: ratio,
  per_call_usd: nullable(ratio),
  group_ratio: ratio,
  usage: usages,
});

const charges: fc.Arbitrary<Charge> = fc
  .record({
    call_id: uuid,
    request_id: plain(200),
    account_id: uuid,
    user_id: fc.integer({ min: 1 }),
    token_id: fc.integer({ min: 1, max: 999_999_999_999_999 }),
    dialect: fc.constantFrom('openai' as const, 'anthropic' as const, 'gemini' as const),
    endpoint: plain(100),
    model: plain(200),
    streamed: fc.boolean(),
    started_at: instant,
    channel_id: plain(64),
    upstream_model: plain(200),
    upstream_request_id: nullable(plain(200)),
    price_version: fc.nat(),
    model_ratio: ratio,
    completion_ratio: ratio,
    cache_ratio: ratio,
    cache_write_ratio: ratio,
    per_call_usd: nullable(ratio),
    group: plain(64),
    group_ratio: ratio,
    service_tier: optional(plain(40)),
    user_group: optional(plain(64)),
    tier_above_prompt_tokens: optional(fc.integer({ min: 1 })),
    image_size: optional(plain(40)),
    image_quality: optional(plain(40)),
    usage: usages,
    exact_quota: ratio,
    rounding: fc.constantFrom('none', 'half-away-from-zero', 'minimum-of-one', 'free'),
    quota,
    hold_quota: quota,
    overshoot_quota: quota,
    basis: fc.constantFrom('reported', 'counted', 'estimate'),
    parts: optional(fc.array(part, { maxLength: 3 })),
    doubt: optional(fc.record({ reason: plain(300), reported: plain(1_000) })),
    ended: fc.constantFrom('complete', 'client-closed', 'upstream-cut'),
    duration_ms: count,
    first_byte_ms: nullable(count),
    ratios: fc.record(Object.fromEntries(optionalRatios.map((name) => [name, optional(ratio)]))),
  })
  .map(({ ratios, ...rest }) => withoutAbsent({ ...rest, ...ratios }) as Charge);

const withoutAbsent = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const stored = (data: Charge): string => JSON.stringify(encodeEvent({ type: TYPE, data }).data);

const golden = (name: string): string =>
  JSON.stringify(JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), 'utf8')));

function whatTheSchemaSays(text: string, name: string = STORED): StoredCharge {
  const charge = decodeEvent(name, JSON.parse(text)).data as Charge;
  const { call_id, request_id, account_id, token_id, model, usage, quota, doubt, ended } = charge;
  const { channel_id, group, duration_ms, started_at } = charge;
  const { prompt_tokens, completion_tokens } = usage;
  return {
    call_id,
    request_id,
    account_id,
    token_id,
    model,
    started_at,
    quota,
    usage: { prompt_tokens, completion_tokens },
    ended,
    channel_id,
    group,
    duration_ms,
    ...(doubt && { doubt }),
  };
}

describe('a stored charge that is read without parsing it', () => {
  it('is what the schema says, for every charge in plain characters', () => {
    fc.assert(
      fc.property(charges, (charge) => {
        const text = stored(charge);
        // A leap day is the schema's to judge.
        fc.pre(!charge.started_at.includes('-02-29T'));
        expect(readStoredCharge(text)).toEqual(whatTheSchemaSays(text));
      }),
      { numRuns: 500 },
    );
  });

  it('is left to the schema or agrees with it, whatever has happened to the text', () => {
    const pieces = fc.oneof(
      fc.constantFrom('', '"', ',', '{', '}', '\\', '-', '0', '00', '.', 'null', ':', '\n', 'é', '\u0000'),
      fc.constantFrom(
        '"quota":"5",',
        '"model":"x",',
        ',"extra":1',
        '[',
        '1e3',
        '"',
        ' ',
        'A',
        'g',
        '9999999999',
      ),
    );
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      gone: fc.nat(12),
      piece: pieces,
    });
    fc.assert(
      fc.property(charges, fc.array(edit, { minLength: 1, maxLength: 3 }), (charge, edits) => {
        let text = stored(charge);
        for (const { at, gone, piece } of edits) {
          const from = Math.floor(at * text.length);
          text = text.slice(0, from) + piece + text.slice(from + gone);
        }
        const found = readStoredCharge(text);
        if (found) expect(found).toEqual(whatTheSchemaSays(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['an amount that is none', { quota: '12.5' }],
    ['an account that is none', { account_id: 'nobody' }],
    ['a date that no year has', { started_at: '2026-02-30T00:00:00.000Z' }],
    ['a negative count', { usage: { prompt_tokens: -1, completion_tokens: 0 } }],
    ['a field of no meaning', { quota: 12 }],
    ['a word that is not known', { basis: 'guessed' }],
  ])('is not read from %s', (_what, change) => {
    const text = JSON.stringify({ ...(JSON.parse(stored(theCharge())) as object), ...change });
    expect(readStoredCharge(text)).toBeUndefined();
    expect(() => decodeEvent(STORED, JSON.parse(text))).toThrow(TYPE);
  });

  it('is left to the schema where it is written otherwise', () => {
    const text = stored(theCharge());
    expect(readStoredCharge(text)).toBeDefined();
    expect(readStoredCharge(` ${text}`)).toBeUndefined();
    expect(readStoredCharge(stored({ ...theCharge(), model: 'größe' }))).toBeUndefined();
    expect(readStoredCharge(stored({ ...theCharge(), model: 'a"b' }))).toBeUndefined();
  });

  it.each([...namesReadUnchanged(TYPE)])('is found in the golden %s', (name) => {
    const text = golden(name);
    expect(readStoredCharge(text)).toBeDefined();
    expect(readStoredCharge(text)).toEqual(whatTheSchemaSays(text, name));
  });

  it.each([...namesReadUnchanged(TYPE)])('is all that projectors read of a %s in the log', (type) => {
    const dataText = golden(type);
    const place = { id: 'x', stream: 'usage-x', revision: 0n, position: 0n, recordedAt: new Date(0) };
    const data = JSON.parse(dataText) as Record<string, unknown>;
    const told = decodeTold({ ...place, type, data, dataText, metadata: {} });
    expect(told).toEqual({ type: TYPE, data: whatTheSchemaSays(dataText, type) });
  });

  it('has a golden file in force in which no field is absent', () => {
    const whole = JSON.parse(golden(STORED)) as { readonly usage: object };
    expect(Object.keys(whole)).toEqual(Object.keys(catalogue[TYPE].shape));
    expect(Object.keys(whole.usage)).toEqual(usageCounts);
  });

  it('knows every field of the schema', () => {
    const shape = Object.keys(catalogue[TYPE].shape);
    const all = { ...theCharge(), ...Object.fromEntries(optionalRatios.map((name) => [name, '1'])) };
    const whole: Charge = {
      ...all,
      upstream_dialect: 'anthropic',
      losses: ['thinking'],
      service_tier: 'x',
      user_group: 'x',
      tier_above_prompt_tokens: 1,
      image_size: 'x',
      image_quality: 'x',
      parts: [],
      doubt: { reason: 'x', reported: 'x' },
    };
    expect(Object.keys(JSON.parse(stored(whole)) as object)).toEqual(shape);
    expect(readStoredCharge(stored(whole))).toBeDefined();
  });
});

const theCharge = (): Charge => anEvent(TYPE).data;

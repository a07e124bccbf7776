import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { quotaField } from '../../src/domain/stored/fields.js';
import { storedForm } from '../../src/domain/stored/stored-form.js';

const formOf = (shape: z.ZodRawShape, answered: readonly string[] = []) =>
  storedForm(z.object(shape), { answered, patterns: new Map() });
const first = { name: z.string().min(1).max(3) };

describe('the form of a stored object', () => {
  it('is its members in the order of the schema, and nothing else', () => {
    const form = formOf({ ...first, count: z.int().min(0), quota: quotaField.optional() });
    expect(form.test('{"name":"a","count":0,"quota":"-5"}')).toBe(true);
    expect(form.test('{"name":"a","count":0}')).toBe(true);
    expect(form.test('{"count":0,"name":"a"}')).toBe(false);
    expect(form.test('{"name":"a","count":0,"more":1}')).toBe(false);
    expect(form.test('{"name":"a", "count":0}')).toBe(false);
  });

  it('answers what is asked for', () => {
    const shape = { ...first, inner: z.object({ count: z.int().min(0) }), quota: quotaField };
    const form = formOf(shape, ['name', 'inner.count', 'quota']);
    expect(form.exec('{"name":"a","inner":{"count":12},"quota":"5"}')?.slice(1)).toEqual(['a', '12', '5']);
  });

  it.each([
    ['whole numbers', z.int().min(0).max(999), ['0', '999'], ['-1', '1000', '01', '1.0', '1e2', '"1"']],
    ['numbers whose bound is within their digits', z.int().min(1).max(1_000), ['1', '999'], ['0', '1001']],
    ['text', z.string().min(1).max(3), ['"abc"'], ['""', '"abcd"', '"\\n"', '"é"', 'abc']],
    ['words', z.enum(['one', 'two']), ['"one"'], ['"three"', '"on"', '"one "']],
    ['truth', z.boolean(), ['true', 'false'], ['"true"', '1']],
    [
      'a list',
      z.array(z.boolean()),
      ['[]', '[true]', '[true,false]'],
      ['[1]', '[true,]', '[,]', 'true', '[', '[true'],
    ],
    ['what may be null', z.int().min(0).nullable(), ['null', '1'], ['"null"', '-1']],
  ])('takes of %s only what the schema takes', (_what, schema, right, wrong) => {
    const form = formOf({ field: schema });
    for (const value of right) expect([value, form.test(`{"field":${value}}`)]).toEqual([value, true]);
    for (const value of wrong) expect([value, form.test(`{"field":${value}}`)]).toEqual([value, false]);
  });

  it.each([
    ['text by an expression', z.string().regex(/x/)],
    ['text that is refined', z.string().refine((text) => text !== 'x')],
    ['a number that is not whole', z.number()],
    ['a number that may be negative', z.int()],
    ['a number with a step', z.int().min(0).multipleOf(5)],
    ['a list of a length', z.array(z.boolean()).max(3)],
    ['a list of such a kind', z.array(z.iso.date())],
    ['a date', z.iso.date()],
    ['words that are no plain words', z.enum(['a|b'])],
    ['an object that is refined', z.object({ a: z.boolean() }).refine(({ a }) => a)],
  ])('refuses a field of a kind without a pattern: %s', (_what, schema) => {
    expect(() => formOf({ ...first, fresh: schema })).toThrow(/^fresh/);
    expect(() => formOf({ ...first, fresh: schema.optional() })).toThrow(/^fresh/);
  });

  it('refuses to answer a member that may be absent, is not there, or stands elsewhere', () => {
    const shape = { ...first, maybe: z.boolean().optional(), last: z.boolean() };
    expect(() => formOf(shape, ['maybe'])).toThrow(/may be absent/);
    expect(() => formOf(shape, ['nobody'])).toThrow(/nobody/);
    expect(() => formOf(shape, ['last', 'name'])).toThrow(/in order/);
    expect(() => formOf({ maybe: z.boolean().optional() })).toThrow(/may be absent/);
  });
});

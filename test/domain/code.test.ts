import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeOf, readCode } from '../../src/domain/code/code-text.js';
import { type CodeCommand, codeBatchDecider, grantEnd, redeemable } from '../../src/domain/code/decide.js';
import type { CodeBatchState, CodeEvent } from '../../src/domain/code/state.js';
import { specification } from '../support/decider-specification.js';
import { anEvent, CODE_HASH } from '../support/events.js';

const made = anEvent('code-batch-made');
const filled = anEvent('code-batch-filled');
const { reason, by } = anEvent('code-voided').data;

describe('a batch of codes', () => {
  const { given } = specification<CodeBatchState, CodeCommand, CodeEvent>(codeBatchDecider);
  const make = (terms: Partial<typeof made.data> = {}) =>
    ({ type: 'make', terms: { ...made.data, ...terms } }) as const;
  const fill = { type: 'fill', hashes: filled.data.hashes } as const;
  const voidCode = { type: 'void-code', codeHash: CODE_HASH, reason, by } as const;
  const voidBatch = { type: 'void-batch', reason: 'the list got lost', by } as const;

  it('is made once a reference, of something', () => {
    given().when(make()).then(made);
    given(made)
      .when(make({ by: 'operator:bob' }))
      .thenReplayed();
    given()
      .when(make({ quota: 0n }))
      .thenRefused({ code: 'amount_invalid', field: 'quota' });
    for (const [field, value] of [
      ['name', 'another'],
      ['codes', 3],
      ['quota', 1n],
      ['ends_at', '2027-04-30T16:00:00.000Z'],
      ['grant_days', null],
    ] as const)
      given(made)
        .when(make({ [field]: value }))
        .thenRefused({ code: 'code_batch_conflict', field });
  });

  it('is filled with the codes that it has, and no others', () => {
    given(made).when(fill).then(filled);
    given(made, filled).when(fill).thenReplayed();
    given().when(fill).thenRefused({ code: 'code_batch_not_found' });
    const more = { type: 'fill', hashes: ['aaaa'.repeat(16)] } as const;
    expect(() => given(made, filled).when(more)).toThrow('with other codes than it has');
  });

  it('is voided code by code, or as a whole', () => {
    given(made, filled).when(voidCode).then(anEvent('code-voided'));
    given(made, filled, anEvent('code-voided')).when(voidCode).thenReplayed();
    given(made, filled).when(voidBatch).then(anEvent('code-batch-voided'));
    given(made, filled, anEvent('code-batch-voided')).when(voidBatch).thenReplayed();
    given(made, filled, anEvent('code-batch-voided')).when(voidCode).thenReplayed();
    given(made).when(voidCode).thenRefused({ code: 'code_unknown' });
    given().when(voidBatch).thenRefused({ code: 'code_batch_not_found' });
  });

  it('is worth something until its end, unless it was voided', () => {
    const terms = { ends_at: '2027-03-31T16:00:00.000Z' };
    const [before, at] = [new Date('2027-03-31T15:59:59.999Z'), new Date(terms.ends_at)];
    expect(redeemable({ terms, isVoided: false }, before)).toBeUndefined();
    expect(redeemable({ terms, isVoided: false }, at)).toEqual({ code: 'code_over' });
    expect(redeemable({ terms, isVoided: true }, before)).toEqual({ code: 'code_void' });
    expect(grantEnd({ grant_days: 2 }, at)).toEqual(new Date('2027-04-02T16:00:00Z'));
    expect(grantEnd({ grant_days: null }, at)).toBeUndefined();
  });
});

describe('the text of a code', () => {
  const bytes = fc.uint8Array({ minLength: 17, maxLength: 17 });

  it('has 26 letters of Crockford, and is read as it was made however it is typed', () => {
    fc.assert(
      fc.property(bytes, (made) => {
        const code = codeOf(made);
        expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
        const typed = code.toLowerCase().replaceAll('1', 'l').replaceAll('0', 'o');
        expect(readCode(` ${typed.match(/.{1,5}/g)?.join('-')} `)).toBe(code);
      }),
    );
  });

  it('keeps 130 bits: each of them makes another code', () => {
    const codes = Array.from({ length: 130 }, (_, bit) => {
      const made = new Uint8Array(17);
      made[bit >> 3] = 0x80 >> (bit & 7);
      return codeOf(made);
    });
    expect(new Set([...codes, codeOf(new Uint8Array(17))]).size).toBe(131);
  });

  it.each(['', '3FJ7K2M9QXV4T8ZR5NDCB6HW1', '3FJ7K2M9QXV4T8ZR5NDCB6HW1AA', '3FJ7K2M9QXV4T8ZR5NDCB6HW1U'])(
    'is nothing else: %p',
    (typed) => expect(readCode(typed)).toBeUndefined(),
  );
});

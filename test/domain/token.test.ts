import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  formatAccessKey,
  isAccessKey,
  isCarriedAccessKey,
  maskAccessKey,
} from '../../src/domain/token/access-key.js';
import { tokenDecider, type TokenChanges, type TokenCommand } from '../../src/domain/token/decide.js';
import { specification } from '../support/decider-specification.js';
import { ACCOUNT_ID, anEvent } from '../support/events.js';

const { given } = specification(tokenDecider);
const by = 'service-key:test';
const accountId = ACCOUNT_ID;
const issued = anEvent('token-issued');
const revoked = anEvent('token-revoked');
const { limits } = issued.data;
const change = (changes: TokenChanges): TokenCommand => ({ type: 'change', accountId, changes, by });

describe('a token', () => {
  it('is issued once', () => {
    given().when({ type: 'issue', token: issued.data }).then(issued);
  });

  it('changes only in what differs', () => {
    given(issued)
      .when(change({ tokenName: 'Renamed', enabled: false, limits: { quota_limit: 500n } }))
      .then(
        anEvent('token-renamed'),
        anEvent('token-limits-changed', { limits: { ...limits, quota_limit: 500n } }),
        anEvent('token-disabled'),
      );
    given(issued)
      .when(change({ tokenName: 'My API Token', enabled: true, limits: { ...limits } }))
      .thenNothing();
    given(issued)
      .when(change({ enabled: false, reason: 'leaked' }))
      .then(anEvent('token-disabled', { reason: 'leaked' }));
    given(issued, anEvent('token-disabled'))
      .when(change({ enabled: true }))
      .then(anEvent('token-enabled'));
  });

  it('takes an end asked for a little later for the same end', () => {
    const { expires_at } = limits as { expires_at: number };
    given(issued)
      .when(change({ limits: { expires_at: expires_at + 3599 } }))
      .thenNothing();
    given(issued)
      .when(change({ limits: { expires_at: expires_at + 3600 } }))
      .then(anEvent('token-limits-changed', { limits: { ...limits, expires_at: expires_at + 3600 } }));
    given(issued)
      .when(change({ limits: { expires_at: null } }))
      .then(anEvent('token-limits-changed', { limits: { ...limits, expires_at: null } }));
  });

  it('gets another key, once for each key', () => {
    const key = { keyHash: 'b'.repeat(64), keyMask: 'sk-b...bbbb' };
    given(issued).when({ type: 'rotate', accountId, key, by }).then(anEvent('token-rotated'));
    given(issued, anEvent('token-rotated')).when({ type: 'rotate', accountId, key, by }).thenReplayed();
  });

  it('is not found by a stranger, before it is issued, or after it is revoked', () => {
    const notFound = { code: 'token_not_found' } as const;
    given(issued).when({ type: 'revoke', accountId, by }).then(revoked);
    given(issued)
      .when({ type: 'revoke', accountId, reason: 'leaked', by })
      .then(anEvent('token-revoked', { reason: 'leaked' }));
    given(issued, revoked).when({ type: 'revoke', accountId, by }).thenRefused(notFound);
    given(issued, revoked)
      .when(change({ enabled: false }))
      .thenRefused(notFound);
    given(issued).when({ type: 'revoke', accountId: 'another', by }).thenRefused(notFound);
    given().when({ type: 'revoke', accountId, by }).thenRefused(notFound);
  });
});

describe('an access key', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

  it('has one shape, and a checksum that tells a mistyped one', () => {
    fc.assert(
      fc.property(bytes, fc.nat({ max: 48 }), fc.constantFrom(...'0Zz9'), (random, index, other) => {
        const key = formatAccessKey(random);
        expect(key).toMatch(/^sk-[0-9A-Za-z]{49}$/);
        expect(isAccessKey(key)).toBe(true);
        const mistyped = key.slice(0, 3 + index) + other + key.slice(4 + index);
        expect(isAccessKey(mistyped)).toBe(mistyped === key);
      }),
    );
  });

  it('of New API is one too, and none of ours', () => {
    const carried = `sk-${'aZ09'.repeat(12)}`;
    expect([isAccessKey(carried), isCarriedAccessKey(carried)]).toEqual([true, true]);
    const ours = formatAccessKey(new Uint8Array(32));
    expect(isCarriedAccessKey(ours)).toBe(false);
    for (const text of [`${carried}0`, carried.slice(0, -1), carried.replace('09', '-_'), `${carried}\n`])
      expect([isAccessKey(text), isCarriedAccessKey(text)]).toEqual([false, false]);
  });

  it('differs where its bytes differ', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(formatAccessKey(a) === formatAccessKey(b)).toBe(Buffer.from(a).equals(Buffer.from(b)));
      }),
    );
  });

  it('shows eight characters of itself', () => {
    expect(maskAccessKey('sk-abcdefghijklmnop')).toBe('sk-abcd...mnop');
    expect(isAccessKey('sk-short')).toBe(false);
    expect(() => formatAccessKey(new Uint8Array(31))).toThrow(RangeError);
  });
});

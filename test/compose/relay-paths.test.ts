import { describe, expect, it } from '@jest/globals';
import { relayHandler } from '../../src/compose/raw-handlers.js';

const relay = relayHandler({ handle: () => Promise.resolve() } as never, () => undefined);
const asks = (path: string, method: string, authorization?: string) =>
  relay.takes(path, { method, headers: authorization === undefined ? {} : { authorization } });
const TOKEN = `eyJ${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(43)}`;

describe('what the relay takes of a path that it shares with people', () => {
  it('is what is asked with an access key', () => {
    expect(asks('/api/user/self', 'GET', `Bearer sk-${'a'.repeat(48)}`)).toBe(true);
    expect(asks('/api/user/self', 'GET', `sk-${'a'.repeat(48)}`)).toBe(true);
  });

  it.each([
    ['a cookie alone', 'GET', undefined],
    ['a token of a sign-in', 'GET', `Bearer ${TOKEN}`],
    ['a change, whatever it is asked with', 'PATCH', `Bearer sk-${'a'.repeat(48)}`],
    ['a deletion', 'DELETE', undefined],
  ])('and not %s', (_, method, authorization) => {
    expect(asks('/api/user/self', method, authorization)).toBe(false);
  });

  it('and all of a path of its own', () => {
    expect(asks('/api/usage/token', 'GET')).toBe(true);
  });
});

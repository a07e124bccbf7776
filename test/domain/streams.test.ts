import { describe, expect, it } from '@jest/globals';
import * as streams from '../../src/domain/streams.js';

const { isOwnStream, OWN_PREFIXES, OWN_STREAMS, ...named } = streams;

/** A name from each that is exported there, whatever it is made of. */
const nameOf = (maker: unknown): string => {
  if (typeof maker !== 'function') return String(maker);
  const call = { account_id: 'a', call_id: 'c', started_at: '2026-11-28T00:00:00Z' };
  const make = maker as (...parts: unknown[]) => string;
  return make.name === 'usageStream' ? make(call) : make('one', 'two');
};

describe('names of streams', () => {
  it.each(Object.entries(named).map(([name, maker]) => [name, nameOf(maker)]))(
    '%s makes one of ours',
    (_name, stream) => {
      expect(isOwnStream(stream)).toBe(true);
    },
  );

  it.each(['orders-1', 'account', 'ledger-2', 'pricelists', '$$account-1', '$ce-account', 'Account-1', ''])(
    '%p is none of ours',
    (stream) => {
      expect(isOwnStream(stream)).toBe(false);
    },
  );

  it('has nothing in its lists that no name is made of', () => {
    const made = Object.values(named).map(nameOf);
    for (const prefix of OWN_PREFIXES) expect(made.some((name) => name.startsWith(prefix))).toBe(true);
    for (const name of OWN_STREAMS) expect(made).toContain(name);
  });
});

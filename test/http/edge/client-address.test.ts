import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clientAddress } from '../../../src/http/edge/client-address.js';
import { addressRanges } from '../../../src/support/address-ranges.js';

const isProxy = addressRanges(['10.0.0.0/8', '2001:db8:aaaa::/48']);
const of = (peer: string, headers: Record<string, string>) => clientAddress(peer, headers, isProxy);

describe('who calls', () => {
  it.each([
    [
      'a stranger is who is connected, whatever it says',
      '203.0.113.9',
      { 'x-forwarded-for': '1.2.3.4' },
      '203.0.113.9',
    ],
    ['nor is a stranger’s Forwarded believed', '203.0.113.9', { forwarded: 'for=1.2.3.4' }, '203.0.113.9'],
    ['a proxy says it', '10.0.0.1', { 'x-forwarded-for': '203.0.113.9' }, '203.0.113.9'],
    [
      'what the client wrote before that does not count',
      '10.0.0.1',
      { 'x-forwarded-for': '1.2.3.4, 203.0.113.9' },
      '203.0.113.9',
    ],
    [
      'several proxies, one after the other',
      '10.0.0.1',
      { 'x-forwarded-for': '1.2.3.4, 203.0.113.9, 10.9.9.9' },
      '203.0.113.9',
    ],
    ['a proxy that asks for itself', '10.0.0.1', {}, '10.0.0.1'],
    ['one of ours behind another', '10.0.0.1', { 'x-forwarded-for': '10.0.0.7, 10.0.0.2' }, '10.0.0.7'],
    ['with a port', '10.0.0.1', { 'x-forwarded-for': '203.0.113.9:4711' }, '203.0.113.9'],
    ['IPv6 with a port', '10.0.0.1', { 'x-forwarded-for': '[2001:db8::7]:4711' }, '2001:db8::7'],
    [
      'an IPv4 peer written as IPv6',
      '::ffff:10.0.0.1',
      { 'x-forwarded-for': '::ffff:203.0.113.9' },
      '203.0.113.9',
    ],
    [
      'Forwarded',
      '10.0.0.1',
      { forwarded: 'for=1.2.3.4;proto=http, by=10.0.0.1;For="[2001:db8::7]:80"' },
      '2001:db8::7',
    ],
    [
      'both, when they agree',
      '10.0.0.1',
      { forwarded: 'for=203.0.113.9', 'x-forwarded-for': '203.0.113.9' },
      '203.0.113.9',
    ],
    [
      'nobody, when they do not',
      '10.0.0.1',
      { forwarded: 'for=1.2.3.4', 'x-forwarded-for': '203.0.113.9' },
      undefined,
    ],
    [
      'nobody, where the proxy does not know',
      '10.0.0.1',
      { forwarded: 'for=1.2.3.4, for=unknown' },
      undefined,
    ],
    ['nobody, where it is no address', '10.0.0.1', { 'x-forwarded-for': '1.2.3.4, 0x7f.1' }, undefined],
  ])('%s', (_, peer, headers, address) => {
    expect(of(peer, headers)).toBe(address);
  });

  it('is not to be chosen by what a client writes before the proxy does', () => {
    const said = fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), { maxLength: 5 });
    fc.assert(
      fc.property(said, (claims) => {
        const header = [...claims, '203.0.113.9'].join(', ');
        expect(of('10.0.0.1', { 'x-forwarded-for': header })).toBe('203.0.113.9');
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { isStripeSigned, stripeSignature } from '../../src/providers/stripe/signature.js';

const SECRET = 'whsec_test_vector_1';
const BODY = Buffer.from('{"id":"evt_1","object":"event"}');
const AT = new Date(1_795_219_200_000);
const MAC = '63b9484258461d64413b2853dea4f7bed433271ec9cb1bbb5146d63556862a8c';
const HEADER = `t=1795219200,v1=${MAC}`;
const later = (seconds: number) => new Date(AT.getTime() + seconds * 1_000);

describe('signatures of Stripe', () => {
  it('are as documented: HMAC-SHA256 of time, dot and the bytes', () => {
    expect(stripeSignature(SECRET, BODY, 1_795_219_200)).toBe(HEADER);
    expect(isStripeSigned(SECRET, BODY, HEADER, AT)).toBe(true);
  });

  it('may be several, while a secret is rolled, and of other schemes', () => {
    expect(isStripeSigned(SECRET, BODY, `t=1795219200,v1=${'0'.repeat(64)},v0=x,v1=${MAC}`, AT)).toBe(true);
  });

  it.each([
    ['another secret', 'whsec_other', BODY, HEADER, AT],
    ['no secret', '', BODY, HEADER, AT],
    ['an altered byte', SECRET, Buffer.from('{"id":"evt_2","object":"event"}'), HEADER, AT],
    ['written out again', SECRET, Buffer.from('{ "id":"evt_1","object":"event"}'), HEADER, AT],
    ['too old', SECRET, BODY, HEADER, later(301)],
    ['of the future', SECRET, BODY, HEADER, later(-301)],
    ['another time', SECRET, BODY, HEADER.replace('1795219200', '1795219201'), AT],
    ['another scheme', SECRET, BODY, HEADER.replace('v1', 'v0'), AT],
    ['no header', SECRET, BODY, undefined, AT],
    ['nothing', SECRET, BODY, '', AT],
  ])('are none: %s', (_, secret, body, header, now) => {
    expect(isStripeSigned(secret, body, header, now)).toBe(false);
  });

  it('are good for five minutes, either way', () => {
    expect(isStripeSigned(SECRET, BODY, HEADER, later(300))).toBe(true);
    expect(isStripeSigned(SECRET, BODY, HEADER, later(-300))).toBe(true);
  });
});

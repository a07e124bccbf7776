import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { holdsSecret } from '../../../src/relay/upstreams/secret-forms.js';

const percent = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`);
const codes = (text: string, before: string, after = '') =>
  [...text].map((sign) => before + sign.charCodeAt(0).toString(16).padStart(4, '0') + after).join('');

const encodings: Record<string, (secret: string) => string> = {
  itself: (secret) => secret,
  'JSON escapes': (secret) => codes(secret, '\\u'),
  'a JSON string within a JSON string': (secret) => JSON.stringify(JSON.stringify(secret)).slice(1, -1),
  'percent signs': (secret) => percent(secret).join(''),
  'capital percent signs': (secret) => percent(secret).join('').toUpperCase(),
  'an address': encodeURIComponent,
  'HTML entities': (secret) => codes(secret, '&#x', ';'),
  hex: (secret) => Buffer.from(secret).toString('hex'),
  'capital hex': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
  'hex with colons': (secret) => (Buffer.from(secret).toString('hex').match(/../g) ?? []).join(':'),
  base64: (secret) => Buffer.from(secret).toString('base64'),
  base64url: (secret) => Buffer.from(secret).toString('base64url'),
  'base64 of a header': (secret) => Buffer.from(`Bearer ${secret}`).toString('base64'),
  'base64 of a login': (secret) => Buffer.from(`me:${secret}`).toString('base64'),
  'base64 of JSON': (secret) => Buffer.from(JSON.stringify({ key: secret, more: 1 })).toString('base64'),
};

/** Printable ASCII without what JSON must escape, as keys are. */
const secrets = fc.stringMatching(/^[A-Za-z0-9._\-/+:~$]{16,80}$/);
const around = fc.string({ maxLength: 40 }).filter((text) => !/[\\%&]$/.test(text));

describe('a secret is found', () => {
  it.each(Object.entries(encodings))('as %s, wherever it stands', (_, encode) => {
    fc.assert(
      fc.property(secrets, around, around, (secret, before, after) =>
        holdsSecret(`${before} "${encode(secret)}" ${after}`, secret),
      ),
    );
  });
});

it('a text without it is left alone', () => {
  fc.assert(
    fc.property(secrets, fc.string({ maxLength: 300 }), (secret, text) => !holdsSecret(text, secret)),
  );
});

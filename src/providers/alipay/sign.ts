import { type KeyObject, sign, verify } from 'node:crypto';
import { type Fields, isUnambiguous, signedFields } from '../asking/signed-fields.js';

// Read on 2026-11-30 in Alipay's own alipay-sdk-nodejs-all (e167639): `sign` and `notifyRSACheck`. A notification of Alipay's that its tests have verifies
// with `isNotifiedBy`, and does not with another amount.

/** Of a request everything else is signed, its `sign_type` too. */
const UNSIGNED_ASKED = new Set(['sign']);
const UNSIGNED_NOTIFIED = new Set(['sign', 'sign_type']);

/** RSA2: SHA256withRSA, as base64. */
export const signedRequest = (fields: Fields, own: KeyObject): Fields => ({
  ...fields,
  sign: sign('RSA-SHA256', Buffer.from(signedFields(fields, UNSIGNED_ASKED)), own).toString('base64'),
});

export const notifiedText = (fields: Fields): string => signedFields(fields, UNSIGNED_NOTIFIED);

export const isNotifiedBy = (fields: Fields, alipay: KeyObject): boolean =>
  fields['sign_type'] === 'RSA2' &&
  isUnambiguous(fields, UNSIGNED_NOTIFIED) &&
  isSigned(notifiedText(fields), fields['sign'], alipay);

export const isSigned = (text: string, signature: string | undefined, alipay: KeyObject): boolean =>
  verify('RSA-SHA256', Buffer.from(text), alipay, Buffer.from(signature ?? '', 'base64'));

/** The text of a member of an answer, as it came: that is what its signature is of. Undefined where there is none. */
export function memberText(answer: string, name: string): string | undefined {
  const before = answer.indexOf(`"${name}":`);
  const from = answer.indexOf('{', before);
  if (before < 0 || from < 0) return undefined;
  let depth = 0;
  let isQuoted = false;
  for (let at = from; at < answer.length; at++) {
    const letter = answer[at];
    if (isQuoted) {
      if (letter === '\\') at++;
      else if (letter === '"') isQuoted = false;
    } else if (letter === '"') isQuoted = true;
    else if (letter === '{') depth++;
    else if (letter === '}' && --depth === 0) return answer.slice(from, at + 1);
  }
  return undefined;
}

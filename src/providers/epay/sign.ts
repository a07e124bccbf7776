import { createHash, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto';
import { type Fields, isUnambiguous, signedFields } from '../asking/signed-fields.js';

export type EpayFields = Fields;

const UNSIGNED = new Set(['sign', 'sign_type']);

export const signedText = (fields: EpayFields): string => signedFields(fields, UNSIGNED);

/** How one version signs, and knows what the provider signed. */
export interface EpaySigner {
  readonly type: 'MD5' | 'RSA';
  sign(fields: EpayFields): string;
  isSigned(fields: EpayFields): boolean;
}

export function md5Signer(key: string): EpaySigner {
  const signature = (fields: EpayFields): string =>
    createHash('md5')
      .update(signedText(fields) + key)
      .digest('hex');
  return {
    type: 'MD5',
    sign: signature,
    isSigned: (fields) => {
      const said = (fields['sign'] ?? '').toLowerCase();
      const [one, other] = [Buffer.from(said), Buffer.from(signature(fields))];
      return isUnambiguous(fields, UNSIGNED) && one.length === other.length && timingSafeEqual(one, other);
    },
  };
}

export function rsaSigner(own: KeyObject, platform: KeyObject): EpaySigner {
  return {
    type: 'RSA',
    sign: (fields) => sign('RSA-SHA256', Buffer.from(signedText(fields)), own).toString('base64'),
    isSigned: (fields) =>
      isUnambiguous(fields, UNSIGNED) &&
      verify(
        'RSA-SHA256',
        Buffer.from(signedText(fields)),
        platform,
        Buffer.from(fields['sign'] ?? '', 'base64'),
      ),
  };
}

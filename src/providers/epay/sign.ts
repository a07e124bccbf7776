import { createHash, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto';

export type EpayFields = Readonly<Record<string, string>>;

const UNSIGNED = new Set(['sign', 'sign_type']);

/**
 * What is signed: `name=value` in the order of names, without what is empty. It is not escaped, so that `{a: "1&b=2"}` and `{a: "1", b: "2"}`
 * sign alike: fields with `&` are never sent and never believed.
 */
export function signedText(fields: EpayFields): string {
  return Object.entries(fields)
    .filter(([name, value]) => value !== '' && !UNSIGNED.has(name))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

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
      return isUnambiguous(fields) && one.length === other.length && timingSafeEqual(one, other);
    },
  };
}

export function rsaSigner(own: KeyObject, platform: KeyObject): EpaySigner {
  return {
    type: 'RSA',
    sign: (fields) => sign('RSA-SHA256', Buffer.from(signedText(fields)), own).toString('base64'),
    isSigned: (fields) =>
      isUnambiguous(fields) &&
      verify(
        'RSA-SHA256',
        Buffer.from(signedText(fields)),
        platform,
        Buffer.from(fields['sign'] ?? '', 'base64'),
      ),
  };
}

const isUnambiguous = (fields: EpayFields): boolean =>
  Object.entries(fields).every(
    ([name, value]) => /^\w+$/.test(name) && (UNSIGNED.has(name) || !value.includes('&')),
  );

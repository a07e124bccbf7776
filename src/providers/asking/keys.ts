import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

const bare = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'base64');

/** A key as consoles give it: PEM, or the base64 of PKCS#8 or PKCS#1 alone. @throws Error for anything else */
export function privateKeyOf(text: string): KeyObject {
  if (text.includes('-----BEGIN')) return createPrivateKey(text);
  try {
    return createPrivateKey({ key: bare(text), format: 'der', type: 'pkcs8' });
  } catch {
    return createPrivateKey({ key: bare(text), format: 'der', type: 'pkcs1' });
  }
}

/** As `privateKeyOf`. */
export function publicKeyOf(text: string): KeyObject {
  return text.includes('-----BEGIN')
    ? createPublicKey(text)
    : createPublicKey({ key: bare(text), format: 'der', type: 'spki' });
}

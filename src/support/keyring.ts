import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Sealed } from '../domain/stored/fields.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A box does not open: another key, another purpose, or somebody changed it. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';
}

/** AES-256-GCM. @returns nonce, ciphertext and tag in one. `purpose` is bound to the box and must be given again to open it. */
export function sealBytes(key: Uint8Array, plain: Uint8Array, purpose: string): Buffer {
  return sealWith(key, randomBytes(NONCE_BYTES), plain, purpose);
}

function sealWith(key: Uint8Array, nonce: Buffer, plain: Uint8Array, purpose: string): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/**
 * As sealBytes, with a nonce that is made of the text itself: the same text under the same key is the same box. Who sees two boxes learns
 * whether they hold the same, and nothing else.
 */
export function sealAlike(key: Uint8Array, plain: Uint8Array, purpose: string): Buffer {
  const nonce = createHmac('sha256', key)
    .update(`${purpose}\0`)
    .update(plain)
    .digest()
    .subarray(0, NONCE_BYTES);
  return sealWith(key, nonce, plain, purpose);
}

/** A key for one use, made of another. */
export const keyFor = (key: Uint8Array, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', `counterfoil ${use}`, KEY_BYTES));

/** @throws CannotOpen */
export function openBytes(key: Uint8Array, box: Uint8Array, purpose: string): Buffer {
  if (box.length < NONCE_BYTES + TAG_BYTES) throw new CannotOpen('the box is too short');
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(purpose)).setAuthTag(box.subarray(box.length - TAG_BYTES));
  try {
    const plain = decipher.update(box.subarray(NONCE_BYTES, box.length - TAG_BYTES));
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    throw new CannotOpen(`a box for ${purpose} does not open with this key`);
  }
}

/** What is made of the ledger's one master key: keyed hashes that find things without storing them, and boxes for secrets at rest. */
export interface Keyring {
  /** Tells one master key from another and says nothing about it. 16 hex digits. */
  readonly fingerprint: string;
  /** 64 hex digits: what an access key is stored and found by. */
  hashAccessKey(key: string): string;
  /** 64 hex digits: what a service key is stored and found by. */
  hashServiceKey(key: string): string;
  /** 64 hex digits: what attempts to log in are counted under, without the name or the address. */
  hashLoginSubject(subject: string): string;
  /** 64 hex digits: what a cookie, a link or a code is found by. `kind`: what it opens. */
  hashSecret(kind: string, secret: string): string;
  /** Signs the tokens of operators. */
  readonly operatorTokenKey: Uint8Array;
  /** Signs the tokens of the people of accounts. */
  readonly userTokenKey: Uint8Array;
  /** What the ledger's transparency log hides of its events under: for ever, whatever the master key becomes. */
  readonly transparencyKey: Uint8Array;
  /** Seals what a backup says of itself. */
  readonly backupSealKey: Uint8Array;
  /** Seals events. */
  readonly eventSealKey: Uint8Array;
  /** 64 hex digits: names the stream that claims a value, without the value. */
  hashClaim(kind: string, value: string): string;
  /** 8 hex digits: tells one secret from another where they are listed, and says nothing about them. */
  fingerprintOf(secret: string): string;
  /** Seals a text under the master key; `purpose` must be given again to open it. */
  seal(text: string, purpose: string): Sealed;
  /** @throws CannotOpen */
  open(sealed: Sealed, purpose: string): string;
  /** Wraps a person's key. */
  wrapKey(key: Uint8Array, keyId: string): Buffer;
  /** @throws CannotOpen */
  unwrapKey(wrapped: Uint8Array, keyId: string): Buffer;
}

const MASTER_KEY_ID = 'master';

/** The purpose under which a channel's upstream key is sealed. */
export const CHANNEL_KEY_PURPOSE = 'channel-api-key';
/** And what a provider sent. */
export const paymentInboxPurpose = (id: string): string => `payment-inbox:${id}`;
/** And the credentials of its proxy. */
export const CHANNEL_PROXY_PURPOSE = 'channel-proxy';

/**
 * @param masterKey 32 bytes: what is sealed, and the logins of operators, depend on it
 * @param nameKey what things are found by: keys, claims, fingerprints are named by hashes under it, for ever. The first master key, which a
 * rotation keeps, sealed under the one in force
 * @throws RangeError for any other length
 */
export function createKeyring(masterKey: Uint8Array, nameKey: Uint8Array = masterKey): Keyring {
  if (masterKey.length !== KEY_BYTES || nameKey.length !== KEY_BYTES)
    throw new RangeError(`the master key must have ${KEY_BYTES} bytes`);
  const subkey = (label: string): Buffer => keyFor(masterKey, label);
  const hash = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('hex');
  const [accessKeys, serviceKeys, claims, logins] = ['access-key', 'service-key', 'claim', 'login'].map(
    (label) => keyFor(nameKey, label),
  ) as [Buffer, Buffer, Buffer, Buffer];
  const secrets = keyFor(nameKey, 'secret');
  const fingerprints = keyFor(nameKey, 'fingerprints');
  const sealing = subkey('sealing');
  const wrapping = subkey('wrapping');
  return {
    fingerprint: subkey('fingerprint').toString('hex', 0, 8),
    hashAccessKey: (key) => hash(accessKeys, key),
    hashServiceKey: (key) => hash(serviceKeys, key),
    hashLoginSubject: (subject) => hash(logins, subject),
    hashSecret: (kind, secret) => hash(secrets, `${kind}\0${secret}`),
    operatorTokenKey: subkey('operator-token'),
    userTokenKey: subkey('user-token'),
    transparencyKey: keyFor(nameKey, 'transparency'),
    backupSealKey: subkey('backup-seal'),
    eventSealKey: subkey('event-seal'),
    hashClaim: (kind, value) => hash(claims, `${kind}\0${value}`),
    fingerprintOf: (secret) => hash(fingerprints, secret).slice(0, 8),
    seal: (text, purpose) => ({
      key_id: MASTER_KEY_ID,
      box: sealBytes(sealing, Buffer.from(text), purpose).toString('base64'),
    }),
    open: (sealed, purpose) => {
      if (sealed.key_id !== MASTER_KEY_ID) throw new CannotOpen('the box was not sealed with the master key');
      return openBytes(sealing, Buffer.from(sealed.box, 'base64'), purpose).toString();
    },
    wrapKey: (key, keyId) => sealBytes(wrapping, key, keyId),
    unwrapKey: (wrapped, keyId) => openBytes(wrapping, wrapped, keyId),
  };
}

import { hash } from 'node:crypto';
import { keyFor } from './keyring.js';

/** A secret that texts are sealed with. */
export interface SealKey {
  /** Tells one key from another and says nothing about it: 8 hex digits. */
  readonly id: string;
  readonly secret: Uint8Array;
  /** HMAC-SHA-256 of a text under the 64 hex digits of the secret, in base64url. */
  mac(text: string): string;
}

/** Of SHA-256: what it takes at a time, and what it gives. */
const [BLOCK_BYTES, HASH_BYTES] = [64, 32];

/**
 * The hex digits of the secret fill the block of SHA-256 exactly, and both pads of HMAC leave them ASCII: so the inner hash is one of a text, in
 * one call. A third of the time that `createHmac` takes for what an event has.
 *
 * @param secret 32 bytes
 */
export function createSealKey(secret: Uint8Array): SealKey {
  const key = Buffer.from(Buffer.from(secret).toString('hex'));
  if (key.length !== BLOCK_BYTES) throw new RangeError('a key of seals has 32 bytes');
  const padded = (pad: number): Buffer => Buffer.from(key.map((byte) => byte ^ pad));
  const before = padded(0x36).toString('latin1');
  const outer = Buffer.concat([padded(0x5c), Buffer.alloc(HASH_BYTES)]);
  return {
    id: keyFor(secret, 'seal-key-id').toString('hex', 0, 4),
    secret,
    mac: (text) => {
      // A string of bytes: that takes less than a buffer of them, or their hex digits.
      outer.write(hash('sha256', before + text, 'binary'), BLOCK_BYTES, HASH_BYTES, 'latin1');
      return hash('sha256', outer, 'base64url');
    },
  };
}

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { decodeBase64 } from './base64.js';
import { sha256 } from './hashing.js';

/** What a key signs: notes as they are, or checkpoints with the time at which they were seen (tlog-cosignature). */
export const SIGNATURE_TYPES = { note: 1, cosignature: 4 } as const;
export type SignatureType = keyof typeof SIGNATURE_TYPES;

/** Who can check signatures of a name. */
export interface VerifierKey {
  readonly name: string;
  readonly type: SignatureType;
  /** 8 hex digits. */
  readonly id: string;
  readonly publicKey: Buffer;
}

/** Text that is no verifier key. */
export class NotAVerifierKey extends Error {
  override readonly name = 'NotAVerifierKey';
}

const PUBLIC_KEY_BYTES = 32;
const ID_BYTES = 4;
/** Of an Ed25519 public key as DER, before the key itself; and of a private one. */
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

const typed = (type: SignatureType, publicKey: Buffer): Buffer =>
  Buffer.concat([Buffer.of(SIGNATURE_TYPES[type]), publicKey]);

/** Whether it can stand in a signature line. */
export const isKeyName = (name: string): boolean => /^[^\s+\p{Cc}]{1,255}$/u.test(name);

export function verifierKey(name: string, type: SignatureType, publicKey: Buffer): VerifierKey {
  if (!isKeyName(name)) throw new NotAVerifierKey('the name of a key has no spaces and no +');
  const id = sha256(Buffer.concat([Buffer.from(`${name}\n`), typed(type, publicKey)])).toString(
    'hex',
    0,
    ID_BYTES,
  );
  return { name, type, id, publicKey };
}

/** `name+id+key`, as signed-note has it. */
export const verifierText = ({ name, type, id, publicKey }: VerifierKey): string =>
  `${name}+${id}+${typed(type, publicKey).toString('base64')}`;

/** @throws NotAVerifierKey */
export function readVerifierKey(text: string): VerifierKey {
  const [, name, id, key] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? [];
  const bytes = key === undefined ? undefined : decodeBase64(key);
  if (name === undefined || bytes?.length !== 1 + PUBLIC_KEY_BYTES)
    throw new NotAVerifierKey('a verifier key is name+id+key, with an Ed25519 key in base64');
  const type = (Object.keys(SIGNATURE_TYPES) as SignatureType[]).find(
    (each) => SIGNATURE_TYPES[each] === bytes[0],
  );
  if (type === undefined)
    throw new NotAVerifierKey('a verifier key of another kind than Ed25519 notes and cosignatures');
  const found = verifierKey(name, type, bytes.subarray(1));
  if (found.id !== id) throw new NotAVerifierKey('the id of a verifier key is not that of its name and key');
  return found;
}

/** An Ed25519 key of its seed, of 32 bytes. */
export const privateKeyOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: 'der', type: 'pkcs8' });

export function newSeed(): Buffer {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PRIVATE_PREFIX.length);
}

export const publicKeyOf = (privateKey: KeyObject): Buffer =>
  createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_PREFIX.length);

export const signWith = (privateKey: KeyObject, message: Uint8Array): Buffer =>
  sign(null, message, privateKey);

export function isSignedBy({ publicKey }: VerifierKey, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({
    key: Buffer.concat([PUBLIC_PREFIX, publicKey]),
    format: 'der',
    type: 'spki',
  });
  return verify(null, message, key, signature);
}

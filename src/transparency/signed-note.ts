import type { KeyObject } from 'node:crypto';
import { decodeBase64 } from './base64.js';
import {
  isKeyName,
  isSignedBy,
  publicKeyOf,
  type SignatureType,
  signWith,
  verifierKey,
  type VerifierKey,
} from './note-keys.js';

/** A signature as it stands below a note: of whom, and what. */
export interface NoteSignature {
  readonly name: string;
  /** 8 hex digits. */
  readonly keyId: string;
  readonly bytes: Buffer;
}

/** A note of which nothing is believed yet. */
export interface Note {
  /** With the newline that ends it. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Text that is no note, or one that cannot be believed. */
export class BadNote extends Error {
  override readonly name = 'BadNote';
}

const MAX_BYTES = 1_000_000;
const MAX_SIGNATURES = 100;
const ID_BYTES = 4;
const TIME_BYTES = 8;
const LINE = /^— (\S+) (\S+)$/u;
/** Lone surrogates too: they are no UTF-8. */
const UNFIT = /[^\P{Cc}\n]|\p{Cs}/u;

/** @throws BadNote */
export function readNote(note: string): Note {
  if (note.length > MAX_BYTES || UNFIT.test(note))
    throw new BadNote('a note is text without control characters');
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n') || end + 2 >= note.length)
    throw new BadNote('a note is a text, an empty line and signatures');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new BadNote(`a note has at most ${MAX_SIGNATURES} signatures`);
  return { text: note.slice(0, end + 1), signatures: lines.map(readSignature) };
}

function readSignature(line: string): NoteSignature {
  const [, name, text] = LINE.exec(line) ?? [];
  const bytes = text === undefined ? undefined : decodeBase64(text);
  if (name === undefined || !isKeyName(name) || bytes === undefined || bytes.length <= ID_BYTES)
    throw new BadNote('a signature of a note is a dash, a name and base64');
  return { name, keyId: bytes.toString('hex', 0, ID_BYTES), bytes: bytes.subarray(ID_BYTES) };
}

export const signatureLine = ({ name, keyId, bytes }: NoteSignature): string =>
  `— ${name} ${Buffer.concat([Buffer.from(keyId, 'hex'), bytes]).toString('base64')}\n`;

export const noteText = ({ text, signatures }: Note): string =>
  `${text}\n${signatures.map(signatureLine).join('')}`;

/** Who can sign under a name. */
export interface Signer {
  readonly key: VerifierKey;
  sign(text: string): NoteSignature;
}

/** `now` is asked for cosignatures alone: they say when. */
export function createSigner(
  name: string,
  privateKey: KeyObject,
  type: SignatureType = 'note',
  now: () => Date = () => new Date(),
): Signer {
  const key = verifierKey(name, type, publicKeyOf(privateKey));
  const sign = (text: string): NoteSignature => {
    if (type === 'note') return { name, keyId: key.id, bytes: signWith(privateKey, Buffer.from(text)) };
    const time = Buffer.alloc(TIME_BYTES);
    time.writeBigUInt64BE(BigInt(Math.floor(now().getTime() / 1_000)));
    return {
      name,
      keyId: key.id,
      bytes: Buffer.concat([time, signWith(privateKey, cosigned(text, time))]),
    };
  };
  return { key, sign };
}

/** What a witness signs of a checkpoint that it saw (tlog-cosignature, Ed25519). */
const cosigned = (text: string, time: Buffer): Buffer =>
  Buffer.from(`cosignature/v1\ntime ${time.readBigUInt64BE()}\n${text}`);

/** A signature that was checked. */
export interface Believed {
  readonly key: VerifierKey;
  readonly signature: NoteSignature;
  /** When a witness saw it. */
  readonly seenAt: Date | undefined;
}

/**
 * The signatures of keys that are known, each once. Others are nobody's business.
 * @throws BadNote where one of a known key is false: then the whole note is
 */
export function believedSignatures(note: Note, known: readonly VerifierKey[]): readonly Believed[] {
  const believed = new Map<string, Believed>();
  for (const signature of note.signatures) {
    const key = known.find(({ name, id }) => name === signature.name && id === signature.keyId);
    if (!key || believed.has(`${key.name} ${key.id}`)) continue;
    const [message, bytes, seenAt] = signedParts(note.text, key, signature);
    if (!isSignedBy(key, message, bytes)) throw new BadNote(`the signature of ${key.name} is false`);
    believed.set(`${key.name} ${key.id}`, { key, signature, seenAt });
  }
  return [...believed.values()];
}

function signedParts(
  text: string,
  { name, type }: VerifierKey,
  { bytes }: NoteSignature,
): readonly [Buffer, Buffer, Date | undefined] {
  if (type === 'note') return [Buffer.from(text), bytes, undefined];
  if (bytes.length <= TIME_BYTES) throw new BadNote(`the signature of ${name} is false`);
  const time = bytes.subarray(0, TIME_BYTES);
  const seenAt = new Date(Number(time.readBigUInt64BE()) * 1_000);
  if (Number.isNaN(seenAt.getTime())) throw new BadNote(`the time of ${name} is none`);
  return [cosigned(text, time), bytes.subarray(TIME_BYTES), seenAt];
}

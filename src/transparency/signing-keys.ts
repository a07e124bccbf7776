import {
  newSeed,
  privateKeyOf,
  publicKeyOf,
  readVerifierKey,
  verifierKey,
  type VerifierKey,
  verifierText,
} from './note-keys.js';
import { createSigner, type Signer } from './signed-note.js';

/** A key that signs, with what is secret of it. */
export interface KeptKey {
  readonly id: string;
  readonly vkey: string;
  readonly seed: Buffer;
}

/** Where keys are kept. */
export interface KeyStore {
  inUse(): Promise<readonly KeptKey[]>;
  /** Those that sign no longer as well. */
  all(): Promise<readonly KeptKey[]>;
  add(key: KeptKey, how: { readonly first: boolean; readonly now: Date }): Promise<void>;
  /** False where it does not sign, or is the only one that does. */
  retire(id: string, now: Date): Promise<boolean>;
}

/** All that sign checkpoints; none before the service was started for the first time. */
export const signersOf = async (keys: Pick<KeyStore, 'inUse'>): Promise<readonly Signer[]> =>
  (await keys.inUse()).map(({ vkey, seed }) => createSigner(readVerifierKey(vkey).name, privateKeyOf(seed)));

/** What signatures of any time are known by, under the name that the log has: made of what is secret of each key, since nobody else can put that into the database. */
export async function verifiersOf(keys: Pick<KeyStore, 'all' | 'inUse'>): Promise<readonly VerifierKey[]> {
  const [first] = await signersOf(keys);
  return (await keys.all())
    .map(({ vkey, seed }) => verifierKey(readVerifierKey(vkey).name, 'note', publicKeyOf(privateKeyOf(seed))))
    .filter(({ name }) => first === undefined || name === first.key.name);
}

/** All that sign, with a first key of that origin where there is none. The origin of a log is that of its first key, for ever. */
export async function ensureSigners(
  keys: Pick<KeyStore, 'inUse' | 'add'>,
  origin: string,
  now: Date,
): Promise<readonly Signer[]> {
  if ((await keys.inUse()).length === 0) await keys.add(newKey(origin), { first: true, now });
  return signersOf(keys);
}

/**
 * A key beside those that sign: who knows an older one goes on believing. Answers what others check its signatures with.
 * @param named for a log whose keys were lost, or that is to have another name; else that of the keys that sign
 */
export async function addSigner(
  keys: Pick<KeyStore, 'inUse' | 'add'>,
  now: Date,
  named?: string,
): Promise<string> {
  const [first] = await signersOf(keys);
  const origin = named ?? first?.key.name;
  if (origin === undefined) throw new Error('there is no key yet: start the service first');
  const key = newKey(origin);
  await keys.add(key, { first: false, now });
  return key.vkey;
}

function newKey(origin: string): KeptKey {
  const seed = newSeed();
  const key = verifierKey(origin, 'note', publicKeyOf(privateKeyOf(seed)));
  return { id: key.id, vkey: verifierText(key), seed };
}

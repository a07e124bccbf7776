import type pg from 'pg';
import { z } from 'zod';
import { type LedgerInstance, type LogKind, WrongLog } from '../commands/ledger/expected-log.js';
import type { Sealed } from '../domain/stored/fields.js';
import { createKeyring, type Keyring } from '../support/keyring.js';

/** The database was begun with another master key: nothing sealed in it would open, and no key in it would be found. */
export class WrongMasterKey extends Error {
  override readonly name = 'WrongMasterKey';
}

/**
 * Compares the master key with the one this database was begun with; the first program to come writes it down.
 *
 * @returns the ledger's own id, a UUID
 * @throws WrongMasterKey
 */
export async function verifyMasterKey(
  pool: pg.Pool,
  { fingerprint }: Pick<Keyring, 'fingerprint'>,
): Promise<string> {
  await pool.query(
    'INSERT INTO ledger_instance (master_key_fingerprint) VALUES ($1) ON CONFLICT (singleton) DO NOTHING',
    [fingerprint],
  );
  const instance = await readKeyState(pool);
  if (instance?.rotatingTo !== undefined)
    throw new WrongMasterKey(
      'A rotation of the master key was begun and is not finished: run counterfoil rotate-master-key again, with both keys.',
    );
  if (!instance || instance.fingerprint !== fingerprint) {
    throw new WrongMasterKey(
      'This database was begun with another master key. Start with that key; without it, personal data and keys cannot be read.',
    );
  }
  return instance.id;
}

/** Which master key the database is sealed under, and what a rotation has left. */
export interface KeyState {
  readonly id: string;
  readonly fingerprint: string;
  /** Fingerprint of the key that a rotation is under way to. */
  readonly rotatingTo: string | undefined;
  /** The first master key, sealed under the one in force; undefined while that is the first. */
  readonly nameKey: Sealed | undefined;
  /** Keys of seals from before rotations, sealed under the one in force. */
  readonly formerSealKeys: Sealed | undefined;
}

export async function readKeyState(db: Pick<pg.Pool, 'query'>): Promise<KeyState | undefined> {
  const { rows } = await db.query<{
    id: string;
    master_key_fingerprint: string;
    rotating_to: string | null;
    name_key: Sealed | null;
    former_seal_keys: Sealed | null;
  }>('SELECT id, master_key_fingerprint, rotating_to, name_key, former_seal_keys FROM ledger_instance');
  const [row] = rows;
  return (
    row && {
      id: row.id,
      fingerprint: row.master_key_fingerprint,
      rotatingTo: row.rotating_to ?? undefined,
      nameKey: row.name_key ?? undefined,
      formerSealKeys: row.former_seal_keys ?? undefined,
    }
  );
}

/** The time of day of the database's machine. */
export async function readTime(pool: Pick<pg.Pool, 'query'>): Promise<Date> {
  const { rows } = await pool.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  const [row] = rows;
  if (!row) throw new Error('the database says no time');
  return row.now;
}

const NAME_KEY_PURPOSE = 'name-key';

/** Under another key nothing would be found by its name, and what is claimed could be claimed again. */
const changedKeys = (column: string, what: string): WrongMasterKey =>
  new WrongMasterKey(
    `The column ${column} of ledger_instance ${what}: it was changed, since a rotation of the master key has written it. Bring that row back from a backup.`,
  );

/** The key that things are named under. @throws WrongMasterKey when it is not there, or not what a rotation has written */
export function openNameKey(
  masterKey: Uint8Array,
  { nameKey, formerSealKeys }: Pick<KeyState, 'nameKey'> & Partial<Pick<KeyState, 'formerSealKeys'>>,
): Uint8Array {
  if (!nameKey && formerSealKeys) throw changedKeys('name_key', 'is empty');
  if (!nameKey) return masterKey;
  return Buffer.from(opened(masterKey, nameKey, 'name_key', NAME_KEY_PURPOSE), 'base64');
}

function opened(masterKey: Uint8Array, sealed: Sealed, column: string, purpose: string): string {
  try {
    return createKeyring(masterKey).open(sealed, purpose);
  } catch {
    throw changedKeys(column, 'does not open with this master key');
  }
}

export const sealNameKey = (masterKey: Uint8Array, nameKey: Uint8Array): Sealed =>
  createKeyring(masterKey).seal(Buffer.from(nameKey).toString('base64'), NAME_KEY_PURPOSE);

const SEAL_KEYS_PURPOSE = 'former-seal-keys';
const secrets = z.array(z.base64());

/** Keys that events of before are sealed with, the oldest first. @throws WrongMasterKey when they are not what a rotation has written */
export function openFormerSealKeys(
  masterKey: Uint8Array,
  { formerSealKeys }: Pick<KeyState, 'formerSealKeys'>,
): readonly Uint8Array[] {
  if (!formerSealKeys) return [];
  const text = opened(masterKey, formerSealKeys, 'former_seal_keys', SEAL_KEYS_PURPOSE);
  return secrets.parse(JSON.parse(text)).map((secret) => Buffer.from(secret, 'base64'));
}

export const sealFormerSealKeys = (masterKey: Uint8Array, keys: readonly Uint8Array[]): Sealed =>
  createKeyring(masterKey).seal(
    JSON.stringify(keys.map((key) => Buffer.from(key).toString('base64'))),
    SEAL_KEYS_PURPOSE,
  );

/** The keyring of a master key that was verified. */
export async function readKeyring(db: Pick<pg.Pool, 'query'>, masterKey: Uint8Array): Promise<Keyring> {
  const state = await readKeyState(db);
  return createKeyring(masterKey, state && openNameKey(masterKey, state));
}

/** What the database says of its ledger. Rejects when it says nothing: `verifyMasterKey` comes first. */
export async function readInstance(pool: pg.Pool): Promise<LedgerInstance> {
  const { rows } = await pool.query<{ id: string; log_kind: LogKind | null; generation: number }>(
    'SELECT id, log_kind, generation FROM ledger_instance',
  );
  const [row] = rows;
  if (!row) throw new Error('the database does not say which ledger it is of');
  return { ledgerId: row.id, logKind: row.log_kind ?? undefined, generation: row.generation };
}

/** Writes down which log was recognised; a later generation is not taken back. */
export async function noteLog(
  pool: Pick<pg.ClientBase, 'query'>,
  { kind, generation }: { readonly kind: LogKind; readonly generation: number },
): Promise<void> {
  await pool.query('UPDATE ledger_instance SET log_kind = $1, generation = greatest(generation, $2)', [
    kind,
    generation,
  ]);
}

/** The database behind a connection may have been exchanged since the process began. @throws WrongLog */
export async function assertLedgerOf(connection: pg.ClientBase, ledgerId: string): Promise<void> {
  const { rows } = await connection.query<{ id: string }>('SELECT id FROM ledger_instance');
  const found = rows[0]?.id;
  if (found === ledgerId) return;
  throw new WrongLog(
    'another-database',
    `expected the database of ledger ${ledgerId}; found ${found === undefined ? 'one that says nothing of a ledger' : `that of ledger ${found}`}. Bring the right database back; for another ledger, start again.`,
  );
}

/** A database that has had no log yet becomes that of the ledger that its log is of. Answers whether it did. */
export async function adoptLedger(pool: pg.Pool, ledgerId: string): Promise<boolean> {
  const { rowCount } = await pool.query('UPDATE ledger_instance SET id = $1 WHERE log_kind IS NULL', [
    ledgerId,
  ]);
  return rowCount === 1;
}

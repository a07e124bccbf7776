import type { BackupSource } from '../backup/write/write-backup.js';
import type { ManifestKeys } from '../backup/folder/backup-folder.js';
import type { Keyring } from '../support/keyring.js';
import type { Foundation } from './ledger.js';
import { logKindOf } from './log-guard.js';

export const manifestKeysOf = ({
  backupSealKey,
  fingerprint,
}: Pick<Keyring, 'backupSealKey' | 'fingerprint'>): ManifestKeys => ({ sealKey: backupSealKey, fingerprint });

/** What a backup is written of: a ledger that may be running. @throws when the log was never recognised */
export function backupSourceOf({ store, database, guard, keyring, config }: Foundation): BackupSource {
  const { ledger } = guard;
  if (!ledger) throw new Error('the log does not say whose it is');
  return {
    store,
    pool: database.pool,
    ledger: {
      id: ledger.ledgerId,
      founded_at: ledger.foundedAt,
      generation: ledger.generation,
      log: logKindOf(config),
    },
    keys: manifestKeysOf(keyring),
  };
}

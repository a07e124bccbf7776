import type pg from 'pg';
import type { MailTokenKind, MailTokens } from '../commands/login/ports.js';
import { type Sealed, sealedField } from '../domain/stored/fields.js';
import type { Keyring } from '../support/keyring.js';

/** What an address to change to is sealed for. */
export const mailTokenPurpose = (secretHash: string): string => `mail-token:${secretHash}`;

interface Row {
  readonly kind: MailTokenKind;
  readonly account_id: string;
  readonly email_hash: string;
  readonly sealed: Sealed | null;
  readonly used_at: Date | null;
}

export function createMailTokens(
  pool: Pick<pg.Pool, 'query'>,
  keyring: Pick<Keyring, 'seal' | 'open'>,
): MailTokens {
  return {
    add: async ({ kind, accountId, emailHash, email }, secretHash, expiresAt) => {
      const sealed = email === undefined ? null : keyring.seal(email, mailTokenPurpose(secretHash));
      await pool.query(
        `INSERT INTO mail_tokens (secret_hash, kind, account_id, email_hash, sealed, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [secretHash, kind, accountId, emailHash, sealed && JSON.stringify(sealed), expiresAt],
      );
    },
    find: async (kind, secretHash, now) => {
      const { rows } = await pool.query<Row>(
        `SELECT kind, account_id, email_hash, sealed, used_at FROM mail_tokens
         WHERE secret_hash = $1 AND kind = $2 AND expires_at > $3`,
        [secretHash, kind, now],
      );
      const [row] = rows;
      if (!row) return undefined;
      const email = row.sealed && keyring.open(sealedField.parse(row.sealed), mailTokenPurpose(secretHash));
      return {
        kind: row.kind,
        accountId: row.account_id,
        emailHash: row.email_hash,
        email: email ?? undefined,
        used: row.used_at !== null,
      };
    },
    use: async (secretHash, now) => {
      const { rowCount } = await pool.query(
        'UPDATE mail_tokens SET used_at = $2 WHERE secret_hash = $1 AND used_at IS NULL',
        [secretHash, now],
      );
      return rowCount === 1;
    },
    drop: async (accountId, kind) => {
      await pool.query('DELETE FROM mail_tokens WHERE account_id = $1 AND kind = $2 AND used_at IS NULL', [
        accountId,
        kind,
      ]);
    },
    purge: async (now) => {
      const { rowCount } = await pool.query('DELETE FROM mail_tokens WHERE expires_at <= $1', [now]);
      return rowCount ?? 0;
    },
  };
}

import type pg from 'pg';
import { z } from 'zod';
import type { PendingPerson, PendingRegistrations } from '../commands/login/ports.js';
import { type Sealed, sealedField } from '../domain/stored/fields.js';
import type { Keyring } from '../support/keyring.js';

/** What name and address are sealed for. */
export const pendingPurpose = (id: string): string => `pending-registration:${id}`;

const person = z.object({
  username: z.string(),
  email: z.string(),
  language: z.enum(['zh', 'en']),
  identity: z.object({ provider: z.string(), hash: z.string() }).optional(),
  inviterAffCode: z.string().optional(),
});

interface Row {
  readonly id: string;
  readonly sealed: Sealed | null;
  readonly password_hash: string | null;
}

/** Registrations wait for a day, sealed under the master key: there is no person yet who had a key of their own. */
export function createPendingRegistrations(
  pool: Pick<pg.Pool, 'query'>,
  keyring: Pick<Keyring, 'seal' | 'open'>,
): PendingRegistrations {
  const opened = (id: string, sealed: unknown): PendingPerson =>
    person.parse(JSON.parse(keyring.open(sealedField.parse(sealed), pendingPurpose(id))));
  return {
    add: async ({ id, person: who, passwordHash, emailHash, expiresAt }, secretHash) => {
      const sealed = JSON.stringify(keyring.seal(JSON.stringify(who), pendingPurpose(id)));
      await pool.query(
        `INSERT INTO pending_registrations (id, secret_hash, email_hash, sealed, password_hash, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [id, secretHash, emailHash, sealed, passwordHash, expiresAt],
      );
    },
    find: async (secretHash, now) => {
      const { rows } = await pool.query<Row>(
        `SELECT id, sealed, password_hash FROM pending_registrations WHERE secret_hash = $1 AND expires_at > $2`,
        [secretHash, now],
      );
      const [row] = rows;
      if (!row) return undefined;
      const { id, sealed, password_hash: passwordHash } = row;
      if (!sealed || passwordHash === null) return { id, person: undefined };
      return { id, person: { ...opened(id, sealed), passwordHash } };
    },
    renew: async (emailHash, secretHash, expiresAt, now) => {
      const { rows } = await pool.query<Row>(
        `UPDATE pending_registrations SET secret_hash = $2, expires_at = $3
         WHERE id = (SELECT id FROM pending_registrations
                     WHERE email_hash = $1 AND expires_at > $4 AND sealed IS NOT NULL
                     ORDER BY expires_at DESC, id LIMIT 1)
         RETURNING id, sealed, password_hash`,
        [emailHash, secretHash, expiresAt, now],
      );
      return rows[0] && opened(rows[0].id, rows[0].sealed);
    },
    done: async (id) => {
      await pool.query('UPDATE pending_registrations SET sealed = NULL, password_hash = NULL WHERE id = $1', [
        id,
      ]);
    },
    purge: async (now) => {
      const { rowCount } = await pool.query('DELETE FROM pending_registrations WHERE expires_at <= $1', [
        now,
      ]);
      return rowCount ?? 0;
    },
  };
}

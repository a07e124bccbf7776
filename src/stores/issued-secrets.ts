import type pg from 'pg';
import { z } from 'zod';
import { sealedField } from '../domain/stored/fields.js';
import type { Keyring } from '../support/keyring.js';

interface IssuedSecret {
  readonly tokenId: number;
  readonly accessKey: string;
}

export interface IssuedSecretStore {
  /** Keeps the secret unless the request has one that has not expired. Answers the one that stands. */
  keep(requestKey: string, secret: IssuedSecret): Promise<IssuedSecret>;
  find(requestKey: string): Promise<IssuedSecret | undefined>;
  /** Deletes what has expired. @returns how many */
  purge(): Promise<number>;
}

const row = z.object({ token_id: z.bigint(), sealed: sealedField });

/** What a secret is sealed for. */
export const issuedSecretPurpose = (requestKey: string): string => `issued-secret:${requestKey}`;

/** Secrets live for 24 hours, sealed. Each `keep` also deletes what has expired. */
export function createIssuedSecrets(
  pool: pg.Pool,
  keyring: Pick<Keyring, 'seal' | 'open'>,
): IssuedSecretStore {
  const opened = (requestKey: string, found: unknown): IssuedSecret => {
    const { token_id, sealed } = row.parse(found);
    return { tokenId: Number(token_id), accessKey: keyring.open(sealed, issuedSecretPurpose(requestKey)) };
  };
  const find = async (requestKey: string): Promise<IssuedSecret | undefined> => {
    const { rows } = await pool.query(
      'SELECT token_id, sealed FROM issued_secrets WHERE request_key = $1 AND expires_at > now()',
      [requestKey],
    );
    return rows[0] === undefined ? undefined : opened(requestKey, rows[0]);
  };
  const purge = async (): Promise<number> => {
    const { rowCount } = await pool.query('DELETE FROM issued_secrets WHERE expires_at <= now()');
    return rowCount ?? 0;
  };
  return {
    find,
    purge,
    keep: async (requestKey, secret) => {
      await purge();
      await pool.query(
        `INSERT INTO issued_secrets (request_key, token_id, sealed, expires_at)
         VALUES ($1, $2, $3, now() + interval '24 hours') ON CONFLICT (request_key) DO NOTHING`,
        [
          requestKey,
          secret.tokenId,
          JSON.stringify(keyring.seal(secret.accessKey, issuedSecretPurpose(requestKey))),
        ],
      );
      const kept = await find(requestKey);
      if (!kept) throw new Error('the secret just kept has gone');
      return kept;
    },
  };
}

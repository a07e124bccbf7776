import type pg from 'pg';
import type { ProviderSecrets } from '../commands/login/identity-ports.js';
import { type Sealed, sealedField } from '../domain/stored/fields.js';
import type { Keyring } from '../support/keyring.js';

export const identityProviderSecretPurpose = (id: string): string => `provider-secret:${id}`;

const KEPT_MS = 3_600_000;

/** What is sealed: the secret with what it was given for. */
const inBox = (binding: string, secret: string): string => JSON.stringify([binding, secret]);

/** Our secrets at the services at which people sign in. */
export function createIdentityProviderSecrets(
  pool: Pick<pg.Pool, 'query'>,
  keyring: Pick<Keyring, 'seal' | 'open'>,
): ProviderSecrets {
  return {
    add: async (id, { binding, secret }, now) => {
      const sealed = JSON.stringify(keyring.seal(inBox(binding, secret), identityProviderSecretPurpose(id)));
      await pool.query('INSERT INTO provider_secrets (id, sealed, created_at) VALUES ($1, $2, $3)', [
        id,
        sealed,
        now,
      ]);
    },
    find: async (id, binding) => {
      const { rows } = await pool.query<{ sealed: Sealed }>(
        'SELECT sealed FROM provider_secrets WHERE id = $1',
        [id],
      );
      const [row] = rows;
      if (!row) return undefined;
      const opened: unknown = JSON.parse(
        keyring.open(sealedField.parse(row.sealed), identityProviderSecretPurpose(id)),
      );
      const [of, secret] = Array.isArray(opened) ? (opened as readonly unknown[]) : [];
      return of === binding && typeof secret === 'string' ? secret : undefined;
    },
    keepOnly: async (ids, now) => {
      await pool.query('DELETE FROM provider_secrets WHERE NOT (id = ANY($1::uuid[])) AND created_at < $2', [
        ids,
        new Date(now.getTime() - KEPT_MS),
      ]);
    },
  };
}

import type pg from 'pg';
import type { Sealed } from '../domain/stored/fields.js';
import { type ProviderKind, providerKindNames } from '../domain/provider/settings.js';
import { withTransaction } from '../postgres/pool.js';
import type { Keyring } from '../support/keyring.js';

interface Revision {
  readonly providerId: string;
  readonly revision: number;
  readonly kind: ProviderKind;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly configuredBy: string;
  readonly configuredAt: Date;
}

type Secrets = Readonly<Record<string, string>>;

interface Row {
  readonly id: string;
  readonly provider_id: string;
  readonly revision: bigint;
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly sealed: Sealed;
  readonly configured_by: string;
  readonly configured_at: Date;
}

const REVISIONS_MOST = 50;

export const paymentProviderSecretsPurpose = (id: string): string => `payment-provider:${id}`;

/**
 * Configurations of payment providers, beside the log: an older revision goes on verifying and refunding after the next one, so that its
 * secrets must be sealed anew when the master key is, which an event cannot be.
 */
export function createPaymentProviderStore(pool: pg.Pool, keyring: Pick<Keyring, 'seal' | 'open'>) {
  return {
    list: async (): Promise<readonly (Revision & { readonly isEnabled: boolean })[]> => {
      const { rows } = await pool.query<Row & { enabled: boolean }>(
        `SELECT DISTINCT ON (r.provider_id) r.*, p.enabled FROM payment_provider_revisions r JOIN payment_providers p USING (provider_id)
         ORDER BY r.provider_id, r.revision DESC`,
      );
      return rows.map((row) => ({ ...revisionOf(row), isEnabled: row.enabled }));
    },
    revisions: async (providerId: string): Promise<readonly (Revision & { readonly secrets: Secrets })[]> => {
      const { rows } = await pool.query<Row>(
        'SELECT * FROM payment_provider_revisions WHERE provider_id = $1 ORDER BY revision DESC LIMIT $2',
        [providerId, REVISIONS_MOST],
      );
      return rows.map((row) => ({
        ...revisionOf(row),
        secrets: JSON.parse(keyring.open(row.sealed, paymentProviderSecretsPurpose(row.id))) as Secrets,
      }));
    },
    add: (
      {
        providerId,
        kind,
        settings,
        secrets,
        by,
      }: Omit<Revision, 'revision' | 'configuredBy' | 'configuredAt'> & {
        readonly secrets: Secrets;
        readonly by: string;
      },
      now: Date,
    ): Promise<number> =>
      withTransaction(pool, async (client) => {
        await client.query(
          'INSERT INTO payment_providers (provider_id, enabled) VALUES ($1, false) ON CONFLICT DO NOTHING',
          [providerId],
        );
        await client.query('SELECT FROM payment_providers WHERE provider_id = $1 FOR UPDATE', [providerId]);
        const { rows } = await client.query<{ next: bigint }>(
          'SELECT coalesce(max(revision), 0) + 1 AS next FROM payment_provider_revisions WHERE provider_id = $1',
          [providerId],
        );
        const revision = Number(rows[0]?.next ?? 1);
        const id = `${providerId}:${revision}`;
        await client.query(
          `INSERT INTO payment_provider_revisions (id, provider_id, revision, kind, settings, sealed, configured_by, configured_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [
            ...[id, providerId, revision, kind, JSON.stringify(settings)],
            JSON.stringify(keyring.seal(JSON.stringify(secrets), paymentProviderSecretsPurpose(id))),
            ...[by, now],
          ],
        );
        return revision;
      }),
    enable: async (providerId: string, isEnabled: boolean): Promise<boolean> => {
      const { rowCount } = await pool.query(
        'UPDATE payment_providers SET enabled = $2 WHERE provider_id = $1',
        [providerId, isEnabled],
      );
      return rowCount === 1;
    },
  };
}

function revisionOf(row: Row): Revision {
  const kind = providerKindNames.find((name) => name === row.kind);
  if (!kind) throw new Error(`${row.provider_id} is configured by a newer version`);
  return {
    providerId: row.provider_id,
    revision: Number(row.revision),
    kind,
    settings: row.settings,
    configuredBy: row.configured_by,
    configuredAt: row.configured_at,
  };
}

import type pg from 'pg';
import type { Sealed } from '../domain/stored/fields.js';
import { paymentInboxPurpose } from '../support/keyring.js';
import { ifOpens, resealed, type Rotation } from '../support/resealed.js';
import { channelTokenPurpose } from './channel-tokens.js';
import { totpPurpose } from './factor-secrets.js';
import { issuedSecretPurpose } from './issued-secrets.js';
import { mailTokenPurpose } from './mail-tokens.js';
import { mailPurpose } from './mails.js';
import { pendingPurpose } from './pending-registrations.js';
import { keyIdOf } from './person-key-table.js';
import { identityProviderSecretPurpose } from './identity-provider-secrets.js';
import { paymentProviderSecretsPurpose } from './payment-providers.js';
import { receiverPurpose } from './alert-receivers.js';
import { transparencyKeyPurpose } from './transparency-keys.js';
import { webhookPurpose } from './user-alerts.js';

export interface Resealed {
  readonly resealed: number;
  /** Neither key opens them. */
  readonly unopened: number;
}

const ROWS_A_STEP = 1_000;

/** Persons' keys, some at a time: each step is whole, and one that was made is not made again. */
export async function resealPersonKeys(pool: pg.Pool, { from, to }: Rotation): Promise<Resealed> {
  const counts = { resealed: 0, unopened: 0 };
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await pool.query<{ account_id: string; wrapped: Buffer }>(
      `SELECT account_id, wrapped FROM person_keys WHERE account_id > $1 AND wrapped IS NOT NULL
       ORDER BY account_id LIMIT $2`,
      [after, ROWS_A_STEP],
    );
    const last = rows.at(-1);
    if (!last) return counts;
    after = last.account_id;
    const again: [string, Buffer][] = [];
    for (const { account_id, wrapped } of rows) {
      const keyId = keyIdOf(account_id);
      if (ifOpens(() => to.unwrapKey(wrapped, keyId))) continue;
      const key = ifOpens(() => from.unwrapKey(wrapped, keyId));
      if (key) again.push([account_id, to.wrapKey(key, keyId)]);
      else counts.unopened += 1;
    }
    // One that was erased meanwhile stays so.
    await pool.query(
      `UPDATE person_keys p SET wrapped = row.wrapped
       FROM unnest($1::uuid[], $2::bytea[]) AS row (account_id, wrapped)
       WHERE p.account_id = row.account_id AND p.wrapped IS NOT NULL`,
      [again.map(([accountId]) => accountId), again.map(([, wrapped]) => wrapped)],
    );
    counts.resealed += again.length;
  }
}

/** Access keys that a retry may still be answered with: those of a day. */
export async function resealIssuedSecrets(pool: pg.Pool, rotation: Rotation): Promise<Resealed> {
  const counts = { resealed: 0, unopened: 0 };
  const { rows } = await pool.query<{ request_key: string; sealed: Sealed }>(
    'SELECT request_key, sealed FROM issued_secrets WHERE expires_at > now()',
  );
  for (const { request_key, sealed } of rows) {
    const again = resealed(rotation, sealed, issuedSecretPurpose(request_key));
    if (again === undefined) counts.unopened += 1;
    if (again === undefined || again === sealed) continue;
    await pool.query('UPDATE issued_secrets SET sealed = $2 WHERE request_key = $1', [
      request_key,
      JSON.stringify(again),
    ]);
    counts.resealed += 1;
  }
  return counts;
}

/** What is sealed under the master key in a column of a table, and for what. */
interface SealedColumn {
  readonly table: string;
  readonly id: string;
  readonly column: string;
  readonly purpose: (id: string) => string;
}

const BESIDE_PEOPLE: readonly SealedColumn[] = [
  { table: 'totp_secrets', id: 'id', column: 'sealed', purpose: totpPurpose },
  { table: 'pending_registrations', id: 'id', column: 'sealed', purpose: pendingPurpose },
  { table: 'mail_tokens', id: 'secret_hash', column: 'sealed', purpose: mailTokenPurpose },
  { table: 'payment_provider_revisions', id: 'id', column: 'sealed', purpose: paymentProviderSecretsPurpose },
  { table: 'payment_inbox', id: 'id', column: 'sealed', purpose: paymentInboxPurpose },
  { table: 'mails', id: 'id', column: 'envelope', purpose: (id) => mailPurpose(id, 'envelope') },
  { table: 'mails', id: 'id', column: 'body', purpose: (id) => mailPurpose(id, 'body') },
  { table: 'provider_secrets', id: 'id', column: 'sealed', purpose: identityProviderSecretPurpose },
  { table: 'user_alerts', id: 'account_id', column: 'webhook', purpose: webhookPurpose },
  { table: 'channel_tokens', id: 'id', column: 'sealed', purpose: channelTokenPurpose },
  { table: 'alert_receivers', id: 'name', column: 'sealed', purpose: receiverPurpose },
  { table: 'transparency_keys', id: 'id', column: 'sealed', purpose: transparencyKeyPurpose },
];

/**
 * Secrets of authenticators and of webhooks; keys that sign checkpoints; tokens of channels; registrations, links and mails that wait: those of a day, what is told of mails for a month, what
 * payment providers sent for three.
 */
export async function resealBesidePeople(pool: pg.Pool, rotation: Rotation): Promise<Resealed> {
  const counts = { resealed: 0, unopened: 0 };
  for (const { table, id, column, purpose } of BESIDE_PEOPLE) {
    const { rows } = await pool.query<{ id: string; sealed: Sealed }>(
      `SELECT ${id} AS id, ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL`,
    );
    for (const row of rows) {
      const again = resealed(rotation, row.sealed, purpose(row.id));
      if (again === undefined) counts.unopened += 1;
      if (again === undefined || again === row.sealed) continue;
      const text = JSON.stringify(again);
      await pool.query(`UPDATE ${table} SET ${column} = $2 WHERE ${id} = $1`, [row.id, text]);
      counts.resealed += 1;
    }
  }
  return counts;
}

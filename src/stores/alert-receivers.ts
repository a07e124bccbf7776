import type pg from 'pg';
import { z } from 'zod';
import type { AlertAddresses } from '../commands/alert/ports.js';
import { sealedField } from '../domain/stored/fields.js';
import type { Keyring } from '../support/keyring.js';

/** What an address of a receiver is sealed for. */
export const receiverPurpose = (name: string): string => `alert-receiver:${name}`;

const addressSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('mail'), to: z.string(), language: z.enum(['zh', 'en']) }),
  z.object({ kind: z.literal('webhook'), url: z.string(), secret: z.string() }),
]);

/** Sealed under the master key. */
export const createAlertAddresses = (
  pool: Pick<pg.Pool, 'query'>,
  keyring: Pick<Keyring, 'seal' | 'open'>,
): AlertAddresses => ({
  find: async (name) => {
    const { rows } = await pool.query<{ sealed: unknown }>(
      'SELECT sealed FROM alert_receivers WHERE name = $1',
      [name],
    );
    const [row] = rows;
    return (
      row &&
      addressSchema.parse(JSON.parse(keyring.open(sealedField.parse(row.sealed), receiverPurpose(name))))
    );
  },
  save: async (name, address) => {
    const sealed = keyring.seal(JSON.stringify(address), receiverPurpose(name));
    await pool.query(
      `INSERT INTO alert_receivers (name, sealed) VALUES ($1, $2)
       ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed`,
      [name, JSON.stringify(sealed)],
    );
  },
  forget: async (name) => void (await pool.query('DELETE FROM alert_receivers WHERE name = $1', [name])),
});

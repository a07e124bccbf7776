import { z } from 'zod';
import { parseDecimal } from '../money/decimal.js';

/** Quota as it is stored: a decimal string, because JSON numbers are doubles. */
export const quotaField = z.codec(z.string().regex(/^-?\d{1,16}$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
});

/** A place of the log: decimal text, because it may be a number of bytes beyond what a double holds. */
export const positionField = z.codec(z.string().regex(/^\d{1,19}$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
});

/** An amount of money in the minor units of its currency, as text: of a provider, never below zero. */
export const minorField = z.codec(z.string().regex(/^\d{1,16}$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
});

/** A currency of ISO 4217. */
export const currencyField = z.string().regex(/^[A-Z]{3}$/);

/** A dollar amount as exact decimal text. */
export const usdField = z
  .string()
  .max(32)
  .refine((text) => parseDecimal(text) !== undefined, 'exact decimal text');

export const uuidField = z.uuid();
export const instantField = z.iso.datetime();
export const numericId = z.int().min(1);
export const groupField = z.string().min(1).max(64);
export const modelField = z.string().min(1).max(200);

/** Who did it: `service-key:<id>`, `operator:<name>`, `bootstrap`, `system`. Never a personal name. */
export const actorField = z.string().min(1).max(120);

/** Data sealed with AES-256-GCM: base64 of nonce, ciphertext and tag, and the id of the key that opens it. Erasing the key erases the data. */
export const sealedField = z.object({ key_id: z.string().min(1).max(64), box: z.base64() });
export type Sealed = z.infer<typeof sealedField>;

// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';

/** A sum over accounts: beyond what one of them may have. */
const sumField = z.codec(z.string().regex(/^\d{1,30}$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
});

/** What a sum tree comes to (ADR 0036). */
const treeField = z.object({
  /** 32 bytes in base64. */
  root: z.base64().length(44),
  quota: sumField,
  accounts: z.int().min(0),
});

/** A day, or an instant in UTC: what trees of accounts are known by. */
export const asOfField = z.union([z.iso.date(), z.iso.datetime()]);

/** What was owed to all accounts, and by which. A stream of its own. */
export const liabilityEvents = {
  'liability-committed': z.object({
    as_of: asOfField,
    /** IANA name: in which the day ends. */
    time_zone: z.string().min(1).max(100),
    /** The first so many entries of the transparency log count. */
    entries: z.int().min(1),
    owed: treeField,
    /** What those below nothing are below it, without a sign. */
    overdrawn: treeField,
  }),
};

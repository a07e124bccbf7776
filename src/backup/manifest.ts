import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { encryptionSchema } from './sealing/folder-key.js';

/** The folder is no backup, is not whole, or was changed since it was written. */
export class NotWhole extends Error {
  override readonly name = 'NotWhole';
}

/** The folder's file that says what is in it; written last, in one step. */
export const MANIFEST = 'manifest.json';

const position = z
  .string()
  .regex(/^-?\d{1,19}$/)
  .transform(BigInt);
const count = z.int().min(0);
const sqlName = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);
const instant = z.iso.datetime();

const fileFields = {
  /** Within the folder. */
  file: z.string().regex(/^(log|tables)\/[a-z0-9_.-]+$/),
  /** As it lies there: packed, and sealed where the backup is encrypted. */
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
};

const logPart = z.strictObject({
  ...fileFields,
  events: count.min(1),
  /** Exclusive. */
  after: position,
  /** Of its last event. */
  until: position,
});

const keptTable = z.strictObject({
  ...fileFields,
  table: sqlName,
  columns: z.array(sqlName).min(1),
  rows: count,
});

const placedEvent = z.strictObject({
  position,
  stream: z.string(),
  revision: position,
  id: z.guid(),
  recorded_at: instant,
});

const manifestSchema = z.strictObject({
  format: z.literal(1),
  /** One more with each time that the folder was written to. */
  run: count.min(1),
  written_at: instant,
  program: z.string(),
  ledger: z.strictObject({
    id: z.uuid(),
    founded_at: z.string(),
    generation: count,
    log: z.enum(['eventstoredb', 'postgres']),
  }),
  /** Tells whether a master key is the one that everything sealed in the backup needs. */
  master_key: z.string(),
  /** Number of the last migration. */
  schema: count,
  encryption: encryptionSchema.nullable(),
  log: z.strictObject({
    events: count.min(1),
    last: placedEvent,
    parts: z.array(logPart).min(1),
  }),
  /** Read in one snapshot after the log: what an event needs of them was there before the event. */
  tables: z.strictObject({ read_at: instant, kept: z.array(keptTable) }),
  /** The last number given; null where none was. */
  sequences: z.record(sqlName, position.nullable()),
});

export type Manifest = z.output<typeof manifestSchema>;
export type LogPart = z.output<typeof logPart>;
export type KeptTable = z.output<typeof keptTable>;
/** A file of the folder, as the manifest has it. */
export type BackupFile = Pick<LogPart, 'file' | 'bytes' | 'sha256'>;

const sealedSchema = z.strictObject({ manifest: z.unknown(), seal: z.string() });

/** As text, sealed under a key that is made of the master key: nobody else can change a folder and leave it looking whole. */
export function encodeManifest(manifest: Manifest, sealKey: Uint8Array): string {
  const plain: unknown = JSON.parse(
    JSON.stringify(manifest, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    ),
  );
  // What cannot be read again is no backup: better told now.
  parsed(plain, manifestSchema);
  return `${JSON.stringify({ manifest: plain, seal: sealOf(plain, sealKey) }, undefined, 2)}\n`;
}

/** @param fingerprint of the master key that is at hand. @throws NotWhole, with what to do */
export function decodeManifest(
  text: string,
  { sealKey, fingerprint }: { readonly sealKey: Uint8Array; readonly fingerprint: string },
): Manifest {
  const { manifest: plain, seal } = parsed(text, sealedSchema);
  const manifest = parsed(plain, manifestSchema);
  if (manifest.master_key !== fingerprint)
    throw new NotWhole(
      `the backup was made under the master key ${manifest.master_key}, and this one is ${fingerprint}: give MASTER_KEY (or master.key in DATA_DIR) as it was; without it nothing in the backup can be read`,
    );
  const [expected, found] = [Buffer.from(sealOf(plain, sealKey)), Buffer.from(seal)];
  if (expected.length !== found.length || !timingSafeEqual(expected, found))
    throw new NotWhole('the manifest was changed since it was written');
  return manifest;
}

const sealOf = (plain: unknown, sealKey: Uint8Array): string =>
  createHmac('sha256', sealKey).update(JSON.stringify(plain)).digest('hex');

function parsed<Schema extends z.ZodType>(value: unknown, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(typeof value === 'string' ? JSON.parse(value) : value);
  } catch (cause) {
    throw new NotWhole('the manifest is not one that this version writes', { cause });
  }
}

/** For programs: what is in the folder. */
export const summaryOf = ({ ledger, written_at, log, tables, encryption, run }: Manifest) => ({
  ledger,
  written_at,
  run,
  encrypted: encryption !== null,
  events: log.events,
  last_event: log.last,
  tables: Object.fromEntries(tables.kept.map(({ table, rows }) => [table, rows])),
});

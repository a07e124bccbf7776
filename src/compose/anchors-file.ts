import { z } from 'zod';
import { literalOf } from '../support/reach.js';
import { NotAVerifierKey, readVerifierKey } from '../transparency/note-keys.js';

const MINUTE_MS = 60_000;
const MOST_ANCHORS = 20;

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'small letters, digits and hyphens, at most 40');
const minutes = (byDefault: number) => z.number().min(0).max(10_080).default(byDefault);
const url = z
  .string()
  .max(2_000)
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'http:// or https://');

/** What no address encodes: what is signed is what is sent. */
const prefix = z
  .string()
  .max(200)
  .regex(
    /^$|^(?!\.\.?(?:\/|$))[A-Za-z0-9._-]+(?:\/(?!\.\.?(?:\/|$))[A-Za-z0-9._-]+)*$/,
    'names with / between them, of letters, digits, . _ -',
  )
  .default('');

const endpoint = url.refine((text) => {
  if (!URL.canParse(text)) return true;
  const { pathname, search, hash, username, password } = new URL(text);
  return pathname === '/' && `${search}${hash}${username}${password}` === '';
}, 'the address of the store alone, without a path; the bucket is named apart');

const objectStore = z
  .strictObject({
    kind: z.literal('object-store'),
    name,
    endpoint,
    region: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'small letters, digits and hyphens; auto where a store has none'),
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, '3 to 63 small letters, digits, hyphens and dots'),
    prefix,
    path_style: z.boolean().default(false),
    access_key_id: z.string().regex(/^[!-~]{3,128}$/, 'printed signs without spaces'),
    secret_access_key: z.string().min(8).max(200),
    every_minutes: minutes(10),
  })
  .refine(({ endpoint: at, path_style: isPathStyle }) => isPathStyle || !URL.canParse(at) || !isAddress(at), {
    path: ['path_style'],
    message: 'true is needed: no bucket has a name before an address of numbers',
  })
  .refine(
    ({ endpoint: at, bucket, path_style: isPathStyle }) =>
      isPathStyle || !at.startsWith('https:') || !bucket.includes('.'),
    {
      path: ['path_style'],
      message: 'true is needed: no certificate is for a bucket with a dot in its name',
    },
  );

const isAddress = (at: string): boolean => literalOf(new URL(at).hostname) !== undefined;

const cosigning = z.string().transform((text, context) => {
  try {
    const key = readVerifierKey(text);
    if (key.type === 'cosignature') return key;
    context.addIssue({
      code: 'custom',
      message: 'a key of a log: of a witness, with cosignatures, is meant',
    });
  } catch (error) {
    if (!(error instanceof NotAVerifierKey)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
  return z.NEVER;
});

const anchor = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('folder'), name, path: z.string().min(1), every_minutes: minutes(0) }),
  z.strictObject({
    kind: z.literal('git'),
    name,
    path: z.string().min(1),
    push: z.boolean().default(false),
    every_minutes: minutes(60),
  }),
  z.strictObject({
    kind: z.literal('webhook'),
    name,
    url,
    secret: z.string().min(16).max(200),
    every_minutes: minutes(10),
  }),
  objectStore,
  z.strictObject({ kind: z.literal('mail'), name, to: z.email(), every_minutes: minutes(1_440) }),
  z.strictObject({ kind: z.literal('witness'), name, url, vkey: cosigning }),
]);
export type AnchorSettings = z.output<typeof anchor>;

/** ANCHORS_FILE: where checkpoints go. */
export const anchorsSchema = z.strictObject({
  /** An anchor that has taken nothing for longer is told of. */
  lost_after_minutes: z
    .number()
    .min(1)
    .max(10_080)
    .default(60)
    .transform((count) => count * MINUTE_MS),
  anchors: z
    .array(anchor)
    .max(MOST_ANCHORS)
    .refine(
      (all) => new Set(all.map((each) => each.name)).size === all.length,
      'each anchor has a name of its own',
    ),
});
export type AnchorsFile = z.output<typeof anchorsSchema>;

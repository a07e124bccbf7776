import { open } from 'node:fs/promises';
import { z } from 'zod';
import type { SeenLog } from '../../../eventstore/applied-event.js';
import { appliedEventJson, toAppliedEventJson } from '../../../eventstore/applied-event-json.js';

/** Which log the charges of a spool file are meant for. */
export interface SpoolOrigin {
  readonly ledgerId: string;
  readonly generation: number;
  /** The kind of log: `eventstoredb`, `postgres`. */
  readonly log: string;
}

const originLine = z
  .object({
    spool: z.literal(1),
    ledger: z.uuid(),
    generation: z.int().min(0),
    log: z.string(),
    seen: z
      .string()
      .regex(/^-?\d{1,19}$/)
      .transform(BigInt)
      .optional(),
    last: appliedEventJson.optional(),
  })
  .transform(({ ledger: ledgerId, generation, log, seen: position, last }) => ({
    ...{ ledgerId, generation, log },
    ...{ position, last },
  }));

/** The first line of a file, with what was known of the log when it was begun. */
export function encodeOrigin(
  { ledgerId, generation, log }: SpoolOrigin,
  { position, last }: SeenLog = {},
): string {
  const known = { seen: position?.toString(), last: last && toAppliedEventJson(last) };
  return `${JSON.stringify({ spool: 1, ledger: ledgerId, generation, log, ...known })}\n`;
}

export function decodeOrigin(line: string): (SpoolOrigin & SeenLog) | undefined {
  if (!line.startsWith('{"spool":')) return undefined;
  try {
    return originLine.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** Longer than any first line of an origin. */
const FIRST_BYTES = 1024;

/** What the file says of itself; undefined for one of before files did, or that was cut off in its first line. Rejects when it is gone. */
export async function readOrigin(path: string): Promise<ReturnType<typeof decodeOrigin>> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(FIRST_BYTES), 0, FIRST_BYTES, 0);
    return decodeOrigin(buffer.subarray(0, bytesRead).toString('utf8').split('\n')[0] ?? '');
  } finally {
    await file.close();
  }
}

export const isSameLog = (one: SpoolOrigin, other: SpoolOrigin): boolean =>
  one.ledgerId === other.ledgerId && one.generation === other.generation && one.log === other.log;

import { open } from 'node:fs/promises';
import { z } from 'zod';

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
  })
  .transform(({ ledger: ledgerId, generation, log, seen }) => ({ ledgerId, generation, log, seen }));

/** The first line of a file. `seen`: how far the log is known to have gone when the file was begun. */
export function encodeOrigin({ ledgerId, generation, log }: SpoolOrigin, seen: bigint | undefined): string {
  return `${JSON.stringify({ spool: 1, ledger: ledgerId, generation, log, seen: seen?.toString() })}\n`;
}

export function decodeOrigin(
  line: string,
): (SpoolOrigin & { readonly seen: bigint | undefined }) | undefined {
  if (!line.startsWith('{"spool":')) return undefined;
  try {
    return originLine.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** Longer than any first line of an origin. */
const FIRST_BYTES = 512;

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

import { appendFile, open, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LedgerUnavailable } from '../../../commands/handling/command.js';
import type { Log } from '../../../support/log.js';
import { syncFolder } from '../../../support/sync-folder.js';
import type { Consumption } from '../settlement.js';
import { decodeLine, type SpooledCharge } from './line.js';
import { decodeOrigin } from './origin.js';

/** Charges of a file that are on their way into the log at once. */
const CONCURRENCY = 500;

interface SpooledLine extends SpooledCharge {
  readonly line: string;
}

export interface DrainOptions {
  /** Puts a charge into the log unless it is there. Repeatable; a LedgerUnavailable stops the draining. */
  readonly record: (consumption: Consumption, after: bigint | undefined) => Promise<void>;
  /** Told of every charge of the file before any is recorded. */
  readonly onFound: (consumption: Consumption) => void;
  readonly log: Log;
}

/**
 * Takes the charges of one spool file into the log and removes the file. When it stops halfway the file stays, and draining it again
 * does no harm. A torn last line was never acknowledged and is only reported; any other line that cannot be read or recorded is
 * kept in `damaged.jsonl` beside it. Answers how many charges were recorded; a file that is gone has none.
 */
export async function drainFile(path: string, options: DrainOptions): Promise<number> {
  const file = await openIfThere(path);
  if (!file) return 0;
  try {
    const first = await drainFrom(file, 0, path, options);
    await unlink(path).catch(ignoreMissing);
    await syncFolder(dirname(path));
    // Should its owner have been alive after all: it wrote before the file was gone, or it has seen that the file is gone.
    const rest = await drainFrom(file, first.end, path, options);
    if (rest.tornBytes > 0) options.log.warn({ bytes: rest.tornBytes }, 'a spool file ended in a torn line');
    return first.recorded + rest.recorded;
  } finally {
    await file.close();
  }
}

/** Whole lines from `start` on. `end` is where the last whole line ends. */
async function drainFrom(file: FileHandle, start: number, path: string, options: DrainOptions) {
  const data = await readFrom(file, start);
  const end = data.lastIndexOf(0x0a) + 1;
  const lines = data.subarray(0, end).toString('utf8').split('\n').filter(isCharge);
  const charges: SpooledLine[] = [];
  const damaged: string[] = [];
  for (const line of lines) {
    const charge = decodeLine(line);
    if (charge) charges.push({ line, ...charge });
    else damaged.push(line);
  }
  for (const { consumption } of charges) options.onFound(consumption);
  for (let index = 0; index < charges.length; index += CONCURRENCY) {
    damaged.push(...(await recordAll(charges.slice(index, index + CONCURRENCY), options)));
  }
  await keepDamaged(damaged, path, options.log);
  return { recorded: lines.length - damaged.length, end: start + end, tornBytes: data.length - end };
}

/** Neither an empty line nor the first one, which says which log the file is meant for. */
const isCharge = (line: string): boolean => line !== '' && decodeOrigin(line) === undefined;

/** Answers the lines that the log will never take. */
async function recordAll(charges: readonly SpooledLine[], options: DrainOptions): Promise<string[]> {
  const results = await Promise.allSettled(
    charges.map(({ consumption, after }) => options.record(consumption, after)),
  );
  const refused: string[] = [];
  for (const [index, result] of results.entries()) {
    if (result.status === 'fulfilled') continue;
    if (result.reason instanceof LedgerUnavailable) throw result.reason;
    options.log.error(
      { err: result.reason as unknown, callId: charges[index]?.consumption.call_id },
      'a spooled charge cannot be recorded',
    );
    refused.push(charges[index]?.line ?? '');
  }
  return refused;
}

async function keepDamaged(lines: readonly string[], path: string, log: Log): Promise<void> {
  if (lines.length === 0) return;
  const place = join(dirname(path), 'damaged.jsonl');
  await appendFile(place, lines.map((line) => `${line}\n`).join(''), { mode: 0o600, flush: true });
  // Before the file goes that they stood in.
  await syncFolder(dirname(place));
  log.error(
    { lines: lines.length, file: place },
    'lines of the spool were damaged; they are kept and need a person',
  );
}

async function readFrom(file: FileHandle, start: number): Promise<Buffer> {
  const { size } = await file.stat();
  const data = Buffer.alloc(Math.max(0, size - start));
  let filled = 0;
  while (filled < data.length) {
    const { bytesRead } = await file.read(data, filled, data.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return data.subarray(0, filled);
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    ignoreMissing(error);
    return undefined;
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

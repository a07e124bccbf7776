import { detectFormat, type ProviderFormat } from './psp/formats.js';
import { readRows, WrongFile } from './tabular/tabular-file.js';
import { openUsageFile } from './upstream/read-usage-file.js';

const ROWS = 20;
/** Of a cell; what is longer is cut. */
const MOST_LETTERS = 200;

/** The beginning of someone else's file, and what it looks like. */
export interface Preview {
  /** As they are in the file, its header or whatever stands above it included. */
  readonly rows: readonly (readonly string[])[];
  /** By its header; null where it is none of a payment provider that is known. */
  readonly provider: ProviderFormat | null;
  /** The layout of what an upstream billed, in words; null where it is none. */
  readonly upstream: string | null;
}

/** @throws WrongFile for what is no text in rows */
export async function previewOf(path: string): Promise<Preview> {
  const rows: (readonly string[])[] = [];
  for await (const { cells } of readRows(path, { quote: '"' })) {
    rows.push(cells.map((cell) => cell.slice(0, MOST_LETTERS)));
    if (rows.length === ROWS) break;
  }
  if (rows.length === 0) throw new WrongFile(path, undefined, 'it is empty');
  const [provider, usage] = await Promise.all([
    detectFormat(path).catch(nullOfWrongFile),
    openUsageFile(path).catch(nullOfWrongFile),
  ]);
  return { rows, provider, upstream: usage?.layout.title ?? null };
}

function nullOfWrongFile(error: unknown): null {
  if (error instanceof WrongFile) return null;
  throw error;
}

import type pg from 'pg';

/** What of the driver's connection a COPY needs. */
interface CopyConnection {
  query(text: string): void;
}

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Signature, flags, and the length of an extension that no server sends. */
const HEADER_BYTES = SIGNATURE.length + 8;
const END_OF_ROWS = -1;

const MOST_COLUMNS = 64;

/** One row of a binary COPY, no column of it null. Valid only until the callback it was given to returns; columns count from 0. */
export class CopiedRow {
  private chunk: Buffer = Buffer.alloc(0);
  /** Where each column begins and ends. */
  private readonly bounds = new Int32Array(2 * MOST_COLUMNS);

  /** @returns false for the end of the rows, which is no row */
  load(chunk: Buffer): boolean {
    this.chunk = chunk;
    let at =
      chunk[0] === SIGNATURE[0] && chunk.subarray(0, SIGNATURE.length).equals(SIGNATURE) ? HEADER_BYTES : 0;
    if (at === chunk.length) return false;
    const columns = chunk.readInt16BE(at);
    if (columns === END_OF_ROWS) return false;
    at += 2;
    for (let column = 0; column < columns; column++) {
      const from = at + 4;
      at = from + chunk.readInt32BE(at);
      this.bounds[2 * column] = from;
      this.bounds[2 * column + 1] = at;
    }
    return true;
  }

  private from(column: number): number {
    return this.bounds[2 * column] ?? 0;
  }

  private to(column: number): number {
    return this.bounds[2 * column + 1] ?? 0;
  }

  bigint(column: number): bigint {
    return this.chunk.readBigInt64BE(this.from(column));
  }

  text(column: number): string {
    return this.chunk.toString('utf8', this.from(column), this.to(column));
  }

  uuid(column: number): string {
    const hex = this.chunk.toString('hex', this.from(column), this.to(column));
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** Cut off to the millisecond. The server counts microseconds from the year 2000. */
  time(column: number): Date {
    return new Date(Math.floor(Number(this.bigint(column)) / 1_000) + YEAR_2000_MS);
  }
}

const YEAR_2000_MS = Date.UTC(2000, 0, 1);

/** One binary `COPY … TO STDOUT`, by the driver's interface of queries that submit themselves. */
class CopyOut {
  private failed: Error | undefined;
  private readonly row = new CopiedRow();

  constructor(
    private readonly query: string,
    private readonly onRow: (row: CopiedRow) => void,
    public callback: (error?: Error | null) => void,
  ) {}

  submit(connection: CopyConnection): void {
    connection.query(`COPY (${this.query}) TO STDOUT (FORMAT binary)`);
  }

  /** The server sends a message a row. */
  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    if (this.failed !== undefined) return;
    try {
      if (this.row.load(chunk)) this.onRow(this.row);
    } catch (error) {
      // The rest still comes; the connection can be used again only when it has come.
      this.failed = error instanceof Error ? error : new Error('a row could not be read');
    }
  }

  handleCommandComplete(): void {
    // What counts is the connection being ready again.
  }

  handleReadyForQuery(): void {
    this.callback(this.failed);
  }

  handleError(error: Error): void {
    this.callback(error);
  }
}

/**
 * Runs a query without parameters and hands over each row as it comes: a third of the server's work of a result as JSON, and
 * nothing of its size in memory. Columns must not be null.
 */
export function copyOut(
  client: Pick<pg.ClientBase, 'query'>,
  query: string,
  onRow: (row: CopiedRow) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => (error ? reject(error) : resolve());
    client.query(new CopyOut(query, onRow, done) as unknown as pg.Submittable);
  });
}

import type pg from 'pg';

/** What a column takes: text that PostgreSQL reads as the column's type, or null. */
export type CopyValue = string | number | bigint | boolean | null;

/** What of the driver's connection a COPY needs; its types leave these out. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/**
 * One `COPY … FROM STDIN` of what is in memory: a fifth of the server's work for the same rows as JSON, and no indexes of
 * parameters to build here. Follows the driver's interface of queries that submit themselves.
 */
class CopyIn {
  /** Instead of the pool's own: a checkpoint of the server may come between. */
  readonly query_timeout = 120_000;
  private copied = 0;

  constructor(
    private readonly text: string,
    private readonly data: Buffer,
    public callback: (error: Error | null, copied?: number) => void,
  ) {}

  submit(connection: CopyConnection): void {
    connection.query(this.text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.data);
    connection.endCopyFrom();
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.copied = Number(text.slice('COPY '.length));
  }

  handleReadyForQuery(): void {
    this.callback(null, this.copied);
  }

  handleError(error: Error): void {
    this.callback(error);
  }
}

/**
 * Copies rows into a table within the caller's transaction.
 *
 * @param target table and columns, as `p_journal.entries (position, type)`
 * @param lines of `copyLine`, joined
 * @returns the number of rows
 */
export function copyInto(tx: Pick<pg.ClientBase, 'query'>, target: string, lines: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, copied = 0): void => (error ? reject(error) : resolve(copied));
    tx.query(new CopyIn(`COPY ${target} FROM STDIN`, Buffer.from(lines), done) as unknown as pg.Submittable);
  });
}

/**
 * A row in COPY's text format, in the order of the columns. NUL, which PostgreSQL cannot store, becomes U+FFFD, as halves of
 * surrogate pairs do when the line is made bytes.
 */
export function copyLine(values: readonly CopyValue[]): string {
  let line = '';
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? null;
    if (index > 0) line += '\t';
    if (value === null) line += '\\N';
    else if (typeof value !== 'string') line += value;
    else line += UNFIT.test(value) ? value.replace(ALL_UNFIT, escapeOf) : value;
  }
  return `${line}\n`;
}

const UNFIT = /[\\\t\n\r\0]/;
const ALL_UNFIT = /[\\\t\n\r\0]/g;
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\uFFFD',
};
const escapeOf = (character: string): string => escapes[character] ?? character;

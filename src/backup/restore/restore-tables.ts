import type pg from 'pg';
import { UnreadableLine } from '../../eventstore/ndjson/event-line.js';
import { readLines } from '../../eventstore/ndjson/event-lines.js';
import type { WholeBackup } from '../folder/check-backup.js';
import { readPacked } from '../folder/packed-file.js';
import { type KeptTable, NotWhole } from '../manifest.js';
import { KEPT_SEQUENCES, KEPT_TABLES } from '../tables.js';
import { columnsOf } from '../write/dump-tables.js';

const ROWS_AT_ONCE = 1_000;

/** Puts back what only the database had, within the caller's transaction. @throws NotWhole for a backup of a newer schema; CannotUnseal */
export async function restoreTables(tx: pg.ClientBase, backup: WholeBackup): Promise<void> {
  const { tables } = backup.manifest;
  const known = new Set<string>(KEPT_TABLES.map(({ table }) => table));
  for (const kept of tables.kept) {
    const columns = known.has(kept.table) ? await columnsOf(tx, kept.table) : [];
    const strange = columns.length === 0 ? kept.table : kept.columns.find((name) => !columns.includes(name));
    if (strange !== undefined)
      throw new NotWhole(
        `the backup has ${strange}, of which this version knows nothing: restore with the version that wrote it`,
      );
    await restoreTable(tx, kept, backup);
  }
}

async function restoreTable(tx: pg.ClientBase, kept: KeptTable, { folder, key }: WholeBackup): Promise<void> {
  const { table, columns } = kept;
  // A database that was opened before has an id of its own.
  await tx.query(`DELETE FROM ${table}`);
  let rows: string[] = [];
  let restored = 0;
  const put = async (): Promise<void> => {
    const names = columns.join(', ');
    // The lines are handed on as they are: PostgreSQL reads what it wrote.
    const { rowCount } = await tx.query(
      `INSERT INTO ${table} (${names}) OVERRIDING SYSTEM VALUE
       SELECT ${names} FROM json_populate_recordset(NULL::${table}, $1::json)`,
      [`[${rows.join(',')}]`],
    );
    restored += rowCount ?? 0;
    rows = [];
  };
  try {
    for await (const line of readLines(readPacked(folder, kept, key))) {
      // Before the file is at its end, which tells that it is another one: it may have no end.
      if (restored + rows.length === kept.rows)
        throw new NotWhole(`${kept.file} has more than ${kept.rows} rows`);
      if (rows.push(line) === ROWS_AT_ONCE) await put();
    }
  } catch (error) {
    if (error instanceof UnreadableLine)
      throw new NotWhole(`${kept.file}: ${error.message}`, { cause: error });
    throw error;
  }
  if (rows.length > 0) await put();
  if (restored !== kept.rows) throw new NotWhole(`${kept.file} has ${restored} rows, and had ${kept.rows}`);
}

export interface NumbersGiven {
  /** The highest number that the log names. */
  readonly userId: number;
  readonly tokenId: number;
  /**
   * Left out beyond that: after the backup numbers were given that nothing here knows of, and a front end that remembers one must not
   * meet another person under it.
   */
  readonly leaveOut: number;
}

/** No number is given again that the log or the tables have. */
export async function restoreSequences(
  tx: pg.ClientBase,
  { manifest }: WholeBackup,
  { userId, tokenId, leaveOut }: NumbersGiven,
): Promise<void> {
  const inLog: Readonly<Record<string, number>> = { user_ids: userId, token_ids: tokenId };
  for (const name of KEPT_SEQUENCES) {
    const named = inLog[name];
    const last = manifest.sequences[name] ?? 0n;
    const given =
      named === undefined ? last : (last > BigInt(named) ? last : BigInt(named)) + BigInt(leaveOut);
    // The lanes of processes begin with 0, all others with 1; one that never gave any begins anew.
    if (given > 0n) await tx.query('SELECT setval($1::regclass, $2)', [name, given]);
  }
}

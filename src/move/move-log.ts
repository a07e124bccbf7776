import type pg from 'pg';
import { differencesOf, digestBooks } from '../books/digest/digest-books.js';
import type { LogKind } from '../commands/ledger/expected-log.js';
import { readLogHistory, tellOfLog, type ToldHistory } from '../commands/move/log-history.js';
import type { AppendOutcome, EventStore, StreamWrite } from '../eventstore/event-store.js';
import type { LogWriter } from '../eventstore/log-writer.js';
import type { Seals } from '../eventstore/seals.js';
import { type Alignment, alignLogs, CopyDiffers } from './align-logs.js';
import { copyEvents } from './copy-events.js';
import { isMoved } from './moved-events.js';
import { catchUp, settlePlaces, tablesOfTarget } from './move-tables.js';

/** One of the two logs of a move. */
export interface MovedLog {
  readonly kind: LogKind;
  /** Where it is, without secrets. */
  readonly place: string;
  /** With the original times of what it was copied from itself. */
  readonly store: EventStore;
}

export interface MoveOptions {
  readonly ledgerId: string;
  /** As the database knows it. */
  readonly generation: number;
  readonly source: MovedLog & {
    /** Appends the log's last event, so that nothing follows it. */
    readonly close: (write: StreamWrite, because: string) => Promise<AppendOutcome>;
    /** Resolves when every process has seen that the log is closed. */
    readonly untilQuiet: () => Promise<void>;
  };
  readonly target: MovedLog & { readonly writer: LogWriter };
  readonly pool: pg.Pool;
  /** What both logs are sealed by; without it seals are not looked at. */
  readonly seals?: Seals | undefined;
  readonly timezone: string;
  readonly newId: () => string;
  /** Who moves it. */
  readonly by: string;
  /** The move was finished before: it is only looked at again. */
  readonly done: boolean;
  /** Writes down where the log is from now on. */
  readonly noteLog: (
    tx: Pick<pg.ClientBase, 'query'>,
    log: { readonly kind: LogKind; readonly generation: number },
  ) => Promise<void>;
  readonly onProgress?: (step: string, events?: number) => void;
}

export interface MoveReport {
  readonly copyId: string;
  readonly events: number;
  readonly generation: number;
  /** What the read models were, of both logs, when the log was moved. */
  readonly tables: NonNullable<ToldHistory['copied']>['tables'];
}

/** The log cannot be moved as it was asked for: nothing was changed. */
export class CannotMove extends Error {
  override readonly name = 'CannotMove';
}

/**
 * Moves a ledger's log: copies it while it is in use, closes it, copies the rest, compares both event by event, makes the tables of the
 * new one and compares them too. Each step finds out what was done, so that it goes on wherever it was stopped.
 *
 * @throws CannotMove, CopyDiffers, SourceNotWhole, OutOfOrder, EventStoreUnavailable
 */
export async function moveLog(options: MoveOptions): Promise<MoveReport> {
  const { source, target, onProgress } = options;
  const copyId = await begin(options);
  const { copied, copyEnd } = await readLogHistory(target.store);
  if (!copied) await copyAll(options, copyId);
  onProgress?.('comparing both logs');
  const digests = copied ? Promise.resolve(copied.tables) : tablesOfSource(options);
  // Whoever is told that the logs differ need not hear of the tables too, and finds nothing under way any more.
  const digested = digests.catch(() => undefined);
  let alignment;
  try {
    alignment = await compare(options, copied && copyEnd);
  } finally {
    await digested;
  }
  const finished = copied ?? (await finish(options, copyId, alignment, await digests));
  if (!options.done) await changeOver(options, finished, alignment);
  onProgress?.(`the log is at ${target.place}, and no longer at ${source.place}`);
  const { generation, tables } = finished;
  return { copyId, events: alignment.events, generation, tables };
}

/** Tables and reactions go over to the copy. @throws CopyDiffers when the tables of the two logs do */
async function changeOver(
  { pool, timezone, seals, target, noteLog, onProgress }: MoveOptions,
  { tables: before, generation }: NonNullable<ToldHistory['copied']>,
  { last, places }: Alignment,
): Promise<void> {
  onProgress?.('making the tables of the new log');
  const after = await tablesOfTarget({ pool, timezone, seals, store: target.store, last });
  const tables = before.map((each) => ({ ...each, rows: BigInt(each.rows) }));
  const differing = differencesOf({ ...after, tables }, after);
  if (differing.length > 0)
    throw new CopyDiffers(
      `the tables of the new log differ from those of the old one: ${differing.join(', ')}`,
    );
  const { kind, store } = target;
  await settlePlaces(pool, { store, places, generation }, (tx) => noteLog(tx, { kind, generation }));
}

/** Answers the id of the copy. @throws CannotMove */
async function begin({ source, target, ledgerId, newId, by }: MoveOptions): Promise<string> {
  const { closed } = await readLogHistory(source.store);
  const { begun } = await readLogHistory(target.store);
  if (closed && begun && closed.copy_id !== begun.copy_id)
    throw new CannotMove(`the log was moved already, to ${closed.place}: that is another copy than this one`);
  if (begun) {
    if (begun.ledger_id === ledgerId && begun.from === source.kind) return begun.copy_id;
    throw new CannotMove(
      `there is a log already, of ledger ${begun.ledger_id}: a log is copied into an empty one`,
    );
  }
  if ((await target.store.head()) >= 0n)
    throw new CannotMove('there are events already: a log is copied into an empty one');
  const copy_id = closed?.copy_id ?? newId();
  const data = { ledger_id: ledgerId, copy_id, from: source.kind, by };
  await tellOfLog(target.store, { type: 'log-copy-begun', data }, (write) => target.store.append([write]));
  return copy_id;
}

async function copyAll(options: MoveOptions, copyId: string): Promise<void> {
  const { source, target, onProgress } = options;
  const { copyEnd } = await readLogHistory(source.store);
  const copying = {
    ...{ source: source.store, target: target.store, copyEnd, writer: target.writer },
    onProgress: (doing: string, events: number) => onProgress?.(doing, events),
  };
  const ended = (await isClosed(source.store)) ? undefined : await copyEvents(copying);
  await close(options, copyId);
  // Both are compared from end to end when all is there.
  await copyEvents(copying, ended);
}

const isClosed = async (store: EventStore): Promise<boolean> =>
  (await readLogHistory(store)).closed !== undefined;

async function close(
  { source, target, ledgerId, by, onProgress }: MoveOptions,
  copyId: string,
): Promise<void> {
  onProgress?.('closing the log');
  const data = { ledger_id: ledgerId, copy_id: copyId, to: target.kind, place: target.place, by };
  const because = `it was moved to ${target.place} (copy ${copyId})`;
  await tellOfLog(source.store, { type: 'log-closed', data }, (write) => source.close(write, because));
  await source.untilQuiet();
}

/** Both are whole and alike. @throws CopyDiffers */
async function compare(
  { source, target, onProgress }: MoveOptions,
  copyEnd: bigint | undefined,
): Promise<Alignment> {
  const alignment = await alignLogs({
    ...{ source: source.store, target: target.store, copyEnd },
    onProgress: (events) => onProgress?.('comparing', events),
  });
  const page = await source.store.readAll({ after: alignment.after, limit: 100 });
  const left = page.events.filter(isMoved);
  if (left.length === 0) return alignment;
  const first = left[0];
  throw new CopyDiffers(
    `the closed log has events that its copy does not have, from position ${first?.position} on (${first?.type} in ${first?.stream}): somebody wrote into it after it was closed`,
  );
}

/** What the tables are of all that the closed log has: the database is at it while the logs are compared. */
async function tablesOfSource(options: MoveOptions): Promise<MoveReport['tables']> {
  const { pool, timezone, source, seals } = options;
  await catchUp({ pool, timezone, source, seals });
  const { tables } = await digestBooks(pool);
  return tables.map((each) => ({ ...each, rows: Number(each.rows) }));
}

/** The copy is the ledger's log from here on. */
async function finish(
  options: MoveOptions,
  copyId: string,
  { events, after }: Alignment,
  tables: MoveReport['tables'],
): Promise<NonNullable<ToldHistory['copied']>> {
  const { source, target, ledgerId, by } = options;
  const data = {
    ...{ ledger_id: ledgerId, copy_id: copyId, from: source.kind, generation: options.generation + 1 },
    ...{ events, until: after.toString(), by, tables },
  };
  await tellOfLog(target.store, { type: 'log-copied', data }, (write) => target.store.append([write]));
  return data;
}

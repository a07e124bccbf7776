import { ledgerDecider } from '../../domain/ledger/decide.js';
import { UnreadableEvent } from '../../domain/events/codec.js';
import type { FoundedLedger } from '../../domain/ledger/state.js';
import { ledgerStream } from '../../domain/streams.js';
import { BEFORE_FIRST, type EventStore } from '../../eventstore/event-store.js';
import { assertApplied, isInPlace } from '../../eventstore/applied-event.js';
import type { Sealing, Seals } from '../../eventstore/seals.js';
import { SkippedPlaces } from '../../eventstore/skipped-places.js';
import { ACCEPT_OLDER, WrongLog } from '../../eventstore/wrong-log.js';
import { load } from '../handling/load.js';
import { readLogHistory, type ToldHistory } from '../move/log-history.js';
import { readSealings } from './sealings.js';
import { type ExpectedLog, type LogKind, placeOf, type Seen } from './expected-log.js';

const RESTORE = 'Bring the right log back, or restore it (docs/operators.md, "Which log").';

/** What the log says of itself; undefined where nothing does. `position`: of its last word about that. */
export interface RecognisedLog extends FoundedLedger {
  readonly position: bigint;
  /** What was copied from another log stands before it. */
  readonly copyEnd: bigint | undefined;
  /** The log that it is a whole copy of, by the ledger's generation of then. */
  readonly copyOf: { readonly kind: LogKind; readonly generation: number } | undefined;
  readonly skippedPlaces: SkippedPlaces;
  /** From where on all is sealed, in the order of the log. */
  readonly sealings: readonly Sealing[];
}

/**
 * @param seals where what the log says of itself is to be sealed by them
 * @throws EventStoreUnavailable, WrongLog when it cannot be read, or is nobody's: a former log, or an unfinished copy
 */
export async function readLedger(
  store: Pick<EventStore, 'readStream'>,
  seals?: Seals,
): Promise<RecognisedLog | undefined> {
  try {
    const history = await readLogHistory(store);
    assertInUse(history);
    const { state, positions } = await load(store, ledgerStream, ledgerDecider);
    const { copied, copyEnd } = history;
    if (!state) return undefined;
    return {
      ...state,
      position: positions.at(-1) ?? BEFORE_FIRST,
      generation: Math.max(state.generation, copied?.generation ?? 0),
      copyEnd,
      skippedPlaces: new SkippedPlaces(state.skipped),
      sealings: await readSealings(store, seals),
      copyOf: copied && { kind: copied.from, generation: copied.generation - 1 },
    };
  } catch (error) {
    if (!(error instanceof UnreadableEvent)) throw error;
    throw new WrongLog('altered', `what the log says of itself cannot be read: ${error.message}. ${RESTORE}`);
  }
}

/** @throws WrongLog */
function assertInUse({ begun, copied, closed }: ToldHistory): void {
  if (closed) {
    const { ledger_id, to, copy_id } = closed;
    throw new WrongLog(
      'moved',
      `the log of ledger ${ledger_id} was moved to ${placeOf[to]} (copy ${copy_id}), and this one is closed: nothing is appended to it. ${to === 'postgres' ? 'Take EVENTSTORE_URL away from every process' : 'Give every process the EVENTSTORE_URL of the new one'}; counterfoil log show says where it is.`,
    );
  }
  if (!begun || copied) return;
  throw new WrongLog(
    'unfinished-copy',
    `expected the log of ledger ${begun.ledger_id}; found a copy of it that is not whole (copy ${begun.copy_id}). Finish it: counterfoil log copy, as it was begun.`,
  );
}

/** Before anything is asked of a log: a ledger's log stays where it is kept. @throws WrongLog */
export function assertKind({ ledgerId, logKind }: ExpectedLog['instance'], kind: LogKind): void {
  if (logKind === undefined || logKind === kind) return;
  const forgotten = kind === 'postgres' ? 'EVENTSTORE_URL is not set' : 'EVENTSTORE_URL is set';
  throw new WrongLog(
    'another-kind',
    `the log of ledger ${ledgerId} is kept in ${placeOf[logKind]}, but this process was told to use ${placeOf[kind]}: ${forgotten}. Give every process the same EVENTSTORE_URL.`,
  );
}

/**
 * Whether the log is the one that is expected: it says so itself, and it has what was seen in it.
 * @throws WrongLog, EventStoreUnavailable
 */
export async function assertRightLog(
  log: Pick<EventStore, 'readStream' | 'reaches'>,
  { instance, applied, seen }: ExpectedLog,
  found: (FoundedLedger & Pick<RecognisedLog, 'copyOf'>) | undefined,
): Promise<void> {
  const { ledgerId, logKind, generation } = instance;
  if (!found && logKind !== undefined) {
    throw new WrongLog(
      'not-founded',
      `expected the log of ledger ${ledgerId}; found one that does not say whose it is, empty or of something else. ${RESTORE}`,
    );
  }
  if (found && found.ledgerId !== ledgerId) {
    throw new WrongLog(
      'another-ledger',
      `expected the log of ledger ${ledgerId}; found that of ledger ${found.ledgerId}, founded ${found.foundedAt}. Log and database do not belong together: look at EVENTSTORE_URL and DATABASE_URL; two ledgers need a log each.`,
    );
  }
  if (found && found.generation < generation) {
    throw new WrongLog(
      'another-generation',
      `expected generation ${generation} of the log of ledger ${ledgerId}; found generation ${found.generation}: a copy from before an older one was accepted. ${RESTORE}`,
    );
  }
  if (found?.copyOf && logKind !== undefined && generation <= found.copyOf.generation) {
    throw new WrongLog(
      'unfinished-copy',
      `expected generation ${generation} of the log of ledger ${ledgerId}; found the copy that was made of it (generation ${found.generation}), which the tables are not of. Finish the move: counterfoil log copy, as it was begun. Where the database is an older copy: counterfoil log accept (docs/operators.md, "Which log").`,
    );
  }
  await assertApplied(log, applied);
  await assertSeen(log, seen);
}

/**
 * A log that does not say whose it is may be taken for this ledger's when the tables were made of it, or when it is new. Answers what it says
 * now, where another process has founded it since it was read.
 *
 * @throws WrongLog, EventStoreUnavailable
 */
export async function foundMeanwhile(
  log: Pick<EventStore, 'head' | 'readStream'>,
  { instance, applied }: ExpectedLog,
): Promise<RecognisedLog | undefined> {
  if (instance.logKind !== undefined || applied.length > 0) return undefined;
  if ((await log.head()) === BEFORE_FIRST) return undefined;
  const found = await readLedger(log);
  if (found) return found;
  throw new WrongLog(
    'not-founded',
    `expected a new log for ledger ${instance.ledgerId}; found one that has events, of which this database knows nothing. Look at EVENTSTORE_URL and DATABASE_URL; where the two do belong together: counterfoil log accept (docs/operators.md, "Which log").`,
  );
}

/** Where the configuration says so, a log without a word of seals is not the right one. @throws WrongLog */
export function assertSealed({ ledgerId, sealings }: Pick<RecognisedLog, 'ledgerId' | 'sealings'>): void {
  if (sealings.length > 0) return;
  throw new WrongLog(
    'not-sealed',
    `expected a log of ledger ${ledgerId} that says from where on it is sealed (SEALED_LOG=required); found one that does not: it is from before there were seals, or its word about them was taken out. For one from before, once every process has this version: counterfoil log seal (docs/operators.md, "An event that is not sealed").`,
  );
}

/** Refuses a log that ends before what somebody has seen of it, or has grown another way. @throws WrongLog, EventStoreUnavailable */
export async function assertSeen(
  log: Pick<EventStore, 'readStream' | 'reaches'>,
  seen: readonly Seen[],
): Promise<void> {
  for (const { position, last, by } of seen) {
    if (position !== undefined && !(await log.reaches(position)))
      throw new WrongLog(
        'older',
        `expected the log to reach position ${position}, where ${by} has seen it; found that it ends before: it was put back to an older copy, or its end is missing. ${ACCEPT_OLDER}`,
      );
    if (last && !(await isInPlace(log, last)))
      throw new WrongLog(
        'older',
        `expected the event that ${by} has seen last, revision ${last.revision} of ${last.stream} at position ${last.position}; found that it is not there: the log was put back to an older copy and has grown since, or is another one. ${ACCEPT_OLDER}`,
      );
  }
}

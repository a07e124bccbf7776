import { isDeepStrictEqual } from 'node:util';
import type { EventStore, RecordedEvent } from '../../eventstore/event-store.js';
import { readLog } from '../../eventstore/read-log.js';
import type { Seals } from '../../eventstore/seals.js';
import type { WholeBackup } from '../folder/check-backup.js';
import { NotWhole } from '../manifest.js';
import { readBackupLog } from './restore-log.js';

/** A place where a log is not what a backup has of it, and the event that stands or stood there. */
export interface WrongPlace extends Pick<RecordedEvent, 'position' | 'stream' | 'type'> {
  readonly what: 'changed' | 'missing' | 'added';
}

/** What a log is beside a backup of it. */
export interface BesideBackup {
  readonly wrong: number;
  /** The first of them. */
  readonly places: readonly WrongPlace[];
  /** Where in the log as it stands the backup's last event is: what comes behind was written after the backup. */
  readonly after: bigint;
  /** That event is sealed, so that what came behind it has to be. */
  readonly isSealed: boolean;
  /** Events behind it whose seal is not right: the service did not write them. */
  readonly unsealed: readonly bigint[];
}

const PLACES_TOLD = 20;

interface Log {
  /** As it is, whatever it says. */
  readonly store: Pick<EventStore, 'readAll'>;
  readonly seals: Pick<Seals, 'sealOf'>;
}

/** Holds a log without gaps against its backup, event by event. @throws NotWhole where the backup is of a log with gaps */
export async function besideBackup({ store, seals }: Log, backup: WholeBackup): Promise<BesideBackup> {
  const found = new Found(backup.manifest.log.last, seals);
  const log = eventsBehind(store, -1n);
  const next = async (): Promise<RecordedEvent | undefined> => {
    const { value } = (await log.next()) as { readonly value: RecordedEvent | undefined };
    if (value) found.meet(value);
    return value;
  };
  let there = await next();
  let place = 0n;
  let last: RecordedEvent | undefined;
  for await (const right of readBackupLog(backup)) {
    if (right.position !== place++)
      throw new NotWhole('it is of a log whose places have gaps, and this one has none');
    last = right;
    for (; there && there.position < right.position; there = await next()) found.note('added', there);
    if (there?.position !== right.position) {
      found.note('missing', right);
      continue;
    }
    if (!isSame(there, right)) found.note('changed', right);
    there = await next();
  }
  while (there) there = await next();
  found.isSealed = last !== undefined && isRightlySealed(last, seals);
  return found;
}

/** The log as it is to be: what the backup has, and what was written after it. */
export async function* rightLog(
  { store }: Pick<Log, 'store'>,
  backup: WholeBackup,
  { after, unsealed }: Pick<BesideBackup, 'after' | 'unsealed'>,
): AsyncGenerator<RecordedEvent> {
  yield* readBackupLog(backup);
  const without = new Set(unsealed);
  for await (const event of eventsBehind(store, after)) if (!without.has(event.position)) yield event;
}

class Found implements BesideBackup {
  wrong = 0;
  readonly places: WrongPlace[] = [];
  after: bigint;
  isSealed = false;
  unsealed: bigint[] = [];

  constructor(
    private readonly last: Pick<RecordedEvent, 'id' | 'position'>,
    private readonly seals: Log['seals'],
  ) {
    this.after = last.position;
  }

  note(what: WrongPlace['what'], { position, stream, type }: RecordedEvent): void {
    this.wrong += 1;
    if (this.places.length < PLACES_TOLD) this.places.push({ what, position, stream, type });
  }

  meet(event: RecordedEvent): void {
    if (event.id === this.last.id) {
      this.after = event.position;
      this.unsealed = [];
    } else if (event.position > this.after && !isRightlySealed(event, this.seals)) {
      this.unsealed.push(event.position);
      this.note('added', event);
    }
  }
}

const isRightlySealed = (event: RecordedEvent, seals: Log['seals']): boolean =>
  typeof seals.sealOf(event) === 'object';

const isSame = (one: RecordedEvent, other: RecordedEvent): boolean =>
  one.id === other.id &&
  one.stream === other.stream &&
  one.revision === other.revision &&
  one.type === other.type &&
  one.recordedAt.getTime() === other.recordedAt.getTime() &&
  isDeepStrictEqual(one.data, other.data) &&
  isDeepStrictEqual(one.metadata, other.metadata);

async function* eventsBehind(store: Log['store'], after: bigint): AsyncGenerator<RecordedEvent> {
  for await (const { events } of readLog(store, { after, withPassedOver: true, evenUnsealed: true }))
    yield* events;
}

import type { RecordedEvent as ClientEvent } from '@eventstore/db-client';
import type { TakenAway } from '../event-store.js';
import { recordedPosition } from './recorded-event.js';

const METADATA_OF = '$$';
/** What limits which events of a stream are kept. `$tb` of 0 limits nothing. */
const LIMITS = ['$tb', '$maxCount', '$maxAge'] as const;

/**
 * What the server says, among the events of a page, of events being taken away from streams of ours: a tombstone, or metadata by which
 * events are no longer read and one day gone. What was undone since is not told of.
 *
 * @param lastOf the last event of a stream, undefined where there is none
 */
export async function takenAway(
  page: readonly ClientEvent[],
  isOurs: (stream: string) => boolean,
  lastOf: (stream: string) => Promise<ClientEvent | undefined>,
): Promise<readonly TakenAway[]> {
  const found: TakenAway[] = [];
  for (const event of page) {
    if (event.type === '$streamDeleted') {
      if (isOurs(event.streamId))
        found.push(told(event, event.streamId, 'it was deleted for good (a tombstone)'));
      continue;
    }
    if (event.type !== '$metadata' || !event.streamId.startsWith(METADATA_OF)) continue;
    const stream = event.streamId.slice(METADATA_OF.length);
    if (!isOurs(stream) || limitIn(event) === undefined) continue;
    const now = limitIn(await lastOf(event.streamId));
    if (now !== undefined) found.push(told(event, stream, now));
  }
  return found;
}

const told = (event: ClientEvent, stream: string, how: string): TakenAway => ({
  stream,
  position: recordedPosition(event),
  how,
});

function limitIn(metadata: ClientEvent | undefined): string | undefined {
  const { data } = metadata ?? {};
  if (typeof data !== 'object' || data === null) return undefined;
  const limits = data as Readonly<Record<string, unknown>>;
  const name = LIMITS.find((each) => limits[each] !== undefined && limits[each] !== 0);
  if (name === undefined) return undefined;
  // A deletion truncates before the last revision that there can be.
  if (name === '$tb' && Number(limits[name]) > Number.MAX_SAFE_INTEGER) return 'it was deleted';
  return `a limit was set on it (${name} ${String(limits[name])})`;
}

import type { RecordedEvent, TakenAway } from '../event-store.js';

/** What is looked at of an event. */
type Told = Pick<RecordedEvent, 'stream' | 'type' | 'position' | 'data'>;

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
  page: readonly Told[],
  isOurs: (stream: string) => boolean,
  lastOf: (stream: string) => Promise<Told | undefined>,
): Promise<readonly TakenAway[]> {
  const found: TakenAway[] = [];
  for (const event of page) {
    if (event.type === '$streamDeleted') {
      if (isOurs(event.stream))
        found.push(told(event, event.stream, 'it was deleted for good (a tombstone)'));
      continue;
    }
    if (event.type !== '$metadata' || !event.stream.startsWith(METADATA_OF)) continue;
    const stream = event.stream.slice(METADATA_OF.length);
    if (!isOurs(stream) || limitIn(event) === undefined) continue;
    const now = limitIn(await lastOf(event.stream));
    if (now !== undefined) found.push(told(event, stream, now));
  }
  return found;
}

const told = (event: Told, stream: string, how: string): TakenAway => ({
  stream,
  position: event.position,
  how,
});

function limitIn(metadata: Told | undefined): string | undefined {
  const limits = metadata?.data ?? {};
  const name = LIMITS.find((each) => limits[each] !== undefined && limits[each] !== 0);
  if (name === undefined) return undefined;
  // A deletion truncates before the last revision that there can be.
  if (name === '$tb' && Number(limits[name]) > Number.MAX_SAFE_INTEGER) return 'it was deleted';
  return `a limit was set on it (${name} ${String(limits[name])})`;
}

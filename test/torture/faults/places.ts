import { type RawEvent, readRawLog } from '../check/raw-log.js';
import type { FaultWorld } from './inject.js';

/** Where clients know things to be in the log is told anew, as a front end is told to forget it: the log is another one, of the same events. */
export async function tellNewPlaces(
  { cluster, observations }: Pick<FaultWorld, 'cluster' | 'observations'>,
  before: readonly RawEvent[],
): Promise<void> {
  const places = new Map((await readRawLog(cluster)).map(({ id, position }) => [id, position]));
  const moved = before.flatMap(({ id, position }) => {
    const there = places.get(id);
    return there === undefined ? [] : [{ from: position, to: there }];
  });
  observations.moveTo((position) => moved.findLast((place) => place.from <= position)?.to ?? -1n);
}

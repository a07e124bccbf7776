import type { Anchor, ToAnchor } from './anchor.js';
import type { ObjectStore } from './object-store.js';
import { type Obstacle, obstacleOf, openedNote, type OwnKeys } from './remembered-note.js';

/** The last one, by the name that it has in a folder too. */
const NEWEST = 'checkpoint';
/** Enough for every size, so that names are in the order of sizes. */
const SIZE_DIGITS = 16;
/** A start, and `verify`, wait for it. */
const REMEMBERED_WITHIN_MS = 5_000;

/**
 * A bucket of a store that speaks S3: what a folder has, and every checkpoint under its size, which is written once and never again. Two
 * histories of a ledger cannot both have a name.
 */
export function objectStoreAnchor(
  { name, everyMs }: Pick<Anchor, 'name' | 'everyMs'>,
  store: ObjectStore,
  keys: OwnKeys,
): Anchor {
  return {
    name,
    everyMs,
    remembered: async () => {
      const got = await store.get(NEWEST, AbortSignal.timeout(REMEMBERED_WITHIN_MS));
      if (got.kind === 'refused') throw new Error(got.reason);
      return got.kind === 'found' ? got.text : undefined;
    },
    take: async (given, signal) => {
      const newest = await store.get(NEWEST, signal);
      if (newest.kind === 'refused') return { kind: 'failed', reason: newest.reason };
      const text = newest.kind === 'found' ? newest.text : undefined;
      const lost = 'who has taken it away?';
      const obstacle =
        (await obstacleOf(text, given, { keys, lost })) ?? (await keepOnce(store, given, keys, signal));
      if (obstacle) return obstacle;
      const { note, signedAt } = given.checkpoint;
      for (const place of [`days/${signedAt.toISOString().slice(0, 10)}`, NEWEST]) {
        const put = await store.put(place, note, signal);
        if (put.kind === 'refused') return { kind: 'failed', reason: put.reason };
      }
      return { kind: 'taken' };
    },
  };
}

/** Writes it under its size. What stands there already is this one, of an attempt that was not heard of, or another history's. */
async function keepOnce(
  store: ObjectStore,
  { checkpoint: { note, size, root } }: ToAnchor,
  keys: OwnKeys,
  signal: AbortSignal,
): Promise<Obstacle | undefined> {
  const place = `checkpoints/${String(size).padStart(SIZE_DIGITS, '0')}`;
  const put = await store.putOnce(place, note, signal);
  if (put.kind === 'put') return undefined;
  if (put.kind === 'refused') return { kind: 'failed', reason: put.reason };
  const got = await store.get(place, signal);
  if (got.kind === 'refused') return { kind: 'failed', reason: got.reason };
  if (got.kind === 'none')
    return { kind: 'failed', reason: `it says that ${place} is there, and that it is not` };
  const before = await openedNote(got.text, keys);
  if (typeof before === 'string') return { kind: 'failed', reason: `${place}: ${before}` };
  return before.size === size && before.root.equals(root)
    ? undefined
    : {
        kind: 'contradicts',
        reason: `it has another checkpoint under the name of ${size} entries: history was changed`,
      };
}

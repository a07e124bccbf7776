import type pg from 'pg';
import { publishedCheckpoint } from './checkpoint-tables.js';
import { bundleOf, entriesOf } from './entry-bundle.js';
import { EVENTS_A_TILE, levelsOf, tilesOf } from './tile.js';
import type { TileName } from './tile-path.js';
import { readBundle, tileReader } from './tree-tables.js';

type Queryable = Pick<pg.Pool, 'query'>;

/** What a tiled log serves, by name: of what was signed, and no more. */
export interface ServedFiles {
  /** Undefined before the first. */
  checkpoint(): Promise<string | undefined>;
  /** Undefined for one that no checkpoint needs. */
  tile(name: TileName): Promise<Buffer | undefined>;
}

export function createServedFiles(db: Queryable): ServedFiles {
  return {
    checkpoint: async () => (await publishedCheckpoint(db))?.note,
    tile: async (name) => {
      const size = (await publishedCheckpoint(db))?.size ?? 0;
      return widthOf(name, size) < name.width ? undefined : contentOf(db, name);
    },
  };
}

/** How wide that tile is in a tree of that size. */
function widthOf({ level, index }: TileName, size: number): number {
  const { full, width } = tilesOf(size, level === 'entries' ? 0 : level);
  if (index < full) return EVENTS_A_TILE;
  return index === full ? width : 0;
}

async function contentOf(db: Queryable, { level, index, width }: TileName): Promise<Buffer | undefined> {
  if (level !== 'entries') return tileReader(db)(level, index, width);
  const entries = (await readBundle(db, index))?.entries;
  return width === EVENTS_A_TILE || !entries ? entries : bundleOf(entriesOf(entries, width));
}

/** All that a tree of that size consists of, a name a file. */
export function* namesOf(size: number): Generator<TileName> {
  for (let level = 0; level < levelsOf(size); level += 1) {
    const { full, width } = tilesOf(size, level);
    for (const kind of level === 0 ? ([0, 'entries'] as const) : [level]) {
      for (let index = 0; index < full; index += 1) yield { level: kind, index, width: EVENTS_A_TILE };
      if (width > 0) yield { level: kind, index: full, width };
    }
  }
}

import { EVENTS_A_TILE } from './tile.js';

/** A tile, or a bundle of entries, of which the first `width` are there. */
export interface TileName {
  /** `entries` for what the leaves are hashes of. */
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

/** As C2SP's tlog-tiles has it: `tile/0/x001/234.p/17`. */
export function tilePath({ level, index, width }: TileName): string {
  const groups: string[] = [];
  for (let rest = index, last = true; last || rest > 0; rest = Math.floor(rest / 1_000), last = false)
    groups.unshift(`${last ? '' : 'x'}${String(rest % 1_000).padStart(3, '0')}`);
  return `tile/${level}/${groups.join('/')}${width === EVENTS_A_TILE ? '' : `.p/${width}`}`;
}

const PATH = /^tile\/(0|[1-9][0-9]?|entries)\/((?:x[0-9]{3}\/){0,4}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;
const MAX_LEVEL = 63;

/** Undefined for what is no path of a tile, or is not written the one way there is. */
export function readTilePath(path: string): TileName | undefined {
  const [, level, groups, width] = PATH.exec(path) ?? [];
  if (level === undefined || groups === undefined) return undefined;
  const name: TileName = {
    level: level === 'entries' ? level : Number(level),
    index: Number(groups.replaceAll(/[x/]/g, '')),
    width: width === undefined ? EVENTS_A_TILE : Number(width),
  };
  if (name.level !== 'entries' && name.level > MAX_LEVEL) return undefined;
  return tilePath(name) === path ? name : undefined;
}

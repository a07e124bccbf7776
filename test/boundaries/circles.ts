/** One import: both files from the root of the project, `src/relay/call/settle-call.ts`. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** Rooms that reach each other, and the imports by which they do. */
export interface Circle {
  readonly rooms: readonly string[];
  readonly imports: readonly Import[];
}

/**
 * The room a file of `src` lies in: the second folder (`src/relay/call`) with everything below it, or, of a file that lies loose
 * in its layer, the file itself.
 */
export const roomOf = (file: string): string => file.split('/').slice(0, 3).join('/');

/**
 * Circles between rooms, where no file need be in a circle of files. The tool that checks the arrows takes the folders below a
 * room for rooms of their own, and would not see a circle that closes through one of them.
 */
export function circlesOf(imports: readonly Import[]): Circle[] {
  const between = imports.filter(({ from, to }) => roomOf(from) !== roomOf(to));
  const reached = reachOf(between);
  const reaches = (from: string, to: string) => reached.get(from)?.has(to) ?? false;
  const circles = new Map<string, Circle>();
  for (const room of reached.keys()) {
    if (!reaches(room, room)) continue;
    const rooms = [...reached.keys()].filter((other) => reaches(room, other) && reaches(other, room)).sort();
    const inside = between.filter(
      ({ from, to }) => rooms.includes(roomOf(from)) && rooms.includes(roomOf(to)),
    );
    circles.set(rooms.join(), { rooms, imports: inside });
  }
  return [...circles.values()];
}

/** Room -> every room that it reaches by one import or many. */
function reachOf(imports: readonly Import[]): Map<string, Set<string>> {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of imports)
    next.set(roomOf(from), (next.get(roomOf(from)) ?? new Set()).add(roomOf(to)));
  const reached = new Map<string, Set<string>>();
  for (const room of next.keys()) {
    const seen = new Set<string>();
    const waiting = [...(next.get(room) ?? [])];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      waiting.push(...(next.get(at) ?? []));
    }
    reached.set(room, seen);
  }
  return reached;
}

/** A circle as a person reads it: its rooms, and for each arrow between two of them the imports it consists of, at most three. */
export function sayCircle({ rooms, imports }: Circle): string {
  const arrows = new Map<string, string[]>();
  for (const { from, to } of imports) {
    const arrow = `${roomOf(from)} → ${roomOf(to)}`;
    arrows.set(arrow, [...(arrows.get(arrow) ?? []), `${from} → ${to}`]);
  }
  const lines = [...arrows].flatMap(([arrow, files]) => [
    `  ${arrow} (${files.length})`,
    ...files.slice(0, 3).map((file) => `      ${file}`),
  ]);
  return [`circle of folders: ${rooms.join(', ')}`, ...lines].join('\n');
}

import { join } from 'node:path';
import { makeFolder } from '../../support/durable-folder.js';
import type { Anchor } from './anchor.js';
import { NoteFile } from './note-file.js';
import type { OwnKeys } from './remembered-note.js';

/** A folder on another machine's disk, or an object store that is mounted: the last checkpoint, and the last one of each day. */
export function folderAnchor(
  { name, path, everyMs }: { readonly name: string; readonly path: string; readonly everyMs: number },
  keys: OwnKeys,
): Anchor {
  const file = new NoteFile({ folder: path, keys });
  const days = join(path, 'days');
  return {
    name,
    everyMs,
    remembered: () => file.read(),
    take: async (given) => {
      const obstacle = await file.obstacle(given);
      if (obstacle) return obstacle;
      const { note, signedAt } = given.checkpoint;
      await makeFolder(days);
      await file.write(note, join(days, signedAt.toISOString().slice(0, 10)));
      await file.write(note);
      return { kind: 'taken' };
    },
  };
}

import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ServedFiles } from './served-files.js';
import { namesOf } from './served-files.js';
import { tilePath } from './tile-path.js';
import { readCheckpointText } from './checkpoint.js';
import { readNote } from './signed-note.js';

/** What was written; files that were there already are left, since a tile never changes. */
export interface Exported {
  readonly size: number;
  readonly written: number;
  readonly kept: number;
}

/**
 * Writes the log as the files that are served: any server of files can serve them, and a copy that is exported again has only what is new.
 * The checkpoint is written last, when all that it needs is there. Undefined before the first checkpoint.
 */
export async function exportFiles(files: ServedFiles, folder: string): Promise<Exported | undefined> {
  const note = await files.checkpoint();
  if (note === undefined) return undefined;
  const { size } = readCheckpointText(readNote(note).text);
  let [written, kept] = [0, 0];
  for (const name of namesOf(size)) {
    const path = join(folder, tilePath(name));
    if (await stat(path).catch(() => undefined)) {
      kept += 1;
      continue;
    }
    const content = await files.tile(name);
    if (!content) throw new Error(`the log lacks ${tilePath(name)}`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { flush: true });
    written += 1;
  }
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'checkpoint'), note, { flush: true });
  return { size, written, kept };
}

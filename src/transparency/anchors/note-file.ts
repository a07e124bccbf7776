import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, renameDurably } from '../../support/durable-folder.js';
import type { ToAnchor } from './anchor.js';
import { type Obstacle, obstacleOf, type OwnKeys } from './remembered-note.js';

interface NoteFileOptions {
  readonly folder: string;
  readonly keys: OwnKeys;
}

/** A checkpoint as a file of that name, in a folder that remembers what it was given. */
export class NoteFile {
  constructor(private readonly options: NoteFileOptions) {}

  get path(): string {
    return join(this.options.folder, 'checkpoint');
  }

  /** Undefined where there is none. @throws what the file system says */
  async read(): Promise<string | undefined> {
    return readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
  }

  /** Why a checkpoint must not take the place of what stands there; undefined where it may. */
  async obstacle(given: ToAnchor): Promise<Obstacle | undefined> {
    return obstacleOf(await this.read(), given, { keys: this.options.keys, lost: 'is it mounted?' });
  }

  async write(note: string, name = this.path): Promise<void> {
    const { folder } = this.options;
    await makeFolder(folder);
    const beside = join(folder, `.checkpoint.${process.pid}`);
    await writeFile(beside, note, { flush: true });
    await renameDurably(beside, name);
  }
}

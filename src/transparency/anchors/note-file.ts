import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, renameDurably } from '../../support/durable-folder.js';
import { openCheckpoint, type OpenedCheckpoint } from '../checkpoint.js';
import type { VerifierKey } from '../note-keys.js';
import { BadNote } from '../signed-note.js';
import { contradictionOf, type Taken, type ToAnchor } from './anchor.js';

export interface NoteFileOptions {
  readonly folder: string;
  /** All keys that this ledger ever signed with. */
  readonly keys: () => Promise<readonly VerifierKey[]>;
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
  async obstacle({ known, ...given }: ToAnchor): Promise<Exclude<Taken, { kind: 'taken' }> | undefined> {
    const text = await this.read();
    if (text === undefined)
      return known === 0
        ? undefined
        : {
            kind: 'failed',
            reason: `the checkpoint of ${known} entries that it was given is not there: is it mounted?`,
          };
    const before = await this.opened(text);
    if (typeof before === 'string') return { kind: 'failed', reason: before };
    const contradiction = await contradictionOf(before, given);
    return contradiction === undefined ? undefined : { kind: 'contradicts', reason: contradiction };
  }

  async write(note: string, name = this.path): Promise<void> {
    const { folder } = this.options;
    await makeFolder(folder);
    const beside = join(folder, `.checkpoint.${process.pid}`);
    await writeFile(beside, note, { flush: true });
    await renameDurably(beside, name);
  }

  private async opened(text: string): Promise<OpenedCheckpoint | string> {
    try {
      return openCheckpoint(text, await this.options.keys());
    } catch (error) {
      if (error instanceof BadNote) return `what stands there is not this ledger's: ${error.message}`;
      throw error;
    }
  }
}

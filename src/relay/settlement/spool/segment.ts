import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../../support/sync-folder.js';

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * One append-only file of the spool. Lines that arrive together share one fsync; a line is durable when `append` resolves.
 * After a failed write the segment is broken: what it holds up to `bytes` is good, and nothing more may be added.
 */
export class SpoolSegment {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | undefined;
  private written = 0;
  private failure: unknown;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /** Creates the file, durably, with its first line; it must not exist. */
  static async create(path: string, firstLine: string): Promise<SpoolSegment> {
    const file = await open(path, 'ax', 0o600);
    await syncFolder(dirname(path)).catch(async (error: unknown) => {
      await file.close();
      throw error;
    });
    const segment = new SpoolSegment(path, file);
    // Where it fails, the segment is broken, and says so to the first charge.
    await segment.append(firstLine).catch(() => undefined);
    return segment;
  }

  get bytes(): number {
    return this.written;
  }

  get broken(): boolean {
    return this.failure !== undefined;
  }

  append(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ line, resolve, reject });
      this.writing ??= this.writeAll();
    });
  }

  async close(): Promise<void> {
    await this.writing;
    await this.file.close();
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      try {
        await this.write(group.map(({ line }) => line).join(''));
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.writing = undefined;
  }

  private async write(text: string): Promise<void> {
    if (this.failure) throw new Error('the spool file is broken', { cause: this.failure });
    const data = Buffer.from(text);
    try {
      await this.file.writeFile(data);
      await this.file.datasync();
      // A stranger that took this process for dead may have taken the file away meanwhile.
      if ((await this.file.stat()).nlink === 0) throw new Error('the spool file was removed');
      this.written += data.length;
    } catch (error) {
      this.failure = error;
      await this.file.truncate(this.written).catch(() => undefined);
      throw error;
    }
  }
}

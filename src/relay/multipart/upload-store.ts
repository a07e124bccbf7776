import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';

export interface UploadSettings {
  /** Where uploads are written that are too large for memory. Made when it is first needed. */
  readonly uploadDirectory: string;
  /** The most of one upload that is kept in memory. */
  readonly uploadMemoryBytes: number;
  /** On disk, of all uploads at once. */
  readonly uploadDiskBytes: number;
}

const READ_BYTES = 64 * 1024;

/** What this process keeps of its clients' uploads while their calls last: the small ones in memory, the others in files without a name. */
export class UploadStore {
  private diskBytes = 0;

  constructor(private readonly settings: UploadSettings) {}

  begin(): StoredUpload {
    const { uploadMemoryBytes, uploadDiskBytes, uploadDirectory } = this.settings;
    const claim = (bytes: number) => {
      if (this.diskBytes + bytes > uploadDiskBytes) throw new NoRoom();
      this.diskBytes += bytes;
    };
    return new StoredUpload(uploadMemoryBytes, uploadDirectory, claim, (bytes) => (this.diskBytes -= bytes));
  }
}

/** All uploads together are as large as they may be. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
}

/** One upload: written once from its beginning to its end, read any number of times, given up once. */
export class StoredUpload {
  private parts: Buffer[] = [];
  private memoryBytes = 0;
  private file: FileHandle | undefined;
  private fileBytes = 0;
  private discarded = false;

  constructor(
    private readonly maxMemoryBytes: number,
    private readonly directory: string,
    private readonly claim: (bytes: number) => void,
    private readonly give: (bytes: number) => void,
  ) {}

  /** A promise where it must be waited for before the next. @throws NoRoom */
  append(chunk: Buffer): Promise<void> | undefined {
    if (!this.file && this.memoryBytes + chunk.length <= this.maxMemoryBytes) {
      this.parts.push(chunk);
      this.memoryBytes += chunk.length;
      return undefined;
    }
    return this.write(chunk);
  }

  /** The bytes from `start` to before `end`, in pieces. */
  async *read(start: number, end: number): AsyncGenerator<Buffer> {
    if (!this.file) {
      yield* this.fromMemory(start, end);
      return;
    }
    for (let at = start; at < end;) {
      const piece = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, end - at));
      const { bytesRead } = await this.file.read(piece, 0, piece.length, at);
      if (bytesRead === 0) throw new Error('an upload is shorter than it was');
      yield piece.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  /** Nothing of it is needed any more. Also while it is still being written. */
  async discard(): Promise<void> {
    if (this.discarded) return;
    this.discarded = true;
    this.parts = [];
    this.give(this.fileBytes);
    await this.file?.close();
  }

  private *fromMemory(start: number, end: number): Generator<Buffer> {
    let at = 0;
    for (const part of this.parts) {
      const piece = part.subarray(Math.max(0, start - at), Math.max(0, end - at));
      if (piece.length > 0) yield piece;
      at += part.length;
    }
  }

  private async write(chunk: Buffer): Promise<void> {
    if (!this.file) {
      const file = await this.openFile();
      // Given up while the file was being opened.
      if (this.discarded) return file.close();
      this.file = file;
    }
    const waiting = [...this.parts, chunk];
    this.parts = [];
    for (const part of waiting) {
      if (this.discarded) return;
      this.claim(part.length);
      this.fileBytes += part.length;
      await writeAll(this.file, part, this.fileBytes - part.length);
    }
  }

  /** Its name is taken away at once: whatever becomes of this process, nothing is left behind. */
  private async openFile(): Promise<FileHandle> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const path = join(this.directory, randomUUID());
    const file = await open(path, 'wx+', 0o600);
    await unlink(path).catch(async (error: unknown) => {
      await file.close();
      throw error;
    });
    return file;
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

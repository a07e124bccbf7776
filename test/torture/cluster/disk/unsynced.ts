import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { Random } from '../../random.js';

const BLOCK = 4_096;
const SECTOR = 512;

/** What a file was before the writes that nobody has synced yet: the disk may have any of them, in any part. */
export class Unsynced {
  /** Block -> what was in it; shorter at the end of the file. */
  private readonly before = new Map<number, Buffer>();
  private oldSize: number | undefined;

  /** Before a write to the file. */
  note(file: number, offset: number, length: number): void {
    this.oldSize ??= fstatSync(file).size;
    for (let block = Math.floor(offset / BLOCK); block * BLOCK < offset + length; block++) {
      if (this.before.has(block)) continue;
      const content = Buffer.alloc(BLOCK);
      const read = readSync(file, content, 0, BLOCK, block * BLOCK);
      this.before.set(block, content.subarray(0, read));
    }
  }

  /** After the file was made shorter: that is on the disk at once, as what comes after it in the journal of a file system. */
  cutTo(size: number): void {
    if (this.oldSize !== undefined) this.oldSize = Math.min(this.oldSize, size);
    for (const [block, content] of this.before) {
      if (block * BLOCK >= size) this.before.delete(block);
      else if (block * BLOCK + content.length > size)
        this.before.set(block, content.subarray(0, size % BLOCK));
    }
  }

  synced(): void {
    this.before.clear();
    this.oldSize = undefined;
  }

  /** The power goes: each block is there, or not, or the first of its sectors are. */
  lose(path: string, random: Random): { readonly lost: number; readonly torn: number } {
    const counts = { lost: 0, torn: 0 };
    if (this.before.size === 0) return counts;
    const file = openSync(path, 'r+');
    try {
      const { size } = fstatSync(file);
      for (const [block, content] of this.before) {
        const end = random.weighted([
          ['kept', 4],
          ['lost', 4],
          ['torn', 2],
        ] as const);
        if (end === 'kept') continue;
        counts[end] += 1;
        const from = end === 'lost' ? 0 : random.int(1, BLOCK / SECTOR - 1) * SECTOR;
        // Beyond the end of what was there are zeros: the file is longer already, and its data is not there.
        const old = Buffer.concat([content, Buffer.alloc(BLOCK - content.length)]);
        const most = Math.min(BLOCK, size - block * BLOCK);
        if (from < most) writeSync(file, old, from, most - from, block * BLOCK + from);
      }
      if (this.oldSize !== undefined && this.oldSize < size && random.chance(0.5))
        ftruncateSync(file, this.oldSize);
    } finally {
      closeSync(file);
    }
    return counts;
  }
}

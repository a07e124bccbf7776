import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Keeper } from './keeper.js';

const run = promisify(execFile);
const SIZE_BYTES = 2 * 1024 * 1024;

/** A disk of two megabytes at the folder. Undefined where this user may not mount one: then no disk is ever full. */
export async function mountSmallDisk(folder: string, keeper: Keeper): Promise<string | undefined> {
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_BYTES}`, 'tmpfs', folder]);
    keeper.mount(folder);
    return folder;
  } catch {
    return undefined;
  }
}

export async function unmount(folder: string): Promise<void> {
  await run('umount', ['-l', folder]);
}

/** Takes every byte that is left. */
export async function fill(folder: string): Promise<void> {
  for (const size of [SIZE_BYTES, 65_536, 4_096]) {
    for (let index = 0; ; index++) {
      const file = join(folder, `filler-${size}-${index}`);
      try {
        await writeFile(file, Buffer.alloc(size));
      } catch {
        break;
      }
    }
  }
}

export async function makeRoom(folder: string): Promise<void> {
  await run('sh', ['-c', 'rm -f "$0"/filler-*', folder]);
}

import { mkdir, rename } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { syncFolder } from './sync-folder.js';

/** Makes a folder, with those above it that are not there, for its owner alone. It survives a power cut, also where another process has just made it. */
export async function makeFolder(path: string): Promise<void> {
  const folder = resolve(path);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  const first = made === undefined ? folder : resolve(made);
  for (let each = folder; ; each = dirname(each)) {
    await syncFolder(dirname(each));
    if (each === first) return;
  }
}

/** Moves a file, durably: a power cut leaves it under one of the two names. Throws when it is not there any more. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
  if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
}

import { closeSync, linkSync, mkdirSync, openSync, writeSync, ftruncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Random } from '../../torture/random.js';
import { Unsynced } from '../../torture/cluster/disk/unsynced.js';
import { type DiskStep, foldersOf } from './recorded-disk.js';

/**
 * Makes the folder that a machine may find when the power went after the steps: what was synced is there; of what was not, each
 * name may be the old or the new one, apart from all others, and blocks of files are kept, lost or torn (the disk of the torture).
 * @param folder an empty one
 */
export function afterPowerCut(steps: readonly DiskStep[], folder: string, random: Random): void {
  const contents = join(folder, '.contents');
  mkdirSync(contents);
  writeContents(steps, contents, random);
  const root = join(folder, 'disk');
  mkdirSync(root);
  for (const [path, what] of survivingNames(steps, random)) {
    if (what === 'folder') mkdirSync(join(root, path));
    else linkSync(join(contents, `${what}`), join(root, path));
  }
}

/** In the order in which they were made, so that a folder comes before what is in it. */
function survivingNames(steps: readonly DiskStep[], random: Random): Map<string, number | 'folder'> {
  const names = new Map<string, number | 'folder'>();
  const isThere = (path: string) => dirname(path) === '.' || names.get(dirname(path)) === 'folder';
  for (const [index, step] of steps.entries()) {
    const folders = foldersOf(step);
    if (folders.length === 0) continue;
    if (!folders.every((folder) => isSynced(steps, index, folder)) && random.chance(0.5)) continue;
    if (step.kind === 'create' && isThere(step.path)) names.set(step.path, step.file);
    if (step.kind === 'folder' && isThere(step.path)) names.set(step.path, 'folder');
    if (step.kind === 'remove') names.delete(step.path);
    if (step.kind !== 'link' && step.kind !== 'rename') continue;
    const file = names.get(step.path);
    if (file === undefined || !isThere(step.to)) {
      // Where the folder is lost, what was moved into it is lost with it.
      if (step.kind === 'rename') names.delete(step.path);
      continue;
    }
    if (step.kind === 'rename') names.delete(step.path);
    names.set(step.to, file);
  }
  return names;
}

const isSynced = (steps: readonly DiskStep[], after: number, folder: string): boolean =>
  steps.some((step, index) => index > after && step.kind === 'sync-folder' && step.path === folder);

function writeContents(steps: readonly DiskStep[], folder: string, random: Random): void {
  const open = new Map<number, { readonly handle: number; readonly unsynced: Unsynced }>();
  for (const step of steps) {
    if (step.kind === 'create') {
      const handle = openSync(join(folder, `${step.file}`), 'w+', 0o600);
      open.set(step.file, { handle, unsynced: new Unsynced() });
      continue;
    }
    if (step.kind !== 'write' && step.kind !== 'cut' && step.kind !== 'sync') continue;
    const file = open.get(step.file);
    if (!file) throw new Error(`file ${step.file} was never made`);
    if (step.kind === 'sync') file.unsynced.synced();
    if (step.kind === 'cut') {
      ftruncateSync(file.handle, step.size);
      file.unsynced.cutTo(step.size);
    }
    if (step.kind === 'write') {
      file.unsynced.note(file.handle, step.offset, step.data.length);
      writeSync(file.handle, step.data, 0, step.data.length, step.offset);
    }
  }
  for (const [number, { handle, unsynced }] of open) {
    closeSync(handle);
    unsynced.lose(join(folder, `${number}`), random);
  }
}

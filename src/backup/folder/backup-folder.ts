import { lstat, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, renameDurably } from '../../support/durable-folder.js';
import { syncFolder } from '../../support/sync-folder.js';
import {
  type BackupFile,
  decodeManifest,
  encodeManifest,
  MANIFEST,
  type Manifest,
  NotWhole,
} from '../manifest.js';

/** A million parts and tables have less. */
const MANIFEST_MOST_BYTES = 512 * 1024 * 1024;

/** What is made of the master key for backups. */
export interface ManifestKeys {
  readonly sealKey: Uint8Array;
  readonly fingerprint: string;
}

/** Undefined for a folder without a manifest: a new one, or one of a first backup that did not come to its end. @throws NotWhole */
export async function readManifest(folder: string, keys: ManifestKeys): Promise<Manifest | undefined> {
  const path = join(folder, MANIFEST);
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  // A pipe or a device has no end.
  if (there && (!there.isFile() || there.size > MANIFEST_MOST_BYTES))
    throw new NotWhole(`${MANIFEST} is none that this program writes`);
  const text = there && (await readFile(path, 'utf8'));
  return text === undefined ? undefined : decodeManifest(text, keys);
}

/** @throws NotWhole when there is none */
export async function readBackup(folder: string, keys: ManifestKeys): Promise<Manifest> {
  const manifest = await readManifest(folder, keys);
  if (!manifest) throw new NotWhole(`${folder} has no ${MANIFEST}: no backup came to its end there`);
  return manifest;
}

/**
 * Makes the folder, for the owner alone, with its two folders. One that has other files and no manifest is somebody's else.
 * @throws NotWhole
 */
export async function prepareFolder(folder: string): Promise<void> {
  await makeFolder(folder);
  const ours = new Set([MANIFEST, `${MANIFEST}.next`, 'log', 'tables']);
  const stranger = (await readdir(folder)).find((name) => !ours.has(name));
  if (stranger !== undefined)
    throw new NotWhole(`${folder} has something else in it (${stranger}): a backup has a folder of its own`);
  for (const name of ['log', 'tables']) {
    const path = join(folder, name);
    await mkdir(path, { recursive: true, mode: 0o700 });
    // What is written there, and taken away, must be of this folder.
    if (!(await lstat(path)).isDirectory()) throw new NotWhole(`${path} leads elsewhere`);
  }
}

/** Durably and in one step: a backup is the old one until it is the new one. */
export async function writeManifest(
  folder: string,
  manifest: Manifest,
  { sealKey }: Pick<ManifestKeys, 'sealKey'>,
): Promise<void> {
  for (const name of ['log', 'tables']) await syncFolder(join(folder, name));
  const next = join(folder, `${MANIFEST}.next`);
  await rm(next, { force: true });
  const file = await open(next, 'wx', 0o600);
  try {
    await file.writeFile(encodeManifest(manifest, sealKey));
    await file.sync();
  } finally {
    await file.close();
  }
  await renameDurably(next, join(folder, MANIFEST));
}

/** Removes what no manifest names: tables of earlier times, and what a backup left that did not come to its end. */
export async function removeUnnamed(folder: string, files: readonly BackupFile[]): Promise<void> {
  const named = new Set(files.map(({ file }) => file));
  for (const kind of ['log', 'tables'])
    for (const name of await readdir(join(folder, kind)))
      if (!named.has(`${kind}/${name}`)) await rm(join(folder, kind, name));
}

export const filesOf = ({ log, tables }: Pick<Manifest, 'log' | 'tables'>): readonly BackupFile[] => [
  ...log.parts,
  ...tables.kept,
];

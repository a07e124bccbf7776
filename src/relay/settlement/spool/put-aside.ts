import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, renameDurably } from '../../../support/durable-folder.js';
import type { Consumption } from '../settlement.js';
import { decodeLine } from './line.js';
import { decodeOrigin, readOrigin } from './origin.js';
import { parseFileName } from './owner.js';

/** The folder within the spool's, of files that are of another log. */
export const SET_ASIDE = 'set-aside';

/** Takes a file out of what is drained; it is kept for a person. Answers its new path. */
export async function putAside(folder: string, name: string): Promise<string> {
  await makeFolder(join(folder, SET_ASIDE));
  const place = join(folder, SET_ASIDE, name);
  await renameDurably(join(folder, name), place);
  return place;
}

/** A file that was set aside, and what is in it. */
export interface FileSetAside {
  readonly path: string;
  readonly charges: readonly Consumption[];
  /** Lines that cannot be read. */
  readonly damaged: number;
}

/** Sets all files of a spool aside, whatever log they are of, and says which charges are in them. No process may be using the folder. */
export async function putAllAside(folder: string): Promise<readonly FileSetAside[]> {
  const files: FileSetAside[] = [];
  for (const name of await spoolFilesIn(folder)) files.push(await readAside(await putAside(folder, name)));
  return files;
}

/** The latest generation of the ledger's log that a file of the spool is of; 0 where there is none. */
export async function latestGeneration(folder: string, ledgerId: string): Promise<number> {
  let latest = 0;
  for (const name of await spoolFilesIn(folder)) {
    const origin = await readOrigin(join(folder, name));
    if (origin?.ledgerId === ledgerId) latest = Math.max(latest, origin.generation);
  }
  return latest;
}

async function readAside(path: string): Promise<FileSetAside> {
  // What stands behind the last newline was never acknowledged.
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  const ofCharges = lines.filter((line) => line !== '' && decodeOrigin(line) === undefined);
  const charges = ofCharges.flatMap((line) => decodeLine(line)?.consumption ?? []);
  return { path, charges, damaged: ofCharges.length - charges.length };
}

async function spoolFilesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => parseFileName(name) !== undefined).sort();
}

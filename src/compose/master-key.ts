import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config.js';
import { makeFolder, renameDurably } from '../support/durable-folder.js';
import { syncFolder } from '../support/sync-folder.js';

const FILE = 'master.key';

/**
 * The 32 bytes that everything sealed depends on: MASTER_KEY, or the key in the data directory, made there the first time.
 * @throws Error when the file is not a key.
 */
export async function readMasterKey(
  config: Pick<Config, 'masterKey' | 'dataDir'>,
  file = FILE,
): Promise<Uint8Array> {
  if (config.masterKey) return config.masterKey;
  const path = join(config.dataDir, file);
  const found = await readKeyFile(path);
  if (found) return found;
  await makeKeyFile(path);
  const made = await readKeyFile(path);
  if (!made) throw new Error(`${path} could not be written`);
  return made;
}

const NEXT_FILE = 'master.key.next';

/** The key that a rotation leads to: NEW_MASTER_KEY or, where the key in force is that of the data directory, one that is made beside it and kept until it is in force. */
export async function readNextMasterKey(
  config: Pick<Config, 'masterKey' | 'newMasterKey' | 'dataDir'>,
): Promise<Uint8Array> {
  if (config.newMasterKey) return config.newMasterKey;
  if (config.masterKey) throw new Error('set NEW_MASTER_KEY: 32 bytes in base64 (openssl rand -base64 32)');
  return readMasterKey({ masterKey: undefined, dataDir: config.dataDir }, NEXT_FILE);
}

/** Puts the next key of the data directory into force. What was in force stays beside it: backups of before need it. */
export async function adoptNextMasterKey({ dataDir }: Pick<Config, 'dataDir'>): Promise<void> {
  const [path, next] = [join(dataDir, FILE), join(dataDir, NEXT_FILE)];
  if (!(await readKeyFile(next))) return;
  await link(path, `${path}.${Date.now()}.old`);
  await syncFolder(dataDir);
  await renameDurably(next, path);
}

async function readKeyFile(path: string): Promise<Uint8Array | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== 32) throw new Error(`${path} is not a master key: 32 bytes in base64 are expected`);
  return key;
}

/** Written beside and linked into place, so that of two processes that start at once one wins and both read the same key. */
async function makeKeyFile(path: string): Promise<void> {
  await makeFolder(dirname(path));
  const beside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(beside, `${randomBytes(32).toString('base64')}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  try {
    await link(beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(beside, { force: true });
  }
  // Whatever is sealed with it must not outlive it.
  await syncFolder(dirname(path));
}

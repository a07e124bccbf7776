import { createHash, randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, realpath, stat, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { canReach, chooseIdentity, placeOpenToAll, type RunAs } from './identity.js';

/** Where the parts of an embedded server lie. */
export interface ServerLayout {
  /** Holds everything below; not always the directory that was asked for. */
  readonly dataDir: string;
  /** PostgreSQL's own data directory. */
  readonly clusterDir: string;
  readonly passwordFile: string;
  readonly logFile: string;
  /** Names the process that starts and stops the server. */
  readonly ownerFile: string;
  readonly password: string;
  readonly user: RunAs | undefined;
}

/** Creates the directory and the password (0600) where they do not exist yet. */
export async function prepareLayout(wanted: string, log: (message: string) => void): Promise<ServerLayout> {
  const user = await chooseIdentity(join(wanted, 'cluster'));
  // Made now, for its owner alone, and so with the answer to whether another user can enter it.
  await mkdir(join(resolve(wanted), '..'), { recursive: true, mode: 0o700 });
  const dataDir = await chooseDirectory(resolve(wanted), user, log);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  if (user) await chown(dataDir, user.uid, user.gid);
  const realDir = await realpath(dataDir);
  const clusterDir = join(realDir, 'cluster');
  const passwordFile = join(realDir, 'password');
  return {
    dataDir: realDir,
    clusterDir,
    passwordFile,
    logFile: join(realDir, 'postgres.log'),
    ownerFile: join(realDir, 'owner'),
    password: await readOrCreatePassword(passwordFile, clusterDir, user),
    user,
  };
}

/** A directory under a private home cannot be entered by the user that root hands the server to: then a place open to all, named after it. */
async function chooseDirectory(
  wanted: string,
  user: RunAs | undefined,
  log: (message: string) => void,
): Promise<string> {
  if (await canReach(join(wanted, '..'), user)) return wanted;
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  const elsewhere = join(await placeOpenToAll(), `postgres-${name}`);
  log(`the server's user cannot enter ${wanted}; its data is in ${elsewhere}`);
  return elsewhere;
}

async function readOrCreatePassword(
  file: string,
  clusterDir: string,
  user: RunAs | undefined,
): Promise<string> {
  const existing = await readPassword(file);
  if (existing) return existing;
  if (await stat(clusterDir).catch(() => undefined)) {
    throw new Error(
      `${file} is missing although ${clusterDir} exists; without it nobody can log in to this server.`,
    );
  }
  const password = randomBytes(24).toString('base64url');
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(password);
      await handle.sync();
    } catch (error) {
      // A file that says half a password would keep every later start out.
      await unlink(file);
      throw error;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readPasswordOfAnother(file);
  }
  // initdb reads it as the user it runs as.
  if (user) await chown(file, user.uid, user.gid);
  return password;
}

async function readPassword(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Another process made the file a moment ago and may not have written it yet. */
async function readPasswordOfAnother(file: string): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const password = await readPassword(file);
    if (password) return password;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`${file} is empty.`);
}

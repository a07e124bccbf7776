import { execFile } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The user PostgreSQL runs as when we are root; it refuses to run as root itself. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Whom to run the server as: `undefined` (ourselves) unless we are root. As root an existing data directory keeps its owner, so
 * that a ledger made by an ordinary user stays theirs; a new one goes to `postgres` or, where there is none, to `nobody`.
 */
export async function chooseIdentity(existingClusterDir: string): Promise<RunAs | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(existingClusterDir).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const identity = (await lookUpUser('postgres')) ?? (await lookUpUser('nobody'));
  if (!identity)
    throw new Error(
      'PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody" here.',
    );
  return identity;
}

async function lookUpUser(name: string): Promise<RunAs | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    // macOS prints nobody's id as -2.
    return { uid: Number(uid.stdout) >>> 0, gid: Number(gid.stdout) >>> 0 };
  } catch {
    return undefined;
  }
}

/** Whether this user can walk down to the path; what does not exist yet counts as passable. Access lists are not looked at. */
export async function canReach(path: string, user: RunAs | undefined): Promise<boolean> {
  if (!user) return true;
  for (let directory = resolve(path); ; directory = dirname(directory)) {
    const found = await stat(directory).catch(() => undefined);
    if (found && !mayEnter(found, user)) return false;
    if (directory === dirname(directory)) return true;
  }
}

function mayEnter(found: { mode: number; uid: number; gid: number }, user: RunAs): boolean {
  if (found.uid === user.uid) return (found.mode & 0o100) !== 0;
  if (found.gid === user.gid) return (found.mode & 0o010) !== 0;
  return (found.mode & 0o001) !== 0;
}

/**
 * A directory that every user can enter, for what must leave a private one. Root gets /var/lib/counterfoil: what lies in /tmp or
 * /var/tmp for a month is cleaned away on many systems, a ledger must not be. Elsewhere /var/tmp, at least it survives a reboot.
 */
export async function placeOpenToAll(): Promise<string> {
  if (process.getuid?.() !== 0) return tmpdir();
  const place = '/var/lib/counterfoil';
  try {
    await stat(dirname(place));
    await mkdir(place, { recursive: true, mode: 0o755 });
    return place;
  } catch {
    return '/var/tmp';
  }
}

import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const GIB = 2 ** 30;

/** What is in memory on Linux, for all users. */
const IN_MEMORY = '/dev/shm';
/** Of a whole run at its worst, several times over: containers often have 64 MB there, and a machine of little memory needs it itself. */
const ROOM = { folder: 3 * GIB, memory: 6 * GIB };

/**
 * Makes the folder of everything that a run of the tests writes and throws away. It is in memory where there is room: a new database is
 * a thousand small files, whose making took a disk's file system twenty times the work. What a power cut takes is never learnt from
 * a disk, but from the writes that a program has asked to be synced (`test/support/power-cut`).
 */
export async function makeRunFolder(): Promise<string> {
  const folder = await mkdtemp(join((await hasRoom()) ? IN_MEMORY : tmpdir(), 'counterfoil-run-'));
  // Root's PostgreSQL is another user's, as /tmp is everybody's.
  await chmod(folder, 0o1777);
  return folder;
}

async function hasRoom(): Promise<boolean> {
  if (process.platform !== 'linux' || freemem() < ROOM.memory) return false;
  const { bavail, bsize } = await statfs(IN_MEMORY).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize >= ROOM.folder && (await runsPrograms());
}

/** A container's is often mounted so that nothing in it can be started. */
async function runsPrograms(): Promise<boolean> {
  const folder = await mkdtemp(join(IN_MEMORY, 'counterfoil-try-')).catch(() => undefined);
  if (folder === undefined) return false;
  try {
    await writeFile(join(folder, 'program'), '#!/bin/sh\n', { mode: 0o755 });
    await run(join(folder, 'program'));
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

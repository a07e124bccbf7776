import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { processStart } from './process-identity.js';

/** Whose the server is: ours (start and stop it), or that of another live process (only use it). */
export type Ownership =
  | { readonly ours: true; release(): Promise<void> }
  | { readonly ours: false; readonly pid: number };

let claims = 0;

/**
 * Claims the data directory for this process. A claim whose process has died is taken over; of several processes that start at
 * once one gets it.
 */
export async function claimOwnership(ownerFile: string): Promise<Ownership> {
  const mine = `${process.pid} ${(await processStart(process.pid)) ?? ''}\n`;
  const prepared = `${ownerFile}.${process.pid}.${++claims}`;
  await writeFile(prepared, mine);
  try {
    for (let attempt = 0; attempt < 50; attempt++) {
      // A link appears with its content or not at all, and only for one of several.
      if (await attemptLink(prepared, ownerFile))
        return { ours: true, release: () => rm(ownerFile, { force: true }) };
      const claim = await readFile(ownerFile, 'utf8').catch(() => undefined);
      if (claim === undefined) continue;
      const [pid = '', start = ''] = claim.trim().split(' ');
      if ((await processStart(Number(pid))) === start) return { ours: false, pid: Number(pid) };
      await removeStaleClaim(ownerFile, claim, `${prepared}.stale`);
    }
    throw new Error(`Could not claim ${ownerFile}.`);
  } finally {
    await rm(prepared, { force: true });
  }
}

async function attemptLink(prepared: string, ownerFile: string): Promise<boolean> {
  try {
    await link(prepared, ownerFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Between our look at it and this the dead process's claim may have been replaced by a live one: that one is put back. */
async function removeStaleClaim(ownerFile: string, seen: string, aside: string): Promise<void> {
  try {
    await rename(ownerFile, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, 'utf8')) !== seen) await attemptLink(aside, ownerFile);
  await rm(aside, { force: true });
}

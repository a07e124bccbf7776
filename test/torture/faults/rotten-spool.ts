import { randomUUID } from 'node:crypto';
import { appendFile, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import type { Link } from '../cluster/link.js';
import type { ServiceName } from '../plan/faults.js';
import type { FaultWorld } from './inject.js';

const SIGHT_WITHIN_MS = 180_000;
const LOOKS = 30;
const WORKS_MS = 1_500;
const FOUND = { timeoutMs: 120_000, intervalMs: 200 };
const WORDS = 'lines of the spool were damaged';
/** A file whose owner is as long silent is drained by whoever finds it. */
const SILENT_MS = 3_600_000;

/**
 * A relay dies with charges in its spool; a bit of one of them turns, and behind the last one is the half of one more, which was not
 * synced when the power went. The half was never acknowledged. The rotten one must be said and kept, and the others be charged; then a
 * person, who has it from elsewhere, puts it back.
 */
export async function rotSpool(
  { cluster, complain }: FaultWorld,
  victim: ServiceName,
): Promise<string | undefined> {
  const { service, links, dataDir } = cluster.member(victim);
  const folder = join(dataDir, 'spool');
  const path = await spooled(folder, links.store, () => service.kill());
  if (path === undefined) return 'nothing came into the spool';
  const [origin = '', ...charges] = (await readFile(path, 'utf8')).split('\n').filter(Boolean);
  const [good = ''] = charges;
  const before = (await service.log()).length;
  await writeFile(path, [origin, rotten(good), ...charges.slice(1)].map((line) => `${line}\n`).join(''));
  await appendFile(path, good.slice(0, good.length / 2));
  await service.start();
  const isKept = async () =>
    (await service.log()).slice(before).includes(WORDS) &&
    (await readFile(join(folder, 'damaged.jsonl'), 'utf8').catch(() => '')).includes(rotten(good));
  if (!(await eventually(isKept, FOUND).catch(() => false)))
    complain(`rotten spool (${victim}): a damaged charge is neither said nor kept`);
  const mended = join(folder, `elsewhere.1.${randomUUID()}.1.spool`);
  await service.kill();
  await writeFile(mended, `${origin}\n${good}\n`);
  await utimes(mended, Date.now() / 1_000, (Date.now() - SILENT_MS) / 1_000);
  await service.start();
  return undefined;
}

/** Only calls that are under way when the log goes away have their charges there: it goes away until there are some, and the relay dies. */
async function spooled(folder: string, store: Link, kill: () => Promise<void>): Promise<string | undefined> {
  for (const deadlineMs = Date.now() + SIGHT_WITHIN_MS; Date.now() < deadlineMs; await wait(WORKS_MS)) {
    store.refuse(true);
    for (let time = 0; time < LOOKS; time++) {
      await wait(50);
      if ((await fileWithCharges(folder)) === undefined) continue;
      await kill();
      store.refuse(false);
      return fileWithCharges(folder);
    }
    store.refuse(false);
  }
  return undefined;
}

/** A file of a spool with a whole charge at least. */
async function fileWithCharges(folder: string): Promise<string | undefined> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.spool'));
  for (const name of names) {
    const lines = (await readFile(join(folder, name), 'utf8').catch(() => '')).split('\n');
    // Behind the last break there is no whole one, and the first line is none.
    if (lines.length > 2) return join(folder, name);
  }
  return undefined;
}

/** One bit of its middle turned, where it stays one line. */
function rotten(line: string): string {
  const bytes = Buffer.from(line);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  return bytes.toString('latin1');
}

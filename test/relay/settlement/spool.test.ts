import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, open, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LedgerUnavailable } from '../../../src/commands/handling/command.js';
import type { Consumption } from '../../../src/relay/settlement/settlement.js';
import { drainFile } from '../../../src/relay/settlement/spool/drain.js';
import { decodeLine, encodeLine } from '../../../src/relay/settlement/spool/line.js';
import { Spool, type SpoolOptions } from '../../../src/relay/settlement/spool/spool.js';
import { aConsumption } from '../../support/consumption.js';
import { LEDGER_ID } from '../../support/events.js';
import { recordingLog } from '../../support/recording-log.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-spool-'));
});
afterEach(() => rm(folder, { recursive: true }));

const owner = (pid: number, host = 'here') => ({ host, pid, instance: randomUUID() });
const openSpool = (overrides: Partial<SpoolOptions> = {}) =>
  Spool.open({
    origin: { ledgerId: LEDGER_ID, generation: 0, log: 'postgres' },
    folder,
    owner: owner(1),
    maxBytes: 1_000_000,
    now: Date.now,
    isAlive: () => true,
    ...overrides,
  });

async function drainAll(spool: Spool) {
  const log = recordingLog();
  const recorded: Consumption[] = [];
  for (const path of await spool.takeAll()) {
    await drainFile(path, {
      log,
      onFound: () => undefined,
      record: (consumption) => Promise.resolve(void recorded.push(consumption)),
    });
    spool.forget(path);
  }
  return { recorded, log };
}

describe('a line of the spool', () => {
  it('gives back the charge as it was', () => {
    const consumption = aConsumption({ quota: 9_007_199_254_740_991n });
    expect(decodeLine(encodeLine(consumption).trimEnd())).toEqual({ consumption });
    const line = encodeLine(consumption, 12n).trimEnd();
    expect(decodeLine(line)).toEqual({ consumption, after: 12n });
    // A place that was changed is none, and the charge is as good.
    expect(decodeLine(line.replace('["12"', '["13"'))).toEqual({ consumption });
  });

  it('is refused when a byte is missing or another', () => {
    const line = encodeLine(aConsumption()).trimEnd();
    expect(decodeLine(line.slice(0, -1))).toBeUndefined();
    expect(decodeLine(line.replace('"quota":"27"', '"quota":"28"'))).toBeUndefined();
    expect(decodeLine('{}')).toBeUndefined();
  });
});

describe('the spool', () => {
  it('keeps concurrent charges in order and gives them back once', async () => {
    const spool = await openSpool();
    const charges = Array.from({ length: 300 }, () => aConsumption());
    await Promise.all(charges.map((charge) => spool.append(charge)));
    expect(spool.bytes).toBeGreaterThan(300 * 500);
    expect((await drainAll(spool)).recorded).toEqual(charges);
    expect((await drainAll(spool)).recorded).toEqual([]);
    expect(spool.bytes).toBe(0);
    expect(await readdir(folder)).toEqual([]);
    await spool.close();
  });

  it('takes over what a killed process left, and reports its torn last line', async () => {
    const killed = await openSpool({ owner: owner(4711) });
    const charge = aConsumption();
    await killed.append(charge);
    const [name = ''] = await readdir(folder);
    await appendFile(join(folder, name), encodeLine(aConsumption()).slice(0, 100));
    const spool = await openSpool({ owner: owner(4712), isAlive: (pid) => pid !== 4711 });
    const { recorded, log } = await drainAll(spool);
    expect(recorded).toEqual([charge]);
    expect(log.lines).toEqual(['warn: a spool file ended in a torn line']);
    expect(await readdir(folder)).toEqual([]);
  });

  it('drains what was meant for the log that ours is a whole copy of, and sets aside what was meant for others', async () => {
    const charge = aConsumption();
    for (const [pid, generation] of [
      [4711, 0],
      [4712, 1],
    ] as const) {
      const origin = { ledgerId: LEDGER_ID, generation, log: 'postgres' };
      const killed = await openSpool({ owner: owner(pid), origin, seen: () => ({ position: 7n }) });
      await killed.append(generation === 0 ? charge : aConsumption());
    }
    const aside: string[] = [];
    const spool = await openSpool({
      origin: { ledgerId: LEDGER_ID, generation: 1, log: 'eventstoredb' },
      former: { ledgerId: LEDGER_ID, generation: 0, log: 'postgres' },
      isAlive: () => false,
      onSetAside: (path) => void aside.push(path),
    });
    // Its places are of another log: they say nothing of ours.
    expect(await spool.newestSeen()).toEqual({});
    expect((await drainAll(spool)).recorded).toEqual([charge]);
    expect(aside).toEqual([expect.stringContaining('here.4712.')]);
  });

  it('remembers what was known of its log when its youngest file was begun', async () => {
    const last = { id: randomUUID(), stream: 'payment-1', revision: 0n, position: 9n };
    for (const [pid, known] of [
      [4711, { position: 11n, last }],
      [4712, { position: 7n }],
    ] as const)
      await (await openSpool({ owner: owner(pid), seen: () => known })).append(aConsumption());
    expect(await (await openSpool()).newestSeen()).toMatchObject({ position: 11n, last });
  });

  it('leaves the files of living processes alone, here and elsewhere', async () => {
    const living = await openSpool({ owner: owner(4711) });
    const elsewhere = await openSpool({ owner: owner(4711, 'elsewhere') });
    await living.append(aConsumption());
    await elsewhere.append(aConsumption());
    const spool = await openSpool({ owner: owner(4712) });
    expect((await drainAll(spool)).recorded).toEqual([]);
    for (const name of await readdir(folder)) await utimes(join(folder, name), 1, 1);
    await living.tick();
    expect((await drainAll(spool)).recorded).toHaveLength(1);
  });

  it('loses nothing when a living process was taken for dead', async () => {
    const paused = await openSpool({ owner: owner(4711) });
    const [before, after] = [aConsumption(), aConsumption()];
    await paused.append(before);
    const spool = await openSpool({ owner: owner(4712), isAlive: () => false });
    const { recorded } = await drainAll(spool);
    await paused.append(after);
    expect(recorded).toEqual([before]);
    expect((await drainAll(paused)).recorded).toEqual([after]);
  });

  it('keeps damaged lines for a person and drains the others', async () => {
    const spool = await openSpool();
    const charge = aConsumption();
    await spool.append(charge);
    const [name = ''] = await readdir(folder);
    await appendFile(join(folder, name), 'not a charge\n');
    const { recorded, log } = await drainAll(spool);
    expect(recorded).toEqual([charge]);
    expect(log.lines).toEqual(['error: lines of the spool were damaged; they are kept and need a person']);
    expect(await readFile(join(folder, 'damaged.jsonl'), 'utf8')).toBe('not a charge\n');
  });

  it('keeps the file when the log goes away while it is drained', async () => {
    const spool = await openSpool();
    await spool.append(aConsumption());
    const [path = ''] = await spool.takeAll();
    const options = { log: recordingLog(), onFound: () => undefined };
    const record = () => Promise.reject(new LedgerUnavailable('away'));
    await expect(drainFile(path, { ...options, record })).rejects.toThrow(LedgerUnavailable);
    expect((await drainAll(spool)).recorded).toHaveLength(1);
  });

  it('says when it is full, and refuses only far beyond', async () => {
    const spool = await openSpool({ maxBytes: 2300 });
    expect(spool.full).toBe(false);
    await Promise.all([1, 2, 3].map(() => spool.append(aConsumption())));
    expect(spool.full).toBe(true);
    await Promise.all([1, 2, 3, 4].map(() => spool.append(aConsumption())));
    await expect(spool.append(aConsumption())).rejects.toThrow('the spool is full');
    await drainAll(spool);
    expect(spool.full).toBe(false);
  });

  it('asks a disk that is full again and again, and leaves nothing behind by it', async () => {
    const spool = await openSpool();
    const file = await open(join(folder, 'another'), 'w');
    const handles = Object.getPrototypeOf(file) as typeof file;
    await file.close();
    const noSpace = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const full = jest.spyOn(handles, 'writeFile').mockRejectedValue(noSpace);
    await expect(spool.append(aConsumption())).rejects.toThrow('the spool file is broken');
    const [files, opened] = [await readdir(folder), (await readdir('/dev/fd')).length];
    for (let second = 0; second < 30; second += 1) await spool.tick();
    expect({ full: spool.full, files: await readdir(folder) }).toEqual({ full: true, files });
    // Others open some meanwhile.
    expect((await readdir('/dev/fd')).length).toBeLessThan(opened + 15);
    full.mockRestore();
    await spool.tick();
    expect(spool.full).toBe(false);
    const charge = aConsumption();
    await spool.append(charge);
    expect((await drainAll(spool)).recorded).toEqual([charge]);
  });

  it('refuses to start on a folder that cannot be written to', async () => {
    await expect(openSpool({ folder: '/dev/null/spool' })).rejects.toThrow();
  });
});

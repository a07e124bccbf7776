/**
 * The product is loaded upon a disk of this suite, which no other suite may meet.
 * @jest-environment node
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Consumption } from '../../../src/relay/settlement/settlement.js';
import type { Spool } from '../../../src/relay/settlement/spool/spool.js';
import { aConsumption } from '../../support/consumption.js';
import { LEDGER_ID } from '../../support/events.js';
import { afterPowerCut } from '../../support/power-cut/after-power-cut.js';
import { type DiskStep, RecordedDisk } from '../../support/power-cut/recorded-disk.js';
import { recordingLog } from '../../support/recording-log.js';
import { Random } from '../../torture/random.js';

const disk = new RecordedDisk();
jest.unstable_mockModule('node:fs/promises', () => disk.module);
const spools = await import('../../../src/relay/settlement/spool/spool.js');
const { drainFile } = await import('../../../src/relay/settlement/spool/drain.js');

/** Where the data directory of a service has its spool: the folder is made with the first start. */
const SPOOL = 'data/spool';
const CUTS_A_PLACE = 3;
const ours = { ledgerId: LEDGER_ID, generation: 1, log: 'postgres' };
const anothers = { ...ours, generation: 0 };
const DAMAGED = 'no charge at all';

const openSpool = (root: string, pid: number, origin = ours) =>
  spools.Spool.open({
    folder: join(root, SPOOL),
    origin,
    owner: { host: 'here', pid, instance: randomUUID() },
    maxBytes: 1_000_000,
    now: Date.now,
    // Whoever opens it is the only one: the others are gone.
    isAlive: (other) => other === pid,
  });

/** What somebody was told, or the log has, and after how many steps. */
interface Promised {
  readonly what: 'charge' | 'recorded' | 'of another log' | 'damaged';
  readonly id: string;
  readonly after: number;
}
const promised: Promised[] = [];
const promise = (what: Promised['what'], id: string) =>
  void promised.push({ what, id, after: disk.steps.length });

async function append(spool: Spool, what: 'charge' | 'of another log' = 'charge'): Promise<void> {
  const charge = aConsumption();
  await spool.append(charge);
  promise(what, charge.call_id);
}

async function drain(spool: Spool, record: (charge: Consumption) => void): Promise<void> {
  for (const path of await spool.takeAll()) {
    await drainFile(path, {
      log: recordingLog(),
      onFound: () => undefined,
      record: async (charge) => record(charge),
    });
    spool.forget(path);
  }
}

let root: string;
let steps: readonly DiskStep[];
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'counterfoil-power-'));
  disk.begin(root);
  // One that is killed, one that had another log, and one that takes over from both.
  const killed = await openSpool(root, 1);
  await append(killed);
  await Promise.all([append(killed), append(killed), append(killed)]);
  const [name = ''] = readdirSync(join(root, SPOOL));
  const { appendFile } = disk.module;
  await appendFile?.(join(root, SPOOL, name), `${DAMAGED}\n`, { flush: true });
  promise('damaged', DAMAGED);
  await append(await openSpool(root, 2, anothers), 'of another log');
  const spool = await openSpool(root, 3);
  await append(spool);
  await drain(spool, ({ call_id }) => promise('recorded', call_id));
  await append(spool);
  await spool.close();
  steps = [...disk.steps];
  disk.begin('');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What is there when the power is back and the next process has drained all it finds. */
async function foundAfter(place: number, seed: string) {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-cut-'));
  try {
    afterPowerCut(steps.slice(0, place), folder, new Random(seed));
    const recorded: string[] = [];
    const spool = await openSpool(join(folder, 'disk'), 4);
    await drain(spool, ({ call_id }) => void recorded.push(call_id));
    await spool.close();
    return { recorded, kept: textsBelow(join(folder, 'disk')) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const textsBelow = (folder: string): string =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
    .join('');

describe('a loss of power, after any step of what is done with a spool,', () => {
  it('loses no charge that was acknowledged, none of another log and nothing that waits for a person', async () => {
    expect(steps.filter(({ kind }) => kind === 'rename').length).toBeGreaterThan(1);
    for (let place = 0; place <= steps.length; place++) {
      const due = promised.filter(({ after }) => after <= place);
      const idsOf = (what: Promised['what']) => due.filter((each) => each.what === what).map(({ id }) => id);
      for (let cut = 0; cut < CUTS_A_PLACE; cut++) {
        const seed = `${place}/${cut}`;
        const { recorded, kept } = await foundAfter(place, seed);
        const inLog = new Set([...idsOf('recorded'), ...recorded]);
        const lost = [
          ...idsOf('charge').filter((id) => !inLog.has(id)),
          ...[...idsOf('of another log'), ...idsOf('damaged')].filter((text) => !kept.includes(text)),
        ];
        expect({ seed, after: steps[place - 1], lost }).toEqual({ seed, after: steps[place - 1], lost: [] });
        expect(recorded.filter((id) => !promised.some((each) => each.id === id))).toEqual([]);
      }
    }
  }, 180_000);

  it('leaves nothing behind that is drained twice from one disk', async () => {
    const { recorded } = await foundAfter(steps.length, 'last');
    expect(new Set(recorded).size).toBe(recorded.length);
  });
});

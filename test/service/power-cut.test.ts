/**
 * The product is loaded upon a disk of this suite, which no other suite may meet.
 * @jest-environment node
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { OpenHold } from '../../src/balance/cached-balance.js';
import { afterPowerCut } from '../support/power-cut/after-power-cut.js';
import { RecordedDisk } from '../support/power-cut/recorded-disk.js';
import { Random } from '../torture/random.js';

const disk = new RecordedDisk();
jest.unstable_mockModule('node:fs/promises', () => disk.module);
const { adoptNextMasterKey, readMasterKey, readNextMasterKey } =
  await import('../../src/compose/master-key.js');
const { openLeaseJournal } = await import('../../src/balance/in-process/lease-journal.js');

const CUTS = 40;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'counterfoil-power-'));
  disk.begin(root);
});
afterEach(() => {
  disk.begin('');
  rmSync(root, { recursive: true });
});

/** What is found on each of the disks that the power may leave behind now. */
async function eachFound<Found>(look: (root: string) => Promise<Found>): Promise<readonly Found[]> {
  const steps = [...disk.steps];
  const found: Found[] = [];
  for (let cut = 0; cut < CUTS; cut++) {
    const folder = mkdtempSync(join(tmpdir(), 'counterfoil-cut-'));
    try {
      afterPowerCut(steps, folder, new Random(`${cut}`));
      found.push(await look(join(folder, 'disk')));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return found;
}

const keyIn = async (dataDir: string) =>
  Buffer.from(await readMasterKey({ masterKey: undefined, dataDir })).toString('hex');

describe('a loss of power', () => {
  it('takes away no master key that something may be sealed with already', async () => {
    const made = await keyIn(join(root, 'data'));
    expect(new Set(await eachFound((found) => keyIn(join(found, 'data'))))).toEqual(new Set([made]));
  });

  it('leaves the key in force that was adopted, and the one of before beside it', async () => {
    const config = { masterKey: undefined, newMasterKey: undefined, dataDir: root };
    await keyIn(root);
    const next = Buffer.from(await readNextMasterKey(config)).toString('hex');
    await adoptNextMasterKey(config);
    const found = await eachFound(async (dataDir) => ({
      key: await keyIn(dataDir),
      kept: readdirSync(dataDir).filter((name) => name.endsWith('.old')).length,
    }));
    expect(found).toEqual(Array.from({ length: CUTS }, () => ({ key: next, kept: 1 })));
  });

  it('leaves the holds in the journal that were written last', async () => {
    const hold = (granted: bigint): OpenHold => ({
      holdId: `hold-${granted}`,
      budgets: ['account:a'],
      granted,
      context: '{}',
      deliveredTokens: 0,
      leaseExpiresAtMs: 1,
    });
    const path = (folder: string) => join(folder, 'open-holds.json');
    const journal = await openLeaseJournal(path(root));
    await journal.save([hold(1n)]);
    await journal.save([hold(1n), hold(2n)]);
    const found = await eachFound(async (folder) => (await openLeaseJournal(path(folder))).leftovers);
    expect(found).toEqual(Array.from({ length: CUTS }, () => [hold(1n), hold(2n)]));
  });
});

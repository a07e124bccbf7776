import { expect, it } from '@jest/globals';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../random.js';
import { Unsynced } from './unsynced.js';

const BLOCKS = 200;
const SECTOR = 512;

it('what was synced survives the loss of power; of what was not, blocks are kept, lost and torn, and nothing else comes about', () => {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-disk-'));
  const path = join(folder, 'file');
  writeFileSync(path, Buffer.alloc(BLOCKS * 4_096, 'o'));
  const file = openSync(path, 'r+');
  const unsynced = new Unsynced();
  const write = (text: string, offset: number, length: number) => {
    unsynced.note(file, offset, length);
    writeSync(file, Buffer.alloc(length, text), 0, length, offset);
  };

  write('s', 0, 4_096 * 10);
  unsynced.synced();
  write('n', 4_096 * 10, 4_096 * (BLOCKS - 10));
  closeSync(file);
  const { lost, torn } = unsynced.lose(path, new Random('power'));

  const found = readFileSync(path);
  rmSync(folder, { recursive: true });
  const block = (index: number) => found.subarray(index * 4_096, (index + 1) * 4_096);
  const sectorsOf = (index: number) =>
    Array.from({ length: 8 }, (_, sector) => block(index).subarray(sector * SECTOR, (sector + 1) * SECTOR))
      .map((bytes) => (bytes.every((byte) => byte === bytes[0]) ? String.fromCharCode(bytes[0] ?? 0) : '?'))
      .join('');
  const all = Array.from({ length: BLOCKS }, (_, index) => sectorsOf(index));
  expect(all.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'ssssssss'));
  expect(all.slice(10).every((sectors) => /^n*o*$/.test(sectors))).toBe(true);
  expect(all.filter((sectors) => sectors === 'oooooooo')).toHaveLength(lost);
  expect(all.filter((sectors) => /^n+o+$/.test(sectors))).toHaveLength(torn);
  expect(Math.min(lost, torn, all.filter((sectors) => sectors === 'nnnnnnnn').length)).toBeGreaterThan(10);
});

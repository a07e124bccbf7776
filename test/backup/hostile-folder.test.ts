import { mkdtemp, mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { prepareFolder, readManifest, writeManifest } from '../../src/backup/folder/backup-folder.js';
import { checkFile, readPacked, writePacked } from '../../src/backup/folder/packed-file.js';
import { type BackupFile, MANIFEST, type Manifest, NotWhole } from '../../src/backup/manifest.js';
import { readBackupLog } from '../../src/backup/restore/restore-log.js';
import { encodeEventLine } from '../../src/eventstore/ndjson/event-line.js';
import { createKeyring } from '../../src/support/keyring.js';

// Whoever can write into the folder of a backup, and nothing else: another user of the share that it lies on.

const keyring = createKeyring(Buffer.alloc(32, 9));
const keys = { sealKey: keyring.backupSealKey, fingerprint: keyring.fingerprint };
const FILE = 'tables/1.service_keys.ndjson.gz';
const LOG_FILE = 'log/0-0.ndjson.gz';
const ID = '00000000-0000-4000-8000-000000000001';
const eventAt = (position: bigint) => ({
  ...{ position, stream: 'account-1', revision: position, id: ID, type: 'a-thing.v1' },
  ...{ recordedAt: new Date(0), data: {}, metadata: {} },
});
const TEXT = '{"id":1}\n';

let above: string;
let folder: string;
beforeEach(async () => {
  above = await mkdtemp(join(tmpdir(), 'counterfoil-backup-'));
  folder = join(above, 'backup');
  await prepareFolder(folder);
});
afterEach(() => rm(above, { recursive: true, force: true }));

async function* text(): AsyncGenerator<string> {
  yield await Promise.resolve(TEXT);
}
const read = async (file: BackupFile) => {
  let found = '';
  for await (const piece of readPacked(folder, file, undefined)) found += piece.toString();
  return found;
};

describe('a file of a backup', () => {
  it('that was exchanged after it was checked is not taken', async () => {
    const file = await writePacked(folder, FILE, text(), undefined);
    await checkFile(folder, file);
    expect(await read(file)).toBe(TEXT);
    const other = gzipSync('{"id":2}\n', { level: 4 });
    expect(other).toHaveLength(file.bytes);
    await writeFile(join(folder, FILE), other);
    await expect(read(file)).rejects.toThrow(NotWhole);
  });

  it.each([
    ['is a device that never ends', () => symlink('/dev/zero', join(folder, FILE))],
    [
      'is far too large',
      () => writeFile(join(folder, FILE), '').then(() => truncate(join(folder, FILE), 2 ** 40)),
    ],
    ['is a folder', () => mkdir(join(folder, FILE))],
  ])('that %s is told at once', async (_, put) => {
    const file = await writePacked(folder, FILE, text(), undefined);
    await rm(join(folder, FILE));
    await put();
    await expect(checkFile(folder, file)).rejects.toThrow(NotWhole);
    await expect(read(file)).rejects.toThrow(NotWhole);
  });

  it.each([
    ['whose line has no end', /a line has no end/, () => Buffer.alloc(200 * 1024 * 1024)],
    ['that has events without end', /other events than/, (line: string) => Buffer.from(line.repeat(200_000))],
  ])('%s was put there after it was checked: told before it has all the memory', async (_, why, text) => {
    const line = encodeEventLine(eventAt(0n));
    const packed = gzipSync(text(line));
    const sealed = async function* () {
      yield await Promise.resolve(line);
    };
    const right = await writePacked(folder, LOG_FILE, sealed(), undefined);
    // Of the size that the manifest says: what a file is, its digest tells, at its end.
    const part = { ...right, bytes: packed.length, after: -1n, until: 0n, events: 1 };
    await writeFile(join(folder, LOG_FILE), packed);
    const manifest = {
      log: { parts: [part], events: 1, last: { id: ID, position: 0n } },
    } as unknown as Manifest;
    let seen = 0;
    const reading = async () => {
      for await (const event of readBackupLog({ folder, manifest, key: undefined }))
        seen += event.id === ID ? 1 : 0;
    };
    const before = process.memoryUsage().rss;
    await expect(reading()).rejects.toThrow(why);
    expect(seen).toBeLessThanOrEqual(1);
    expect(process.memoryUsage().rss - before).toBeLessThan(500 * 1024 * 1024);
  });

  it('is never written to where somebody else has its name lead', async () => {
    const theirs = join(above, 'open-holds.json');
    await writeFile(theirs, 'ours');
    await symlink(theirs, join(folder, FILE));
    await symlink(theirs, join(folder, `${MANIFEST}.next`));
    const file = await writePacked(folder, FILE, text(), undefined);
    const empty = {
      format: 1,
      run: 1,
      tables: { read_at: new Date(0).toISOString(), kept: [] },
    } as unknown as Manifest;
    await expect(writeManifest(folder, empty, keys)).rejects.toThrow(NotWhole);
    expect([await readFile(theirs, 'utf8'), await read(file)]).toEqual(['ours', TEXT]);
  });
});

describe('the folder of a backup', () => {
  it('whose inner folder leads elsewhere is not written to, and nothing there is taken away', async () => {
    const spool = join(above, 'spool');
    await mkdir(spool);
    await writeFile(join(spool, 'charges'), 'ours');
    await rm(join(folder, 'log'), { recursive: true });
    await symlink(spool, join(folder, 'log'));
    await expect(prepareFolder(folder)).rejects.toThrow(NotWhole);
    expect(await readdir(spool)).toEqual(['charges']);
  });

  it('whose manifest never ends is told at once', async () => {
    await symlink('/dev/zero', join(folder, MANIFEST));
    await expect(readManifest(folder, keys)).rejects.toThrow(NotWhole);
    await rm(join(folder, MANIFEST));
    await writeFile(join(folder, MANIFEST), '');
    await truncate(join(folder, MANIFEST), 2 ** 40);
    expect((await stat(join(folder, MANIFEST))).size).toBe(2 ** 40);
    await expect(readManifest(folder, keys)).rejects.toThrow(NotWhole);
  });
});

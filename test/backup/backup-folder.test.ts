import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkBackup } from '../../src/backup/folder/check-backup.js';
import { NotWhole } from '../../src/backup/manifest.js';
import { restoreBackup } from '../../src/backup/restore/restore-backup.js';
import type { Secret } from '../../src/backup/sealing/folder-key.js';
import { CannotUnseal } from '../../src/backup/sealing/sealed-stream.js';
import { type BackupOptions, writeBackup } from '../../src/backup/write/write-backup.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { encodeEventLine } from '../../src/eventstore/ndjson/event-line.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { foundLedger } from '../../src/commands/ledger/found-ledger.js';
import { createPersonKeyVault } from '../../src/stores/person-keys.js';
import { verifyMasterKey } from '../../src/stores/ledger-instance.js';
import { createKeyring } from '../../src/support/keyring.js';
import { append } from '../support/events.js';
import { choiceArbitrary, historyOf } from '../support/history.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { readWholeLog } from '../support/whole-log.js';

const keyring = createKeyring(Buffer.alloc(32, 9));
const keys = { sealKey: keyring.backupSealKey, fingerprint: keyring.fingerprint };
const words: Secret = { kind: 'passphrase', passphrase: 'correct horse battery staple' };
const [FIRST, SECOND] = [40, 20];
const history = historyOf(fc.sample(choiceArbitrary, { numRuns: FIRST + SECOND, seed: 12 }));

describe('a backup in a folder', () => {
  let database: TestDatabase;
  let store: EventStore;
  let ledgerId: string;
  let folder: string;

  const source = () => ({
    store,
    pool: database.pool,
    keys,
    ledger: { id: ledgerId, founded_at: '2026-10-01T00:00:00Z', generation: 0, log: 'postgres' as const },
  });
  const write = (options: Partial<BackupOptions> = {}) =>
    writeBackup(source(), { folder, now: () => new Date(), ...options });
  const check = (secret?: Secret) => checkBackup(folder, keys, secret);
  const path = async (kind: 'log' | 'tables', part: string) => {
    const name = (await readdir(join(folder, kind))).find((found) => found.includes(part));
    return join(folder, kind, name ?? 'missing');
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    store = createPostgresEventStore({ connectionString: database.url });
    ledgerId = await verifyMasterKey(database.pool, keyring);
    await foundLedger(store, { ledgerId, foundedAt: '2026-10-01T00:00:00Z' });
    await append(store, ...history.slice(0, FIRST));
    const vault = createPersonKeyVault(database.pool, keyring);
    await vault.erase(randomUUID());
    await vault.seal(randomUUID(), PERSON);
    await database.pool.query(`SELECT nextval('user_ids') FROM generate_series(1, 57)`);
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'counterfoil-backup-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('has the log as it is, a line an event, and is found whole', async () => {
    const { manifest } = await write();

    const log = gunzipSync(await readFile(await path('log', '1.'))).toString();
    expect(log).toBe((await readWholeLog(store)).map(encodeEventLine).join(''));
    expect((await check()).manifest).toEqual(manifest);
    expect(manifest.sequences.user_ids).toBe(57n);
  });

  it('takes what is new since the last time, and replaces what it has of the tables', async () => {
    const before = await write();
    expect((await write()).newEvents).toBe(0);
    const held = (await readWholeLog(store)).length;
    await append(store, ...history.slice(FIRST));

    const { manifest, newEvents } = await write();

    const all = await readWholeLog(store);
    expect(newEvents).toBe(all.length - held);
    expect(manifest.log.parts.map(({ file }) => file)).toEqual(['log/1.ndjson.gz', 'log/3.ndjson.gz']);
    expect(manifest.log.events).toBe(all.length);
    expect(await readdir(join(folder, 'tables'))).toHaveLength(before.manifest.tables.kept.length);
    await check();
  });

  it('is encrypted with a passphrase, tells nothing without it, and goes on only with it', async () => {
    await write({ secret: words });
    const bytes = await readFile(await path('log', '1.'));
    expect(() => gunzipSync(bytes)).toThrow();
    await expect(check()).rejects.toThrow(CannotUnseal);
    await expect(write()).rejects.toThrow(CannotUnseal);
    await expect(write({ secret: { ...words, passphrase: 'another one altogether' } })).rejects.toThrow(
      CannotUnseal,
    );

    await write({ secret: words });
    expect((await check(words)).key).toHaveLength(32);
  });

  it.each([
    ['a byte of the log was changed', 'log', '1.', flipLast],
    [
      'a table was cut off',
      'tables',
      'person_keys',
      async (file: string) => writeFile(file, (await readFile(file)).subarray(1)),
    ],
    ['a file is missing', 'tables', 'service_keys', (file: string) => rm(file)],
    ['something was added to a file', 'log', '1.', (file: string) => appendFile(file, 'x')],
  ] as const)('is not taken for whole when %s', async (_case, kind, part, change) => {
    await write();
    await change(await path(kind, part));
    await expect(check()).rejects.toThrow(NotWhole);
  });

  it('is not taken for whole when its manifest was changed, by whoever has not the master key', async () => {
    await write();
    const manifest = join(folder, 'manifest.json');
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, text.replace('"57"', '"56"'));
    await expect(check()).rejects.toThrow('was changed');
    await writeFile(manifest, text.slice(0, -10));
    await expect(check()).rejects.toThrow(NotWhole);
    await writeFile(manifest, text);

    const other = createKeyring(Buffer.alloc(32, 8));
    await expect(
      checkBackup(folder, { sealKey: other.backupSealKey, fingerprint: other.fingerprint }, undefined),
    ).rejects.toThrow('give MASTER_KEY');
  });

  it('stays what it was when the next one breaks off, and the one after that goes on', async () => {
    const { manifest } = await write();
    const away = { ...store, head: () => store.head(), readStream: store.readStream.bind(store) };
    const broken = Object.assign(away, { readAll: () => Promise.reject(new Error('the log is away')) });
    await append(store, history[0] ?? never());
    await expect(
      writeBackup({ ...source(), store: broken }, { folder, now: () => new Date() }),
    ).rejects.toThrow('the log is away');
    expect((await check()).manifest).toEqual(manifest);

    expect((await write()).newEvents).toBe(1);
    await check();
  });

  it('is never mixed with that of another log, or with what else is in a folder', async () => {
    await write();
    const [last] = await readWholeLog(store).then((log) => log.slice(-1));
    const earlier = {
      ...source().store,
      head: () => store.head(),
      readAll: () => never(),
      readStream: () => Promise.resolve([]),
    };
    await expect(
      writeBackup({ ...source(), store: earlier }, { folder, now: () => new Date() }),
    ).rejects.toThrow(`revision ${last?.revision} of ${last?.stream}`);
    await expect(
      writeBackup(
        { ...source(), ledger: { ...source().ledger, id: randomUUID() } },
        { folder, now: () => new Date() },
      ),
    ).rejects.toThrow('take another folder');
    const documents = join(folder, 'log');
    await writeFile(join(documents, 'thesis.txt'), 'mine');
    await expect(write({ folder: documents })).rejects.toThrow('a backup has a folder of its own');
    expect(await readFile(join(documents, 'thesis.txt'), 'utf8')).toBe('mine');
  });

  it('makes the same log, rows and numbers elsewhere, of a new generation, and only where nothing is', async () => {
    await database.pool.query(
      `INSERT INTO outbox (id, receiver, kind, payload, source, position) VALUES
         (gen_random_uuid(), 'mail', 'k', '{"text":"a\\\\u2028\\"b"}', 's', 3), (gen_random_uuid(), 'mail', 'k', '{}', 's', 99999)`,
    );
    await database.pool.query(
      `INSERT INTO kept_things (id, account_id, channel_id, key_id, tokens) VALUES ('r1', gen_random_uuid(), 'c', 'k', 9007199254740993)`,
    );
    await write({ secret: words });
    const target = await createTestDatabase();
    const other = createPostgresEventStore({ connectionString: target.url });
    const restore = async () =>
      restoreBackup({ pool: target.pool, store: other, kind: 'postgres' }, await check(words), {
        meta: { actor: 'operator:test', requestId: 'test' },
        above: 4,
        leaveOut: 100,
        newId: randomUUID,
        now: () => new Date(),
      });

    const restored = await restore();

    const [was, is] = [await readWholeLog(store), await readWholeLog(other)];
    expect(is.slice(0, -1)).toEqual(was);
    expect(is.at(-1)?.data).toMatchObject({ ledger_id: ledgerId, generation: 5, by: 'operator:test' });
    expect(restored).toMatchObject({ ledgerId, generation: 5, events: was.length, discardedMessages: 1 });
    for (const table of ['person_keys', 'kept_things', 'service_keys', 'alerts']) {
      const rows = `SELECT t::text FROM ${table} t ORDER BY 1`;
      expect((await target.pool.query(rows)).rows).toEqual((await database.pool.query(rows)).rows);
    }
    const { rows } = await target.pool.query<{ id: bigint }>(`SELECT nextval('user_ids') AS id`);
    expect(rows).toEqual([{ id: 158n }]);
    const messages = `SELECT state, payload::text, sequence FROM outbox ORDER BY sequence`;
    expect((await target.pool.query(messages)).rows).toMatchObject([
      { state: 'waiting', payload: '{"text": "a\\\\u2028\\"b"}' },
      { state: 'discarded' },
    ]);
    expect((await target.pool.query('SELECT log_kind, generation FROM ledger_instance')).rows).toEqual([
      { log_kind: 'postgres', generation: 5 },
    ]);
    await expect(restore()).rejects.toThrow('the log has events');
    await other.close();
    await target.drop();
  });
});

async function flipLast(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  await writeFile(file, bytes);
}

const never = (): never => {
  throw new Error('not to be called');
};

const PERSON = {
  display_name: 'Ann',
  email: 'ann@example.com',
  phone: '',
  wechat_openid: '',
  wechat_unionid: '',
  alipay_userid: '',
  external_data: '',
};

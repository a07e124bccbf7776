import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createCustomer } from '../acceptance/support/clients.js';
import { type Service, startService } from '../../src/compose/service.js';
import { readConfig } from '../../src/config.js';
import { createTransparencyKeys } from '../../src/stores/transparency-keys.js';
import { readAnchors } from '../../src/transparency/anchors/anchor-table.js';
import { openCheckpoint } from '../../src/transparency/checkpoint.js';
import { verifierText, type VerifierKey } from '../../src/transparency/note-keys.js';
import { verifiersOf } from '../../src/transparency/signing-keys.js';
import { Commands } from '../support/commands.js';
import { eventually } from '../support/eventually.js';
import { fault, ObjectStoreServer } from '../support/fakes/object-store.js';
import { Witness } from '../support/fakes/witness.js';
import { MailServer } from '../support/mail-server.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { WebhookServer } from '../support/webhook-server.js';
import { copyDatabase, dropDatabase, exchangeDatabases } from '../support/whole-databases.js';
import { ledgerEnvironment } from './ledger-environment.js';

// A ledger whose checkpoints go to every kind of anchor, and a stranger's monitor beside it.

const commands = new Commands();
afterAll(() => commands.close());

const run = promisify(execFile);
const patience = { timeoutMs: 60_000, intervalMs: 200 };
const NAMES = ['auditor', 'bucket', 'finance', 'friend', 'history', 'vault'];

let folder: string;
let database: TestDatabase;
let witness: Witness;
let webhook: WebhookServer;
let mail: MailServer;
let store: ObjectStoreServer;
let keys: readonly VerifierKey[] = [];
let environment: Record<string, string>;
let running: Service | undefined;
/** All that the service ever logged. */
let logged = '';
/** Of a backup that was taken before most of it happened. */
let older: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-anchored-'));
  database = await createTestDatabase();
  witness = await new Witness(() => keys).start();
  webhook = await new WebhookServer(randomBytes(16).toString('hex')).start();
  mail = await new MailServer().start();
  store = await new ObjectStoreServer().start();
  await run('git', ['init', '--quiet', '--bare', join(folder, 'remote.git')]);
  await run('git', ['clone', '--quiet', join(folder, 'remote.git'), join(folder, 'history')]);
  environment = {
    ...ledgerEnvironment(database, folder),
    ANCHORS_FILE: join(folder, 'anchors.json'),
    WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8',
    SMTP_URL: mail.url,
    MAIL_FROM: 'ledger@example.com',
  };
  await nameAnchors(NAMES);
}, 120_000);

afterAll(async () => {
  await running?.close();
  for (const each of [witness, webhook, mail, store]) await each?.stop();
  await database?.drop();
  if (older) await dropDatabase(older);
  await rm(folder, { recursive: true, force: true });
}, 120_000);

async function nameAnchors(names: readonly string[]): Promise<void> {
  const anchors = [
    { kind: 'folder', name: 'vault', path: join(folder, 'vault') },
    { kind: 'git', name: 'history', path: join(folder, 'history'), push: true, every_minutes: 0 },
    { kind: 'webhook', name: 'auditor', url: webhook.url, secret: webhook.secret, every_minutes: 0 },
    { ...store.settings, name: 'bucket' },
    { kind: 'mail', name: 'finance', to: 'finance@example.com', every_minutes: 0 },
    { kind: 'witness', name: 'friend', url: witness.url, vkey: witness.vkey },
  ];
  const named = anchors.filter(({ name }) => names.includes(name));
  await writeFile(join(folder, 'anchors.json'), JSON.stringify({ lost_after_minutes: 60, anchors: named }));
}

async function start(): Promise<Service> {
  const log = pino({ level: 'trace' }, { write: (line) => void (logged += line) });
  const service = await startService(readConfig(environment), log, () => undefined);
  running = service;
  const { pool } = service.ledger.database;
  keys = await verifiersOf(createTransparencyKeys(pool, service.ledger.keyring));
  return service;
}

const poolOf = ({ ledger }: Service) => ledger.database.pool;
const served = async ({ url }: Service) => (await fetch(`${url}/transparency/checkpoint`)).text();
const alertsOf = async (service: Service) => {
  const { rows } = await poolOf(service).query<{ key: string; reason: string }>(
    `SELECT key, details ->> 'reason' AS reason FROM alerts WHERE resolved_at IS NULL ORDER BY key`,
  );
  return rows;
};

/** Waits until each anchor has all that there is. Answers the checkpoint. */
const allHave = (service: Service) =>
  eventually(async () => {
    const note = await served(service);
    const { size } = openCheckpoint(note, keys);
    const states = await readAnchors(poolOf(service));
    expect(states.map(({ name, size: has, failingSince }) => [name, has, failingSince])).toEqual(
      NAMES.map((name) => [name, size, undefined]),
    );
    return { note, size };
  }, patience);

/** As a stranger runs it, with a file of their own. */
async function monitor(service: { readonly url: string }, ...more: readonly string[]) {
  const place = [`${service.url}/transparency`, '--state', join(folder, 'monitor.json')];
  const own = more.includes('--key') ? [] : keys.flatMap((key) => ['--key', verifierText(key)]);
  const witnesses = ['--witness', witness.vkey];
  const { code, stdout } = await commands.run(['monitor', ...place, ...own, ...witnesses, '--json', ...more]);
  return { code, ...(stdout === '' ? {} : (JSON.parse(stdout) as { verdict: string; size: number })) };
}

it('every anchor has each checkpoint, and a monitor that sees them says so', async () => {
  const service = await start();
  const { note, size } = await allHave(service);
  // Which witness had signed it by then, each may see differently.
  const signed = note.slice(0, note.indexOf('\n', note.indexOf('\n\n') + 2));
  expect(await readFile(join(folder, 'vault', 'checkpoint'), 'utf8')).toContain(signed);
  expect(store.newest('counterfoil/ledger/checkpoint')).toContain(signed);
  const remote = ['-C', join(folder, 'remote.git')];
  expect((await run('git', [...remote, 'show', 'HEAD:checkpoint'])).stdout).toContain(signed);
  const told = { event: 'checkpoint-signed', size, checkpoint: expect.stringContaining(signed) };
  expect(webhook.received.at(-1)).toMatchObject(told);
  expect(mail.received.at(-1)).toMatchObject({ to: ['finance@example.com'] });
  for (const line of signed.split('\n').slice(0, 3)) expect(mail.received.at(-1)?.text).toContain(line);
  expect(openCheckpoint(note, keys, [witness.key]).witnesses).toHaveLength(1);

  const ok = { code: 0, verdict: 'ok', size, witnesses: ['witness.example'] };
  expect(await monitor(service, '--quorum', '1')).toMatchObject(ok);
  expect(await monitor(service)).toMatchObject({ code: 0, verdict: 'ok', before: size });
  expect(await monitor(service, '--quorum', '2')).toMatchObject({ code: 1, verdict: 'no-quorum' });
  expect(await monitor(service, '--fresh', '0')).toMatchObject({ code: 1, verdict: 'stale' });
  const another = ['--key', (await readFile('docs/transparency/vectors/key.txt', 'utf8')).trim()];
  expect(await monitor(service, ...another)).toMatchObject({ code: 1, verdict: 'unsigned' });
  await service.close();
  expect(await monitor(service)).toEqual({ code: 3 });
  older = await copyDatabase(database.url);
}, 300_000);

it('one that takes nothing for too long is an alert, until it does', async () => {
  const service = await start();
  const file = join(folder, 'vault', 'checkpoint');
  const [copy, away] = [join(folder, 'history'), join(folder, 'away')];
  [witness.instead, webhook.instead] = [{ status: 503 }, 500];
  mail.refusal = { code: 550, text: 'no such user' };
  store.instead = fault(503, 'SlowDown', `<AWSAccessKeyId>${store.key.id}</AWSAccessKeyId>`);
  await rename(file, `${file}.away`);
  await rename(copy, away);
  await createCustomer(service.url, 5);
  const failing = async (since: string) => {
    await eventually(async () => {
      const states = await readAnchors(poolOf(service));
      expect(states.filter(({ failingSince }) => failingSince).map(({ name }) => name)).toEqual(NAMES);
    }, patience);
    await poolOf(service).query(`UPDATE transparency_anchors SET failing_since = ${since}, next_at = now()`);
  };
  await failing(`failing_since - interval '61 minutes'`);
  const told = await eventually(async () => {
    const alerts = await alertsOf(service);
    expect(alerts.map(({ key }) => key)).toEqual(NAMES.map((name) => `anchor-lost/${name}`));
    return alerts.map(({ reason }) => reason).join('\n');
  }, patience);
  for (const words of [
    'it answered 500',
    'it answered 503 SlowDown',
    'the mail server does not take it',
    'git rev-parse failed',
    'is it mounted?',
  ])
    expect(told).toContain(words);
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200);

  // Each of them was told of, in logs too; of what it is reached with nothing was said.
  for (const name of NAMES) expect(logged).toContain(`"anchor":"${name}"`);
  for (const secret of [webhook.secret, store.key.secret, store.key.id, webhook.url, store.url, witness.url])
    for (const said of [logged, told]) expect(said).not.toContain(secret);

  [witness.instead, webhook.instead, mail.refusal] = [undefined, undefined, undefined];
  store.instead = undefined;
  await rename(`${file}.away`, file);
  await rename(away, copy);
  await failing('failing_since');
  await allHave(service);
  await eventually(async () => expect(await alertsOf(service)).toEqual([]), patience);
  expect(await monitor(service, '--quorum', '1')).toMatchObject({ code: 0, verdict: 'ok' });
  await service.close();
}, 300_000);

it('a whole database that is put back to an older copy is found by what anchors remember, and by a monitor', async () => {
  const { size } = openCheckpoint(await readFile(join(folder, 'vault', 'checkpoint'), 'utf8'), keys);
  await exchangeDatabases(database.url, older);
  const verified = await commands.run(['verify'], environment);
  expect(verified.code).toBe(1);
  expect(verified.stdout).toContain('log and tables were put back to an older copy together');
  const rebuilt = await commands.run(['rebuild', 'all', '--accept'], environment);
  expect(rebuilt).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/the anchor (bucket|vault|history) has a checkpoint/),
  });
  expect(rebuilt.stderr).toContain('counterfoil restore');
  const meant = await commands.run(['rebuild', 'all', '--accept', '--against-checkpoints'], environment);
  expect(meant).toMatchObject({ code: 0 });

  await nameAnchors(['bucket']);
  const service = await start();
  await eventually(async () => {
    const [alert] = await alertsOf(service);
    expect(alert).toMatchObject({
      key: 'transparency-log',
      reason: expect.stringContaining(`the anchor bucket has a checkpoint of ${size}`),
    });
  }, patience);
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
  expect(openCheckpoint(await served(service), keys).size).toBeLessThan(size);
  expect(await monitor(service)).toMatchObject({ code: 1, verdict: 'shrunk', before: size });
  await service.close();
}, 300_000);

it('and where nobody asks those that remember, by the witness, and by the monitor when it has grown past what that saw', async () => {
  await nameAnchors(['friend']);
  const service = await start();
  for (let user = 0; user < 3; user += 1) await createCustomer(service.url, 5);
  await eventually(async () => {
    const [alert] = await alertsOf(service);
    expect(alert).toMatchObject({
      key: 'anchor-contradicts/friend',
      reason: expect.stringMatching(/it has signed|it refuses the proof that this log goes on/),
    });
  }, patience);
  const forked = { code: 1, verdict: 'forked', evidence: expect.stringContaining(keys[0]?.name ?? '') };
  // A look is a process of its own: it is taken when there is something to be seen.
  const seen = JSON.parse(await readFile(join(folder, 'monitor.json'), 'utf8')) as { checkpoint: string };
  const { size } = openCheckpoint(seen.checkpoint, keys);
  await eventually(async () => openCheckpoint(await served(service), keys).size >= size, patience);
  expect(await monitor(service)).toMatchObject(forked);
  // It is not believed the second time either.
  expect(await monitor(service)).toMatchObject(forked);
  await poolOf(service).query(
    `UPDATE transparency_tiles SET hashes = set_byte(hashes, 0, 1) WHERE level = 0`,
  );
  const stranger = ['--state', join(folder, 'another.json')];
  expect(await monitor(service, ...stranger)).toMatchObject({ code: 1, verdict: 'broken' });
  await service.close();
}, 300_000);

it('two ledgers whose databases changed places are told by their keys, and by who has seen one of them', async () => {
  await nameAnchors([]);
  const other = await createTestDatabase();
  try {
    const [own, { DATABASE_URL }] = [environment, { DATABASE_URL: other.url }];
    environment = { ...own, DATABASE_URL, TRANSPARENCY: 'kept' };
    const first = await start();
    await createCustomer(first.url, 1);
    expect((await fetch(`${first.url}/transparency/checkpoint`)).status).toBe(404);
    await first.close();
    // What came last is signed when all ends, however short ago that was.
    const { rows } = await other.pool.query(
      `SELECT tree.position = head.position AS "isWhole", tree.size = (SELECT max(size) FROM transparency_checkpoints) AS "isSigned"
       FROM transparency_tree AS tree, log_head AS head`,
    );
    expect(rows).toEqual([{ isWhole: true, isSigned: true }]);
    await exchangeDatabases(database.url, other.url);
    const MASTER_KEY = randomBytes(32).toString('base64');
    for (const each of [own, environment])
      expect(await commands.run(['verify'], { ...each, MASTER_KEY })).toMatchObject({
        code: 3,
        stderr: expect.stringContaining('begun with another master key'),
      });
    // With one key for both of them, each is whole in itself: who has seen the one that was there knows.
    environment = own;
    const { keys: inOther } = JSON.parse(
      (await commands.run(['transparency', 'key', '--json'], { ...own, DATABASE_URL })).stdout,
    ) as { keys: string[] };
    const swapped = await start();
    const believed = inOther.flatMap((key) => ['--key', key]);
    await eventually(async () => (await fetch(`${swapped.url}/transparency/checkpoint`)).ok, patience);
    expect(await monitor(swapped, ...believed)).toMatchObject({ code: 1, verdict: 'unsigned' });
    await swapped.close();
  } finally {
    await other.drop();
  }
}, 300_000);

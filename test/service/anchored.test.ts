import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createCustomer } from '../acceptance/support/clients.js';
import { SERVICE_KEY } from '../acceptance/support/deployment.js';
import { type Service, startService } from '../../src/compose/service.js';
import { readConfig } from '../../src/config.js';
import { createTransparencyKeys } from '../../src/stores/transparency-keys.js';
import { openCheckpoint } from '../../src/transparency/checkpoint.js';
import type { VerifierKey } from '../../src/transparency/note-keys.js';
import { verifiersOf } from '../../src/transparency/signing-keys.js';
import { counterfoil } from '../support/counterfoil.js';
import { eventually } from '../support/eventually.js';
import { Witness } from '../support/fakes/witness.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { copyDatabase, dropDatabase, exchangeDatabases } from '../support/whole-databases.js';

const patience = { timeoutMs: 60_000, intervalMs: 200 };

let folder: string;
let database: TestDatabase;
let witness: Witness;
let keys: readonly VerifierKey[] = [];
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-anchored-'));
  database = await createTestDatabase();
  witness = await new Witness(() => keys).start();
  const anchors = [
    { kind: 'folder', name: 'vault', path: join(folder, 'vault') },
    { kind: 'witness', name: 'friend', url: witness.url, vkey: witness.vkey },
  ];
  await writeFile(join(folder, 'anchors.json'), JSON.stringify({ anchors }));
  environment = {
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    DATABASE_URL: database.url,
    MASTER_KEY: randomBytes(32).toString('base64'),
    SERVICE_KEYS: SERVICE_KEY,
    ANCHORS_FILE: join(folder, 'anchors.json'),
    WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8',
  };
}, 120_000);

afterAll(async () => {
  await witness?.stop();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
}, 120_000);

async function start(): Promise<Service> {
  const service = await startService(readConfig(environment), pino({ level: 'silent' }), () => undefined);
  const { pool } = service.ledger.database;
  keys = await verifiersOf(createTransparencyKeys(pool, service.ledger.keyring));
  return service;
}

const anchored = () => readFile(join(folder, 'vault', 'checkpoint'), 'utf8').catch(() => '');
const served = async ({ url }: Service) => (await fetch(`${url}/transparency/checkpoint`)).text();

it('a whole database that is put back to an older copy is found by what an anchor remembers', async () => {
  const first = await start();
  await eventually(async () => expect((await anchored()).length).toBeGreaterThan(0), patience);
  await first.close();
  const older = await copyDatabase(database.url);

  const second = await start();
  const { id } = await createCustomer(second.url, 5);
  await second.close();
  expect(id).toBeDefined();
  const opened = openCheckpoint(await anchored(), keys, [witness.key]);
  expect(opened.witnesses).toHaveLength(1);
  expect(witness.seen.size).toBe(opened.size);

  await exchangeDatabases(database.url, older);
  const verified = await counterfoil(['verify'], environment);
  expect(verified.code).toBe(1);
  expect(verified.stdout).toContain('log and tables were put back to an older copy together');
  const rebuilt = await counterfoil(['rebuild', 'all', '--accept'], environment);
  expect(rebuilt).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('the anchor vault has a checkpoint'),
  });
  expect(rebuilt.stderr).toContain('counterfoil restore');
  const meant = await counterfoil(['rebuild', 'all', '--accept', '--against-checkpoints'], environment);
  expect(meant).toMatchObject({ code: 0 });

  const third = await start();
  const alerts = () =>
    third.ledger.database.pool.query<{ kind: string }>('SELECT kind FROM alerts WHERE resolved_at IS NULL');
  await eventually(async () => {
    const { rows } = await alerts();
    expect(rows.map(({ kind }) => kind)).toContain('transparency-log');
  }, patience);
  expect((await fetch(`${third.url}/readyz`)).status).toBe(200);
  expect(openCheckpoint(await served(third), keys).size).toBeLessThan(opened.size);
  await third.close();
  await dropDatabase(older);
}, 300_000);

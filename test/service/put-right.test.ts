import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { startService } from '../../src/compose/service.js';
import { readConfig } from '../../src/config.js';
import { createCustomer } from '../acceptance/support/clients.js';
import { SERVICE_KEY } from '../acceptance/support/deployment.js';
import { CommandProcess } from '../support/command-process.js';
import { Commands } from '../support/commands.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

// A log that somebody changed in its database, and what a backup has of it.

const commands = new Commands();
afterAll(() => commands.close());

let folder: string;
let database: TestDatabase;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-put-right-'));
  database = await createTestDatabase();
  environment = {
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    DATABASE_URL: database.url,
    MASTER_KEY: randomBytes(32).toString('base64'),
    SERVICE_KEYS: SERVICE_KEY,
  };
  await customer();
  const backup = await commands.run(['backup', join(folder, 'backup')], environment);
  expect(backup).toMatchObject({ code: 0 });
  // Written, and signed, after the backup.
  await customer();
  await database.pool.query('CREATE TABLE true_events AS TABLE events');
}, 120_000);

afterAll(async () => {
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
}, 120_000);

/** A service that goes has signed what it wrote. */
async function customer(of = environment): Promise<void> {
  const service = await startService(readConfig(of), pino({ level: 'silent' }), () => undefined);
  await createCustomer(service.url, 5);
  await service.close();
}

const tamper = (...sql: string[]) =>
  database.pool.query(['BEGIN', 'SET LOCAL session_replication_role = replica', ...sql, 'COMMIT'].join(';'));

/** To the millisecond, as a backup has it. */
const logIs = async (): Promise<unknown> => {
  const text = `string_agg(concat_ws(' ', position, stream, revision, id, type, data, metadata, date_trunc('milliseconds', recorded_at)), E'\\n' ORDER BY position)`;
  const { rows } = await database.pool.query(
    `SELECT (SELECT position FROM log_head) AS head, md5(${text}) AS events FROM events`,
  );
  return rows[0];
};

const fromBackup = () =>
  commands.run(['rebuild', 'all', '--from-backup', join(folder, 'backup'), '--by', 'ann'], environment);

const PAYMENT = `(SELECT position FROM events WHERE type LIKE 'payment-credited%' ORDER BY position LIMIT 1)`;

it.each([
  [
    'a payment is raised',
    [`UPDATE events SET data = replace(data::text, '"5"', '"5000"')::json WHERE position = ${PAYMENT}`],
  ],
  [
    'an event is taken out, the rest renumbered',
    [
      `DELETE FROM events WHERE position = ${PAYMENT}`,
      'UPDATE events SET position = -position WHERE position > (SELECT count(*) FROM events WHERE position = 0)',
      'UPDATE events moved SET position = place.place FROM (SELECT position, row_number() OVER (ORDER BY abs(position)) - 1 AS place FROM events) AS place WHERE place.position = moved.position',
      'UPDATE log_head SET position = position - 1',
    ],
  ],
  [
    'a credit is forged behind all',
    [
      `SELECT append_events(json_build_array(json_build_object('c', 0, 's', 'payment-' || gen_random_uuid(), 'e', -1, 'v',
        json_build_array(json_build_object('i', gen_random_uuid(), 't', type, 'd', data, 'm', '{"actor":"service-key:1"}')))))
        FROM events WHERE position = ${PAYMENT}`,
    ],
  ],
])('%s: refused as it is, and put right from the backup with what came after it', async (_what, sql) => {
  const before = await logIs();
  await tamper(...sql);
  expect(await logIs()).not.toEqual(before);
  const put = await fromBackup();
  expect(put).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('the log as it was is kept as former_logs.'),
  });
  expect(await logIs()).toEqual(before);
  const [, kept = ''] = /kept as (former_logs\.\w+)/.exec(put.stderr) ?? [];
  const { rows } = await database.pool.query<{ differ: number }>(
    `SELECT count(*)::int AS differ FROM (SELECT id, data::text FROM ${kept} EXCEPT SELECT id, data::text FROM events) AS wrong`,
  );
  expect(rows[0]?.differ).toBe(sql.length === 1 ? 1 : 0);
  expect(await commands.run(['verify'], environment)).toMatchObject({ code: 0 });
});

it('changes nothing where there is nothing to put right, or the backup cannot do it', async () => {
  expect(await fromBackup()).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('the log is what the backup has'),
  });
  // What was written after the backup was changed, and so was what the backup has.
  await tamper(
    `UPDATE events SET data = replace(data::text, '"5"', '"5000"')::json WHERE type LIKE 'payment-credited%'`,
  );
  const before = await logIs();
  const refused = await commands.run(['rebuild', 'all', '--accept'], environment);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--from-backup') });
  // From which index on, and which event stands there.
  expect(refused.stderr).toMatch(
    /entry \d+ \(now payment-credited\S* at position \d+, revision 0 of payment-\S+\)/,
  );
  const put = await fromBackup();
  expect(put.code).toBe(2);
  expect(put.stderr).toContain('with the backup, and what was written after it');
  expect(await logIs()).toEqual(before);
});

/** What whoever can write into the folder does to it, and the words that say so. */
const HOSTILE: readonly (readonly [string, RegExp, (hostile: string) => Promise<unknown>])[] = [
  ['has no manifest', /manifest\.json/, (hostile) => rm(join(hostile, 'manifest.json'))],
  [
    'has a manifest that never ends',
    /manifest/,
    async (hostile) => {
      await rm(join(hostile, 'manifest.json'));
      await symlink('/dev/zero', join(hostile, 'manifest.json'));
    },
  ],
  [
    'counts other events',
    /the manifest was changed since it was written/,
    (hostile) => changeManifest(hostile, (text) => text.replace(/"events": \d+/, '"events": 1234567')),
  ],
  [
    'leads out of itself',
    /manifest/,
    (hostile) => changeManifest(hostile, (text) => text.replace(/"log\/[^"]+"/, '"../../../etc/passwd"')),
  ],
  [
    'has a log that never ends',
    /log\//,
    async (hostile) => {
      const file = await logFile(hostile);
      await rm(file);
      await symlink('/dev/zero', file);
    },
  ],
  [
    'has another log of the same size',
    /log\//,
    async (hostile) => {
      const bytes = await readFile(await logFile(hostile));
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 20) ^ 1, bytes.length - 20);
      await writeFile(await logFile(hostile), bytes);
    },
  ],
];

const changeManifest = async (hostile: string, change: (text: string) => string) => {
  const file = join(hostile, 'manifest.json');
  const text = await readFile(file, 'utf8');
  expect(change(text)).not.toBe(text);
  await writeFile(file, change(text));
};
const logFile = async (hostile: string): Promise<string> => {
  const [name = ''] = await readdir(join(hostile, 'log'));
  return join(hostile, 'log', name);
};

it('neither puts right nor restores from a folder that somebody has written into, and changes nothing', async () => {
  const other = await createTestDatabase({ empty: true });
  const there = { ...environment, DATABASE_URL: other.url, DATA_DIR: join(folder, 'elsewhere') };
  const [here, elsewhere] = [new CommandProcess(environment), new CommandProcess(there)];
  try {
    const before = await logIs();
    for (const [what, words, change] of HOSTILE) {
      const hostile = join(folder, 'hostile');
      await cp(join(folder, 'backup'), hostile, { recursive: true });
      await change(hostile);
      const refused = { what, code: 2, stderr: expect.stringMatching(words) };
      const put = await here.run(['rebuild', 'all', '--from-backup', hostile, '--by', 'ann']);
      expect({ what, ...put }).toMatchObject(refused);
      const restored = await elsewhere.run(['restore', hostile, '--by', 'ann']);
      expect({ what, ...restored }).toMatchObject(refused);
      await rm(hostile, { recursive: true });
    }
    expect(await logIs()).toEqual(before);
    const { rows } = await other.pool.query(
      `SELECT to_regclass('events') IS NOT NULL AND EXISTS (SELECT FROM information_schema.tables WHERE table_name = 'ledger_instance') AS made`,
    );
    const { rows: left } =
      rows[0]?.made === true
        ? await other.pool.query(
            'SELECT id::text FROM events UNION ALL SELECT ledger_id::text FROM ledger_instance',
          )
        : { rows: [] };
    expect(left).toEqual([]);
  } finally {
    await Promise.all([here.close(), elsewhere.close()]);
    await other.drop();
  }
}, 120_000);

it('restored from a backup that is older than what was signed, it says what it lacks, then that it is a fork, then that its key is lost', async () => {
  const other = await createTestDatabase({ empty: true });
  try {
    const there = { ...environment, DATABASE_URL: other.url, DATA_DIR: join(folder, 'restored') };
    const restored = await commands.run(['restore', join(folder, 'backup'), '--by', 'ann'], there);
    expect(restored).toMatchObject({ code: 0 });
    // As in the backup of a ledger at work, whose tables are read behind its log.
    const { rows } = await database.pool.query<{ size: bigint; root: Buffer; note: string; signed_at: Date }>(
      'SELECT size, root, note, signed_at FROM transparency_checkpoints ORDER BY size DESC LIMIT 1',
    );
    const [newest] = rows;
    await other.pool.query(
      'INSERT INTO transparency_checkpoints (size, root, note, signed_at, published_at) VALUES ($1, $2, $3, $4, $4)',
      [newest?.size, newest?.root, newest?.note, newest?.signed_at],
    );
    const check = () => commands.run(['transparency', 'check'], there);
    const told = async (words: string) =>
      expect(await check()).toMatchObject({ code: 1, stdout: expect.stringContaining(words) });
    await told('its end was cut off, or it is an older copy than its tables');
    await customer(there);
    await told('went on differently (a fork)');
    await other.pool.query('DELETE FROM transparency_keys');
    expect(await check()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the key that signed them is not in this database'),
    });
    const origin = ['--origin', 'ledger.example/second', '--reason', 'restored', '--by', 'ann'];
    const begun = await commands.run(['transparency', 'begin-anew', ...origin], there);
    expect(begun).toMatchObject({ code: 0, stdout: expect.stringContaining('ledger.example/second+') });
    await customer(there);
    expect(await check()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('agrees with every checkpoint'),
    });
  } finally {
    await other.drop();
  }
}, 300_000);

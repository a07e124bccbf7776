import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openCheckpoint } from '../../src/transparency/checkpoint.js';
import { readVerifierKey } from '../../src/transparency/note-keys.js';
import { Commands } from '../support/commands.js';
import { eventually } from '../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { startRedis } from '../support/redis.js';
import { ServiceProcess } from '../support/service-process.js';

const commands = new Commands();
afterAll(() => commands.close());

const SERVICE_KEY = 'front-end-test-key-1';

describe('the counterfoil command beside a running service', () => {
  let database: TestDatabase;
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let directory: string;
  let service: ServiceProcess;
  let environment: Record<string, string>;
  let url: string;

  const frontEnd = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}/api/user/external${path}`, {
      method,
      headers: { authorization: `Bearer ${SERVICE_KEY}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  };

  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
    redis = await startRedis();
    directory = await mkdtemp(join(tmpdir(), 'counterfoil-cli-'));
    environment = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      DATA_DIR: directory,
      MASTER_KEY: Buffer.alloc(32, 5).toString('base64'),
    };
    service = new ServiceProcess({ ...environment, SERVICE_KEYS: SERVICE_KEY, LIABILITY: 'daily' });
    url = await service.ready();
    const person = { email: 'ann@example.com', phone: '+49 170 0000000', display_name: 'Ann Example' };
    expect(
      (await frontEnd('POST', '/sync', { external_user_id: 'u1', username: 'ann', ...person })).status,
    ).toBe(200);
    expect(
      (await frontEnd('POST', '/topup', { external_user_id: 'u1', amount_usd: 12.5, payment_id: 'p1' }))
        .status,
    ).toBe(200);
  });

  afterAll(async () => {
    await service.stop();
    await redis.stop();
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  });

  it('verify finds drift 0, in every table and in the cache', async () => {
    const { code, stdout } = await commands.run(['verify', '--json'], environment);
    const { drift, accounts, checks } = JSON.parse(stdout) as {
      drift: number;
      accounts: number;
      checks: { name: string }[];
    };
    expect({ code, drift, accounts }).toEqual({ code: 0, drift: 0, accounts: 1 });
    expect(checks.map(({ name }) => name)).toContain('cached balances');
  });

  it('events read prints what happened, oldest first, without personal data', async () => {
    const { code, stdout } = await commands.run(['events', 'read', '--json'], environment);
    const types = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type);
    expect({ code, types }).toEqual({
      code: 0,
      types: [
        'ledger-founded.v1',
        'ledger-sealed.v1',
        'claim-reserved.v1',
        'claim-reserved.v1',
        'account-registered.v2',
        'payment-credited.v3',
      ],
    });
    expect(stdout).not.toMatch(/example\.com|\+49|Ann Example/);
  });

  it('adjust corrects a balance once for each id, with a reason, and takes no more than there is', async () => {
    const adjust = (usd: string, id: string) =>
      commands.run(
        ['adjust', 'u1', '--usd', usd, '--id', id, '--reason', 'goodwill', '--by', 'operator-1'],
        environment,
      );
    expect(await adjust('1.5', 'a1')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('750000 quota'),
    });
    expect(await adjust('1.5', 'a1')).toMatchObject({ code: 0, stderr: expect.stringContaining('before') });
    expect(await adjust('2', 'a1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('adjustment_conflict'),
    });
    expect(await adjust('-1.5', 'a2')).toMatchObject({ code: 0 });
    expect(await adjust('-20', 'a3')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('adjustment_exceeds_balance'),
    });
    expect(await adjust('0.0000001', 'a4')).toMatchObject({ code: 2 });
    await eventually(async () => (await frontEnd('GET', '/u1')).text.includes('"current_quota":6250000'));
    expect((await commands.run(['verify'], environment)).code).toBe(0);
  });

  it('erase-person shreds what is known of a person, and leaves the money', async () => {
    const args = ['erase-person', 'u1', '--reason', 'asked to be forgotten', '--by', 'operator-1', '--yes'];
    expect((await commands.run(args, environment)).code).toBe(0);
    expect((await commands.run(['erase-person', 'nobody', ...args.slice(2)], environment)).code).toBe(2);
    const erased = await eventually(
      async () => {
        const { status, text } = await frontEnd('GET', '/u1');
        return status === 200 && !/example\.com|\+49|Ann Example/.test(text) && text;
      },
      { timeoutMs: 40_000 },
    );
    expect(JSON.parse(erased)).toMatchObject({ data: { current_quota: 6_250_000 } });
    expect((await commands.run(['verify'], environment)).code).toBe(0);
  });

  it('signs the tree of its log, which is served, exported, and what the log comes to whoever was erased', async () => {
    const open = async (path: string) => {
      const response = await fetch(`${url}/transparency/${path}`);
      const content = Buffer.from(await response.arrayBuffer());
      return { status: response.status, cache: response.headers.get('cache-control'), content };
    };
    const head = await eventually(
      async () => {
        const { status, content } = await open('checkpoint');
        const text = content.toString();
        return status === 200 && Number(text.split('\n')[1]) > 8 && text;
      },
      { timeoutMs: 40_000 },
    );
    const { stdout } = await commands.run(['transparency', 'key', '--json'], environment);
    const { keys } = JSON.parse(stdout) as { keys: string[] };
    const verifiers = keys.map(readVerifierKey);
    const folder = join(directory, 'log');
    expect((await commands.run(['transparency', 'export', folder], environment)).code).toBe(0);
    const { size } = openCheckpoint(await readFile(join(folder, 'checkpoint'), 'utf8'), verifiers);
    expect(size).toBeGreaterThanOrEqual(openCheckpoint(head, verifiers).size);
    for (const path of [`tile/0/000.p/${size}`, `tile/entries/000.p/${size}`]) {
      const { status, cache, content } = await open(path);
      expect({ status, cache }).toEqual({ status: 200, cache: expect.stringContaining('immutable') });
      expect(content).toEqual(await readFile(join(folder, path)));
    }
    for (const path of ['tile/0/000.p/255', 'tile/0/000', 'tile/1/000.p/1', '../checkpoint'])
      expect((await open(path)).status).toBe(404);
    const check = await commands.run(['transparency', 'check'], environment);
    expect(check).toMatchObject({ code: 0, stdout: expect.stringContaining('agrees with every checkpoint') });

    // What others are shown is held against the log as well, and is made anew by the service.
    await database.pool.query(
      `UPDATE transparency_bundles SET entries = overlay(entries placing 'X' from 3)`,
    );
    const spoiled = await commands.run(['transparency', 'check', '--mend'], environment);
    expect(spoiled).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('what others are shown of it'),
    });
    await eventually(
      async () => {
        const { size: shown } = openCheckpoint((await open('checkpoint')).content.toString(), verifiers);
        const { status, content } = await open(`tile/entries/000.p/${shown}`);
        expect({ status, isRight: content.subarray(0, 200).includes('counterfoil-entry/v1') }).toEqual({
          status: 200,
          isRight: true,
        });
      },
      { timeoutMs: 40_000 },
    );
  });

  it('writes a receipt of a figure, which is checked with its key alone', async () => {
    const file = join(directory, 'p1.tlog-proof');
    const { keys } = JSON.parse(
      (await commands.run(['transparency', 'key', '--json'], environment)).stdout,
    ) as { keys: string[] };
    expect(await commands.run(['receipt', 'p1', '--user', 'u1', '--out', file], environment)).toMatchObject({
      code: 0,
    });
    // No database, no service, no key but the public one.
    const check = (...key: readonly string[]) =>
      commands.run(['receipt', 'check', file, '--key', ...key], {});
    const [key = ''] = keys;
    expect(await check(key)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^OK: entry \d+ of \d+ of [^]*payment-credited[^]*"payment_id":"p1"/),
    });
    expect((await check((await readFile('docs/transparency/vectors/key.txt', 'utf8')).trim())).code).toBe(1);
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^index .*$/m, 'index 0'));
    expect(await check(key)).toMatchObject({ code: 1, stdout: expect.stringContaining('FAILED') });
    for (const wrong of [['receipt', 'p2'], ['receipt', 'p1', '--user', 'nobody'], ['receipt']])
      expect((await commands.run(wrong, environment)).code).toBe(2);
  });

  it('closes what is owed, and proves a balance to be in it, of an erased person too', async () => {
    const liability = (...args: string[]) => commands.run(['liability', ...args], environment);
    const asOf = (await liability('commit')).stdout.trim();
    const file = join(directory, 'balance.tlog-proof');
    await eventually(async () => (await liability('prove', 'u1', '--out', file)).code === 0, {
      timeoutMs: 40_000,
    });
    const { keys } = JSON.parse(
      (await commands.run(['transparency', 'key', '--json'], environment)).stdout,
    ) as { keys: string[] };
    const check = () => liability('check', file, '--key', keys[0] ?? '');
    expect(await check()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`had 6250000 at the end of ${asOf}`),
    });
    expect((await frontEnd('GET', `/u1/balance-proof?as_of=${asOf}`)).status).toBe(200);
    expect(await liability('audit')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('6250000 owed to 1 accounts, 0 by 0'),
    });
    expect(JSON.parse((await liability('list', '--json')).stdout)).toMatchObject([
      { as_of: asOf, accounts: 1 },
    ]);
    expect((await liability('prove', 'nobody')).code).toBe(2);
    expect((await liability('audit', '--day', '2001-01-01')).code).toBe(2);
    await writeFile(file, (await readFile(file, 'utf8')).replace('index ', 'index 1'));
    expect(await check()).toMatchObject({ code: 1, stdout: expect.stringContaining('FAILED') });
  });

  it('verify names the account and ends with 1 when somebody has changed a balance by hand', async () => {
    await database.pool.query('UPDATE p_balance.balances SET balance = balance + 1');
    const { code, stdout } = await commands.run(['verify'], environment);
    expect(code).toBe(1);
    expect(stdout).toMatch(/6250000.*6250001/);
    expect(stdout.trimEnd()).toMatch(/drift [1-9]\d*$/);
  });
});

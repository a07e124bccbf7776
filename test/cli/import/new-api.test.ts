import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { planImport } from '../../../src/cli/import/new-api/plan.js';
import { tokenRow, userRow } from '../../../src/cli/import/new-api/rows.js';
import { type Destination, runImport } from '../../../src/cli/import/new-api/run.js';
import { createCommandWorld, type CommandWorld } from '../../support/command-world.js';
import { counterfoil } from '../../support/counterfoil.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';

const user = (id: number, more: object = {}) => ({
  id,
  username: `user${id}`,
  display_name: null,
  email: '',
  aff_code: `aff${id}`,
  group: 'default',
  status: 1,
  role: 1,
  quota: 0,
  deleted_at: null,
  ...more,
});

const USERS = [
  user(1, { role: 100, quota: 5_000_000 }),
  user(2, { quota: '34245001', external_user_id: 'shop-2', email: 'two@example.com', status: 2 }),
  user(3, { quota: -40 }),
  user(4, { username: '', quota: 2 }),
  user(5, { deleted_at: '2025-01-01T00:00:00Z', quota: 7 }),
  user(6, { group: 'vip', quota: 1 }),
  user(7, { username: 'user1', quota: 9 }),
  user(8, { external_user_id: 'shop-2', quota: 3 }),
];
const IN_FILE = 39_244_983n;
/** 48 letters and digits, as New API keeps a key. */
const keyOf = (id: number) => `Key${id}x`.repeat(12).slice(0, 48);
const token = (id: number, user_id: number, more: object = {}) => ({
  id,
  user_id,
  key: keyOf(id),
  name: `token${id}`,
  status: 1,
  expired_time: -1,
  remain_quota: 0,
  unlimited_quota: 1,
  model_limits_enabled: 0,
  model_limits: '',
  allow_ips: null,
  group: '',
  deleted_at: null,
  ...more,
});
const NOW = Date.parse('2026-11-21T09:00:00Z') / 1000;
const LATER = Date.parse('2100-01-01') / 1000;
const PRICES = { prices: [], groups: [{ name: 'vip', ratio: '0.5' }] };
const TOKENS = [
  token(1, 1, { name: 'laptop' }),
  token(2, 2, { status: 3 }),
  token(3, 2, {
    unlimited_quota: 0,
    remain_quota: '700',
    expired_time: LATER,
    model_limits_enabled: 1,
    model_limits: 'gpt-4o,qwen-turbo',
    allow_ips: '203.0.113.7\n10.0.0.0/8\n',
    group: 'vip',
  }),
  token(4, 5),
  token(5, 1, { key: 'short' }),
  token(6, 1, { key: undefined }),
  token(7, 1, { unlimited_quota: 0 }),
  token(8, 1, { expired_time: NOW - 1 }),
  token(9, 6, { key: keyOf(1) }),
  token(10, 6, { allow_ips: 'nowhere' }),
  token(11, 6, { group: 'auto' }),
];

const planOf = (users: readonly object[], tokens: readonly object[] = []) =>
  planImport(
    users.map((row) => userRow.parse(row)),
    tokens.map((row) => tokenRow.parse(row)),
    'new-api',
    NOW,
  );

const meta = { actor: 'operator:ann', requestId: 'cli' };
const into = ({ store, commands }: CommandWorld): Destination => ({
  store,
  commands,
  meta,
  reason: 'disabled',
});

const whatHappened = async (world: CommandWorld) => (await world.log()).map(({ id }) => id);

const sumOf = ({ credited, creditedBefore, left }: Awaited<ReturnType<typeof runImport>>) =>
  credited.quota + creditedBefore.quota + left.reduce((sum, { quota = 0n }) => sum + quota, 0n);

describe('an import', () => {
  it('brings users and balances in, to the quota, and accounts for every quota of the file', async () => {
    const world = createCommandWorld();
    const outcome = await runImport(planOf(USERS), into(world));
    expect(outcome).toMatchObject({
      made: 4,
      known: 0,
      credited: { count: 3, quota: 39_245_002n },
      creditedBefore: { count: 0, quota: 0n },
    });
    expect(sumOf(outcome)).toBe(IN_FILE);
    expect(outcome.left.map(({ what, why, quota }) => [what, why, quota])).toEqual([
      ['user 1', expect.stringContaining('administrator'), undefined],
      ['user 3', expect.stringContaining('below nothing'), -40n],
      ['user 4', 'unfit: username', 2n],
      ['user 5', 'deleted', 7n],
      ['user 8', 'its external_user_id is that of user 2', 3n],
      ['the group "vip" of new-api-6', 'group_not_found (vip)', undefined],
      ['the account of new-api-7', 'username_taken', 9n],
    ]);
    const credits = await world.events('payment-credited');
    expect(credits.map(({ data }) => data)).toMatchObject([
      { payment_id: 'new-api-opening-1', amount_usd: '10', quota: 5_000_000n, by: 'operator:ann' },
      { payment_id: 'new-api-opening-2', amount_usd: '68.490002', quota: 34_245_001n },
      { payment_id: 'new-api-opening-6', amount_usd: '0.000002', quota: 1n },
    ]);
    expect(await world.events('account-suspended')).toHaveLength(1);
  });

  it('does nothing the second time, and does not follow a balance that moved', async () => {
    const world = createCommandWorld();
    await runImport(planOf(USERS), into(world));
    const before = await whatHappened(world);
    const again = await runImport(planOf(USERS), into(world));
    expect(again).toMatchObject({ made: 0, known: 4, credited: { count: 0 }, creditedBefore: { count: 3 } });
    expect(sumOf(again)).toBe(IN_FILE);
    const moved = await runImport(planOf([user(1, { quota: 5_000_001 })]), into(world));
    expect(moved.left).toEqual([
      {
        what: 'the balance (5000001 quota) of new-api-1',
        why: 'payment_conflict (amount_usd)',
        quota: 5_000_001n,
      },
    ]);
    expect(await whatHappened(world)).toEqual(before);
  });

  it('is gone on with where it died, after any of its events, and ends as if it had not', async () => {
    const plan = planOf(
      [user(1, { group: 'vip', status: 2, quota: 5 }), user(2, { group: 'vip', status: 2 })],
      [token(1, 1), token(2, 1)],
    );
    const typesAfter = async (deaths: readonly number[]) => {
      let appends = 0;
      let deadAt = Infinity;
      const world = createCommandWorld({
        wrap: (store) => ({
          ...store,
          readStream: (...given) => store.readStream(...given),
          append: async (writes) => {
            if ((appends += 1) > deadAt) throw new Error('died');
            return store.append(writes);
          },
        }),
      });
      await world.commands.publishPriceList(PRICES, meta);
      for (const death of deaths) {
        [appends, deadAt] = [0, death];
        await runImport(plan, into(world)).catch(() => undefined);
      }
      [appends, deadAt] = [0, Infinity];
      const outcome = await runImport(plan, into(world));
      expect([outcome.left, sumOf(outcome)]).toEqual([[], 5n]);
      return (await world.events())
        .map(({ type }) => type)
        .filter((type) => /^(account|payment|token)-/.test(type));
    };
    const whole = await typesAfter([]);
    expect(whole).toEqual([
      ...['account-registered', 'account-group-changed', 'account-suspended'],
      ...['token-issued', 'token-issued', 'payment-credited'],
      ...['account-registered', 'account-group-changed', 'account-suspended'],
    ]);
    for (let death = 0; death <= whole.length; death++) expect(await typesAfter([death])).toEqual(whole);
    expect(await typesAfter([1, 1, 1, 1])).toEqual(whole);
  });

  it('leaves alone what was decided here since then', async () => {
    const world = createCommandWorld();
    const rows = [user(1, { status: 2 })];
    await runImport(planOf(rows), into(world));
    const externalUserId = 'new-api-1';
    await world.commands.reinstateAccount({ externalUserId, reason: 'paid' }, meta);
    await world.commands.syncAccount({ externalUserId, username: 'renamed' }, meta);
    const before = await whatHappened(world);
    await runImport(planOf(rows), into(world));
    expect(await whatHappened(world)).toEqual(before);
  });
});

describe('the access keys of an import', () => {
  it('stay the same, with their limits, and those of no use stay behind, counted', async () => {
    const world = createCommandWorld();
    await world.commands.publishPriceList(PRICES, meta);
    const outcome = await runImport(planOf(USERS, TOKENS), into(world));
    expect(outcome).toMatchObject({ keys: 2, keysBefore: 0 });
    const keysLeft = outcome.left.filter(({ what }) => what.includes('access key'));
    expect(keysLeft.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      expect.stringMatching(/^2 access keys: are of no use there/),
      '1 access keys: their users stay behind',
      expect.stringMatching(/^1 access keys: are not as New API makes them/),
      expect.stringMatching(/^1 access keys: stand in the file without their key/),
      '1 access keys: have nothing left to spend',
      '1 access keys: are in the file already',
      '1 access keys: unfit: allow_ips',
      'the access key 11 of new-api-6: group_not_found (auto)',
    ]);
    const hashOf = (id: number) => world.dependencies.keyring.hashAccessKey(`sk-${keyOf(id)}`);
    const issued = await world.events('token-issued');
    expect(issued.map(({ data }) => data)).toMatchObject([
      { key_hash: hashOf(1), token_name: 'laptop', limits: { quota_limit: null } },
      {
        key_hash: hashOf(3),
        limits: {
          quota_limit: 700n,
          expires_at: LATER,
          models: ['gpt-4o', 'qwen-turbo'],
          allow_ips: ['203.0.113.7', '10.0.0.0/8'],
          group: 'vip',
        },
      },
    ]);
    const log = JSON.stringify(
      (await world.log()).map(({ stream, data, metadata }) => [stream, data, metadata]),
    );
    for (const { key } of TOKENS.slice(0, 4)) expect(log).not.toContain(key);
  });

  it('come once, and what became of one here stands', async () => {
    const world = createCommandWorld();
    const plan = planOf([user(1)], [token(1, 1), token(2, 1)]);
    await runImport(plan, into(world));
    const externalUserId = 'new-api-1';
    await world.commands.resetToken({ externalUserId, tokenId: 1 }, meta);
    await world.commands.revokeToken({ externalUserId, tokenId: 2 }, meta);
    const before = await whatHappened(world);
    expect(await runImport(plan, into(world))).toMatchObject({ keys: 0, keysBefore: 2, left: [] });
    expect(await whatHappened(world)).toEqual(before);
  });

  it('are one user’s each: another one’s import of the same key is refused, and does not stop the tables', async () => {
    const world = createCommandWorld();
    await runImport(planOf([user(1)], [token(1, 1)]), into(world));
    const outcome = await runImport(planOf([user(2)], [token(8, 2, { key: keyOf(1) })]), into(world));
    expect(outcome).toMatchObject({
      keys: 0,
      left: [{ what: 'the access key 8 of new-api-2', why: 'another user has brought the same key' }],
    });
    expect(await world.events('token-issued')).toHaveLength(1);
  });

  it('of a suspended user come along, and wait with the user', async () => {
    const world = createCommandWorld();
    const plan = planOf([user(1, { status: 2 })], [token(1, 1)]);
    expect(await runImport(plan, into(world))).toMatchObject({ keys: 1, left: [] });
    expect(await runImport(plan, into(world))).toMatchObject({ keys: 0, keysBefore: 1, left: [] });
  });
});

describe('counterfoil import new-api', () => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
    folder = await mkdtemp(join(tmpdir(), 'counterfoil-import-'));
  });
  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  async function importing(rows: readonly (object | string)[], ...args: string[]) {
    const write = async (name: string, lines: readonly (object | string)[]) => {
      const file = join(folder, `${name}.ndjson`);
      await writeFile(
        file,
        lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
      );
      return file;
    };
    const files = ['--users', await write('users', rows), '--tokens', await write('tokens', TOKENS)];
    return counterfoil(['import', 'new-api', ...files, ...args], {
      DATABASE_URL: database.url,
      DATA_DIR: folder,
      MASTER_KEY: Buffer.alloc(32, 6).toString('base64'),
    });
  }

  it('reports on a dry run what would be done and what stays behind, with no ledger at all', async () => {
    const { code, stdout } = await importing(USERS, '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^5 users, 4 opening credits, 3 access keys; nothing was changed/);
    expect(stdout).toMatch(
      /to be credited +│ +39,245,011 │\n│ left behind +│ +-28 │\n│ in the file +│ +39,244,983 │/,
    );
    expect(stdout).toMatch(/user 1 +│ is an administrator there/);
    expect(stdout).toMatch(/1 access keys +│ are not as New API makes them/);
    const { rows } = await database.pool.query(`SELECT to_regclass('events') AS log`);
    expect(rows).toEqual([{ log: null }]);
  });

  it('brings them into the ledger, sealed, and says by its exit code that the ledger refused something', async () => {
    const { code, stdout } = await importing(USERS, '--by', 'ann');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^4 users made, 0 there before; 3 opening credits, 0 credited before; 1 access keys, 0 brought before/,
    );
    expect(stdout).toMatch(/credited +│ +39,245,002 │\n│ credited before +│ +0 │\n│ left behind +│ +-19 │/);
    const { rows } = await database.pool.query<{ text: string }>('SELECT data::text AS text FROM events');
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.map(({ text }) => text).join('')).not.toContain('two@example.com');
  });

  it('names the lines that are none, and tells nothing of what is in them', async () => {
    const { code, stderr } = await importing([
      user(8, { quota: 3 }),
      '{"id":',
      { ...user(9), quota: 'secret@example.com' },
    ]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/line 2: the line: .*\n {2}line 3: quota: /)]);
    expect(stderr).not.toContain('secret@example.com');
  });
});

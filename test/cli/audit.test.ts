import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDemoClient, type DemoClient } from '../../src/cli/demo/client.js';
import { tellStory } from '../../src/cli/demo/story.js';
import { startMockUpstream } from '../../src/compose/mock-upstream.js';
import { CommandProcess } from '../support/command-process.js';
import { counterfoil } from '../support/counterfoil.js';
import { eventually } from '../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { startRedis } from '../support/redis.js';
import { ServiceProcess } from '../support/service-process.js';
import type { ParsedJson } from '../support/parsed-json.js';

const SERVICE_KEY = 'front-end-test-key-1';
const MODEL = 'gpt-4o-mini';
const USER = 'demo_user_001';
const PAYMENT = 'pi_3QDemo0000000000000001';
/** Two hundred code points, with what means something to hledger, CSV and terminals. */
const NOTE = `order 4711, paid: "now"\n; 张三 ${'😀'.repeat(171)}`;

const POOR = { external_user_id: 'poor', amount_usd: 0.01, payment_id: 'pi_poor' };

interface LoggedEvent {
  readonly position: number;
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
}

describe('auditing the story of the demo', () => {
  let database: TestDatabase;
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let upstream: Awaited<ReturnType<typeof startMockUpstream>>;
  let directory: string;
  let service: ServiceProcess;
  let environment: Record<string, string>;
  let url: string;
  let client: DemoClient;
  let commands: CommandProcess;
  let events: readonly LoggedEvent[];

  const run = (...args: string[]) => commands.run(args);
  /** In a process of its own, which has to end by itself: each of the commands once. */
  const start = (...args: string[]) => counterfoil(args, environment);
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as Record<string, ParsedJson>;
  };
  /** An empty stdout alone does not tell whether the command printed nothing or refused. */
  const printed = async (...args: string[]) => {
    const { code, stdout, stderr } = await start(...args);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return stdout;
  };
  const ofType = (type: string) => events.filter((event) => event.type === type);
  const month = new Date().toISOString().slice(0, 7);

  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
    redis = await startRedis();
    upstream = await startMockUpstream();
    directory = await mkdtemp(join(tmpdir(), 'counterfoil-audit-'));
    const bootstrap = join(directory, 'bootstrap.json');
    const price = { model: MODEL, model_ratio: 0.075, completion_ratio: 4, max_output_tokens: 16_384 };
    const channel = { name: 'demo upstream', base_url: upstream.baseUrl, api_key: 'key', models: [MODEL] };
    await writeFile(bootstrap, JSON.stringify({ prices: [price], channels: [channel] }));
    environment = {
      DATABASE_URL: database.url,
      // A log from before seals, which may be taken off: what a charge comes to has to tell by itself.
      SEALED_LOG: 'optional',
      REDIS_URL: redis.url,
      DATA_DIR: directory,
      MASTER_KEY: Buffer.alloc(32, 5).toString('base64'),
    };
    service = new ServiceProcess({
      ...environment,
      SERVICE_KEYS: SERVICE_KEY,
      BOOTSTRAP_FILE: bootstrap,
    });
    commands = new CommandProcess(environment);
    url = await service.ready();
    client = createDemoClient(url, SERVICE_KEY);
    await tellStory(client, { out: () => undefined, err: () => undefined, interactive: false });
    await tellOfRefusal(client);
    const { stdout } = await start('events', 'read', '--json', '--limit', '1000');
    events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LoggedEvent);
  }, 90_000);

  afterAll(async () => {
    await commands.close();
    await service.stop();
    await upstream.close();
    await redis.stop();
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  });

  /** A user with a cent asks for more than that is worth. */
  async function tellOfRefusal(asked: DemoClient) {
    const { external_user_id } = POOR;
    await asked.frontEnd('POST', '/sync', { external_user_id, username: 'poor' });
    await asked.frontEnd('POST', '/topup', { ...POOR, note: NOTE });
    const { body } = await asked.frontEnd('POST', '/token', { external_user_id, token_name: 'key' });
    const { data } = JSON.parse(body) as { data: { access_key: string } };
    const content = 'word '.repeat(100_000);
    const request = { model: MODEL, messages: [{ role: 'user', content }] };
    await expect(asked.call(data.access_key, request)).rejects.toThrow('402');
    await eventually(async () => (await run('events', 'read', '--json')).stdout.includes('call-failed.v1'));
  }

  it('balance: now with the holds, and at every position as the log adds up', async () => {
    const now = await json('balance', USER);
    expect(now).toMatchObject({ holds: { held: 0, available: now.balance } });
    const [credit] = ofType('payment-credited.v3');
    const [charge] = ofType('consumption-recorded.v5');
    const before = await json('balance', USER, '--at-position', String(charge!.position - 1));
    const after = await json('balance', USER, '--at-position', String(charge!.position));
    expect(before).toMatchObject({ balance: 34_245_000, balance_usd: '68.49', holds: null });
    expect(before.balance - after.balance).toBe(Number(charge!.data.quota));
    expect(await json('balance', USER, '--at-position', String(credit!.position - 1))).toMatchObject({
      balance: 0,
      stream_revision: 0,
      last_movement: null,
    });
    expect(await json('balance', USER, '--as-of', new Date().toISOString())).toMatchObject({
      balance: now.balance,
    });
    const today = new Date().toISOString().slice(0, 10);
    expect(await json('balance', USER, '--as-of', today)).toMatchObject({ balance: now.balance });
    expect(await json('balance', USER, '--as-of', '2020-01-01')).toMatchObject({ balance: 0 });
    expect(await json('balance', USER, '--as-of', '2020-01-01T00:00')).toMatchObject({
      balance: 0,
      stream_revision: null,
    });
    expect((await start('balance', USER)).stdout).toMatch(/^balance +29,\d{3},\d{3} quota \(\$59\.9/m);
  });

  it('explain: both calls, whose lines make the charge, in a table and as JSON', async () => {
    for (const { data } of ofType('consumption-recorded.v5')) {
      const { explanations } = await json('explain', data.request_id!);
      expect(explanations).toMatchObject([
        {
          call_id: data.call_id,
          user: { external_user_id: USER },
          key: { name: 'demo key', mask: expect.stringMatching(/^sk-\w{4}\.\.\.\w{4}$/) },
          steps: [
            { quota: Number(data.quota), upstream: { channel_name: 'demo upstream' }, price: { version: 1 } },
          ],
        },
      ]);
    }
    const { stdout } = await run('explain', ofType('consumption-recorded.v5')[0]!.data.call_id!);
    for (const part of [
      'version 1',
      'model ratio 0.075',
      'input',
      'output',
      'half-away-from-zero',
      'demo key',
    ])
      expect(stdout).toContain(part);
  });

  it('explain: the payment with its refund, the refund alone, the refused call', async () => {
    expect((await json('explain', PAYMENT)).explanations).toMatchObject([
      {
        credit: { amount_usd: '68.49', quota: 34_245_000 },
        refunds: [{ amount_usd: '8.49' }],
        remaining_usd: '60',
      },
    ]);
    expect((await start('explain', 're_3QDemo0000000000000001')).stdout).toContain('requested_by_customer');
    const [refused] = ofType('call-failed.v1');
    const { stdout, code } = await run('explain', refused!.data.call_id!);
    expect(code).toBe(0);
    expect(stdout).toMatch(/needed at least \d+ quota and 5000 was available/);
    expect(stdout).toContain('402 insufficient_quota');
  });

  it('statement: as table, CSV and JSON, with one closing balance', async () => {
    const { balance } = await json('balance', USER);
    const statement = JSON.parse((await run('statement', USER, '--month', month, '--format', 'json')).stdout);
    expect(statement).toMatchObject({ opening: 0, closing: balance, complete: false });
    const csv = (await run('statement', USER, '--month', month, '--format', 'csv')).stdout
      .trim()
      .split('\r\n');
    expect(csv[0]).toBe('external_user_id,month,item,count,prompt_tokens,completion_tokens,quota,usd');
    const quotas = csv.slice(1).map((line) => Number(line.split(',')[6]));
    expect(quotas.slice(0, -1).reduce((sum, quota) => sum + quota, 0)).toBe(quotas.at(-1));
    expect(quotas.at(-1)).toBe(balance);
    expect((await start('statement', USER, '--month', month)).stdout).toContain(`consumption ${MODEL}`);
  });

  it('a note goes with its top-up everywhere, and the first one stands', async () => {
    expect([...NOTE]).toHaveLength(200);
    const again = await client.frontEnd('POST', '/topup', { ...POOR, note: 'another' });
    const bare = await client.frontEnd('POST', '/topup', POOR);
    expect([again, bare].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual(['true', 'true']);
    for (const note of [`${NOTE}x`, 'a\0b', 7])
      await expect(client.frontEnd('POST', '/topup', { ...POOR, payment_id: 'new', note })).rejects.toThrow(
        '400',
      );
    const { body } = await client.frontEnd('GET', '/poor/logs');
    const { data } = JSON.parse(body) as { data: { logs: { type: string; note?: string }[] } };
    expect(data.logs.map(({ type, note }) => [type, note])).toEqual([
      ['error', undefined],
      ['topup', NOTE],
    ]);
    const { explanations } = await json('explain', 'pi_poor');
    expect(explanations).toMatchObject([{ credit: { note: NOTE } }]);
    const statement = await run('statement', 'poor', '--month', month, '--format', 'json');
    expect(JSON.parse(statement.stdout)).toMatchObject({
      credits: { count: 1, top_ups: [{ payment_id: 'pi_poor', note: NOTE }] },
    });
    for (const text of [await run('explain', 'pi_poor'), await run('statement', 'poor', '--month', month)])
      expect(text.stdout).toContain(NOTE.replace('\n', ' '));
    expect(await printed('export')).toContain(
      `payment-credited.v3, note:order 4711%2C paid%3A %22now%22%0A%3B 张三 %F0%9F%98%80`,
    );
    expect(await printed('export', '--format', 'csv')).toContain(`"${NOTE.replaceAll('"', '""')}"`);
    expect(await printed('export', '--format', 'ndjson')).toContain(`"note":${JSON.stringify(NOTE)}`);
    expect((await start('verify')).code).toBe(0);
  });

  it('diff: what the whole log did to each account', async () => {
    const head = String(events.at(-1)!.position);
    const { accounts, events: count, ledger } = await json('diff', '--from', '-1', '--to', head);
    expect(count).toBe(events.length);
    expect(ledger).toMatchObject({ 'price-list-published.v4': 1 });
    expect(accounts).toMatchObject([
      { external_user_id: USER, before: 0, credits: 34_245_000, refunds: 4_245_000, calls: 2 },
      { external_user_id: 'poor', credits: 5_000, calls: 0, failed_calls: 1 },
    ]);
    expect((await start('diff', '--from', '-1', '--to', head)).stdout).toContain(USER);
  });

  it('over HTTP: the same answers', async () => {
    for (const [path, args] of [
      [`/users/${USER}/balance?at_position=8`, ['balance', USER, '--at-position', '8']],
      [`/explain?id=${PAYMENT}`, ['explain', PAYMENT]],
      ['/diff?from=2&to=9', ['diff', '--from', '2', '--to', '9']],
    ] as const) {
      const response = await fetch(`${url}/api/audit${path}`, { headers: { 'x-api-key': SERVICE_KEY } });
      expect(await response.json()).toEqual({ success: true, data: await json(...args) });
    }
  });

  it.each([
    [['balance', 'nobody']],
    [['balance', USER, '--at-position', '100000']],
    [['balance', USER, '--at-position', 'x']],
    [['balance', USER, '--as-of', '2026-11']],
    [['balance', USER, '--as-of', '2026-11-30T00:00', '--at-position', '1']],
    [['explain', 'nothing']],
    [['statement', USER, '--month', '2026-13']],
    [['diff', '--from', '5', '--to', '1']],
    [['diff', '--from', '-1', '--to', '1', '--max-events', '1']],
  ])('ends %j with 2', async (args) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });

  it('tells no figure when somebody has changed the log or the books: by the seal, and by what the charge comes to', async () => {
    const [, charge] = ofType('consumption-recorded.v5');
    // Whoever owns the database can do that; the books must say so all the same.
    await database.pool.query('ALTER TABLE events DISABLE TRIGGER USER');
    await database.pool.query(
      `UPDATE events SET data = jsonb_set(data::jsonb, '{quota}', '"1"')::json WHERE position = $1`,
      [charge!.position],
    );
    const sealed = await run('explain', charge!.data.call_id!);
    expect({ code: sealed.code, stdout: sealed.stdout }).toEqual({ code: 3, stdout: '' });
    expect(sealed.stderr).toContain('its seal is not that of what it says');
    await database.pool.query(
      `UPDATE events SET metadata = (metadata::jsonb - 'seal')::json WHERE position = $1`,
      [charge!.position],
    );
    const { code, stdout, stderr } = await run('explain', charge!.data.call_id!);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`quota at position ${charge!.position}.*recorded 1, recomputed \\d+`));
    await database.pool.query('UPDATE p_balance.balances SET balance = balance + 1');
    expect(await run('balance', USER)).toMatchObject({ code: 1, stdout: '' });
  });
});

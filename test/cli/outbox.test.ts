import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { messageId } from '../../src/reactions/outbox/message.js';
import { PostgresOutbox } from '../../src/reactions/outbox/postgres-outbox.js';
import { CommandProcess } from '../support/command-process.js';
import { counterfoil } from '../support/counterfoil.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

describe('counterfoil outbox', () => {
  let database: TestDatabase;
  let directory: string;
  let outbox: PostgresOutbox;
  let environment: Record<string, string>;
  let commands: CommandProcess;
  const run = (...args: string[]) => commands.run(['outbox', ...args]);
  /** In a process of its own, which has to end by itself: each of the commands once. */
  const start = (...args: string[]) => counterfoil(['outbox', ...args], environment);
  const ids = ['a', 'b', 'c'].map((name) => messageId(name));
  const [dead = '', waiting = '', absent = ''] = ids;

  beforeAll(async () => {
    database = await createTestDatabase();
    directory = await mkdtemp(join(tmpdir(), 'counterfoil-outbox-'));
    environment = { DATABASE_URL: database.url, DATA_DIR: directory };
    commands = new CommandProcess(environment);
    outbox = new PostgresOutbox(database.pool);
    const message = { receiver: 'mail', kind: 'told', payload: { subject: 'hello' } };
    await outbox.add(database.pool, [{ ...message, id: dead }], { source: 'a test' });
    const [taken] = await outbox.claim('mail', 1, 60_000);
    if (!taken) throw new Error('nothing was taken');
    await outbox.failed(taken, { reason: 'no such mailbox', againInMs: undefined });
    await outbox.add(database.pool, [{ ...message, id: waiting }], { source: 'another' });
  });
  afterAll(async () => {
    await commands.close();
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  });

  it('lists what waits and what could not be sent, newest first', async () => {
    const { stdout } = await start('list', '--json');
    const read = JSON.parse(stdout) as { entries: { id: string; state: string }[] };
    expect(read.entries.map(({ id, state }) => [id, state])).toEqual([
      [waiting, 'waiting'],
      [dead, 'dead'],
    ]);
  });

  it('says in a line what became of one', async () => {
    expect((await run('list', '--state', 'dead')).stdout).toMatch(
      / dead .* mail .* told .* no such mailbox /,
    );
  });

  it('lists page by page', async () => {
    const first = await run('list', '--limit', '1');
    expect(first.stdout).not.toContain(dead);
    const [, before = ''] = /--before (\d+)/.exec(first.stderr) ?? [];
    const second = await run('list', '--limit', '1', '--before', before);
    expect(second.stdout).toContain(dead);
    expect(second.stderr).toBe('');
  });

  it('shows one with its payload', async () => {
    const { code, stdout } = await start('show', dead);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ payload: { subject: 'hello' }, lastFault: 'no such mailbox' });
  });

  it.each([
    [['list', '--state', 'lost']],
    [['list', '--limit', '0']],
    [['show', 'nonsense']],
    [['show', absent]],
    [['retry', '--by', 'alice']],
    [['retry', dead, '--receiver', 'mail', '--by', 'alice']],
    [['retry', waiting, '--by', 'alice']],
    [['discard', absent, '--by', 'alice']],
    [['discard', waiting, '--by', 'no body']],
  ])('refuses %j in words, and changes nothing', async (args) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).not.toBe('');
    expect((await outbox.find(dead))?.state).toBe('dead');
    expect((await outbox.find(waiting))?.state).toBe('waiting');
  });

  it('sends a dead one again from its first attempt, naming who wanted it', async () => {
    expect((await start('retry', dead, '--by', 'alice')).code).toBe(0);
    expect(await outbox.find(dead)).toMatchObject({
      state: 'waiting',
      attempts: 0,
      handledBy: 'operator:alice',
    });
  });

  it('gives a waiting one up, naming who wanted it', async () => {
    expect((await start('discard', waiting, '--by', 'bob')).code).toBe(0);
    expect(await outbox.find(waiting)).toMatchObject({ state: 'discarded', handledBy: 'operator:bob' });
  });
});

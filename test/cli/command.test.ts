import { describe, expect, it, beforeAll, afterAll } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { VERSION } from '../../src/support/version.js';
import { counterfoil, unread } from '../support/counterfoil.js';
import { openEventStoreDb } from '../support/eventstoredb-processes.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

describe('the counterfoil command', () => {
  let database: TestDatabase;
  const environment = () => ({
    DATABASE_URL: database.url,
    MASTER_KEY: Buffer.alloc(32, 3).toString('base64'),
  });

  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
  });
  afterAll(() => database.drop());

  it('explains itself and ends with 0', async () => {
    const { code, stdout } = await counterfoil(['--help']);
    expect({
      code,
      commands: stdout.match(/^ {2}(serve|demo|migrate|service-key|verify|events|erase-person)\b/gm)?.length,
    }).toEqual({ code: 0, commands: 7 });
  });

  it('says which version it is', async () => {
    expect(await counterfoil(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
  });

  it('explains every command that it lists, and theirs', () => {
    const explained = (command: Command, path: readonly string[]): string[] =>
      command.commands.flatMap((below) => {
        const itsPath = [...path, below.name()];
        expect(below.helpInformation()).toContain(`Usage: counterfoil ${itsPath.join(' ')}`);
        expect([itsPath, below.description()]).not.toEqual([itsPath, '']);
        return [itsPath.join(' '), ...explained(below, itsPath)];
      });
    expect(explained(createProgram(), [])).toEqual(expect.arrayContaining(['verify', 'events read']));
  });

  it('explains one of a group', async () => {
    const { code, stdout } = await counterfoil(['events', 'read', '--help']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Usage: counterfoil events read')]);
  });

  it.each([
    [['unknown']],
    [['service-key', 'create']],
    [['events', 'read', '--after', 'soon']],
    [['erase-person', 'u1', '--reason', 'r', '--by', 'ann']],
  ])('ends %j with 2 and says what is wrong', async (args) => {
    const { code, stdout, stderr } = await counterfoil(args, environment());
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });

  it('ends with 2 and names every fault of the environment', async () => {
    const { code, stderr } = await counterfoil(['migrate'], { PORT: 'x', REDIS_URL: 'y' });
    expect(code).toBe(2);
    expect(stderr).toMatch(/PORT:[^]*REDIS_URL:/);
  });

  it('ends with 3 when the database cannot be reached, without telling the password', async () => {
    const { code, stderr } = await counterfoil(['migrate'], {
      ...environment(),
      DATABASE_URL: 'postgres://u:hidden-word@127.0.0.1:1/x',
    });
    expect(code).toBe(3);
    expect(stderr).not.toContain('hidden-word');
  });

  it('migrates an empty database, twice', async () => {
    expect((await counterfoil(['migrate'], environment())).code).toBe(0);
    expect((await counterfoil(['migrate'], environment())).code).toBe(0);
  });

  it('refuses a database that was begun with another master key', async () => {
    const { code, stderr } = await counterfoil(['events', 'read'], {
      ...environment(),
      MASTER_KEY: Buffer.alloc(32, 4).toString('base64'),
    });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/master key/i);
  });

  it('creates, lists and revokes a service key, and shows the key once', async () => {
    const created = await counterfoil(
      ['service-key', 'create', '--name', 'shop', '--scopes', 'topups,read', '--json'],
      environment(),
    );
    const { id, key, scopes } = JSON.parse(created.stdout) as Record<string, string>;
    expect({ code: created.code, scopes }).toEqual({ code: 0, scopes: 'topups,read' });
    const listed = await counterfoil(['service-key', 'list'], environment());
    expect(listed.stdout).toContain('shop');
    expect(listed.stdout).not.toContain(key);
    expect((await counterfoil(['service-key', 'revoke', String(id)], environment())).code).toBe(0);
    const after = JSON.parse(
      (await counterfoil(['service-key', 'list', '--json'], environment())).stdout,
    ) as { revoked: string | null }[];
    expect(after[0]?.revoked).not.toBeNull();
    expect((await counterfoil(['service-key', 'revoke', '999'], environment())).code).toBe(2);
  });

  it('refuses a scope that does not exist', async () => {
    const { code, stderr } = await counterfoil(
      ['service-key', 'create', '--name', 'x', '--scopes', 'everything'],
      environment(),
    );
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('everything') });
  });

  it.each(['--help', 'service-key list --json'])(
    'ends %j quietly, as SIGPIPE would end it, when nobody reads its output',
    async (command) => {
      expect(await unread(command, environment())).toEqual('code 141\n');
    },
  );

  it('reads the log: who made and revoked a service key is told there, the key is not', async () => {
    const { code, stdout } = await counterfoil(['events', 'read', '--json'], environment());
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; data: object });
    expect([code, lines.map(({ type, data }) => [type, data])]).toEqual([
      0,
      [
        ['ledger-founded.v1', expect.objectContaining({ format: 1, by: 'system' })],
        ['ledger-sealed.v1', expect.objectContaining({ by: 'system' })],
        [
          'service-key-created.v2',
          { service_key_id: '1', name: 'shop', scopes: ['topups', 'read'], return_origins: [], by: 'cli' },
        ],
        ['service-key-revoked.v1', { service_key_id: '1', by: 'cli' }],
      ],
    ]);
  });
});

describe('npm run demo', () => {
  it('plays the story on embedded servers and ends with drift 0', async () => {
    const { code, stdout, stderr } = await counterfoil(['demo']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/drift 0$/);
    expect(stdout).toContain('credited once');
    expect(stdout).toMatch(/^ {4}Portal +http:\/\/127\.0\.0\.1:\d+\/portal$/m);
    expect(stdout).toMatch(/^ {4}signed in +http:\/\/127\.0\.0\.1:\d+\/portal\/enter#[\w-]{43,} /m);
  });

  it('plays another one of payments: told once, five times, and to nobody', async () => {
    const { code, stdout, stderr } = await counterfoil(['demo', '--payments']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('credited: balance $70.422536\n');
    expect(stdout).toContain('credited once: balance $140.845072\n');
    expect(stdout).toMatch(/credited after \d+\.\d s, balance \$211\.267608\n/);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/drift 0$/);
  });

  it('has its log where EVENTSTORE_URL says', async () => {
    const eventStoreDb = await openEventStoreDb();
    const given = {
      EVENTSTORE_URL: eventStoreDb.connectionString,
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    };
    const { code, stdout } = await counterfoil(['demo'], given);
    const store = createEventStoreDb({ connectionString: eventStoreDb.connectionString, deadlineMs: 5000 });
    const { events } = await store.readAll({ after: -1n, limit: 100 });
    await store.close();
    await eventStoreDb.close();

    expect({ code, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      last: expect.stringMatching(/drift 0$/),
    });
    expect(stdout).toContain('Left alone: DATABASE_URL.');
    expect(events.map(({ type }) => type)).toContainEqual(expect.stringMatching(/^payment-credited/));
  });
});

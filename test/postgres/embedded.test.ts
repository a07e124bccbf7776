import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/postgres/embedded.js';
import { createPool } from '../../src/postgres/pool.js';

describe('the embedded server', () => {
  let home: string;
  let servers: EmbeddedPostgres[];

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'counterfoil-embedded-'));
    // mkdtemp makes it private, and these tests are not about that.
    await chmod(home, 0o755);
    servers = [];
  });
  afterEach(async () => {
    for (const server of servers) await server.stop();
    for (const { dataDir } of servers) await rm(dataDir, { recursive: true, force: true });
    await rm(home, { recursive: true });
  });

  const start = async (dataDir = join(home, 'postgres'), settings = {}): Promise<EmbeddedPostgres> => {
    const server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off', ...settings } });
    servers.push(server);
    return server;
  };

  it('starts on loopback with a password, stops, and has its data when it starts again', async () => {
    const first = await start();
    expect(first.adopted).toBe(false);
    await ask(first.url, 'CREATE TABLE kept (amount bigint); INSERT INTO kept VALUES (68)');
    expect((await stat(join(first.dataDir, 'password'))).mode & 0o777).toBe(0o600);
    const withoutPassword = first.url.replace(/:[^:@]+@/, ':guess@');
    await expect(ask(withoutPassword, 'SELECT 1')).rejects.toThrow('password authentication failed');
    await first.stop();
    await expect(ask(first.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');

    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await ask(second.url, 'SELECT amount FROM kept')).toEqual([{ amount: 68n }]);
  });

  it('takes over the server of a parent that was killed, and stops it', async () => {
    const dataDir = join(home, 'postgres');
    const left = await startAndKillParent(dataDir);
    await ask(left.url, 'CREATE TABLE kept ()');

    const server = await start(dataDir);
    expect(server).toMatchObject({ adopted: true, url: left.url });
    await ask(server.url, 'SELECT FROM kept');
    await server.stop();
    await expect(ask(server.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  });

  it('shares the server of a process that lives, and leaves it running', async () => {
    const owner = await start();
    const guest = await start();
    expect(guest).toMatchObject({ adopted: true, url: owner.url });
    await guest.stop();
    await expect(ask(owner.url, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  });

  it('lets several that start at once end up with one server', async () => {
    const all = await Promise.all([start(), start(), start()]);
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
    expect(all.filter(({ adopted }) => !adopted)).toHaveLength(1);
  });

  it('is not misled by the pid file of a crash whose pid belongs to another process by now', async () => {
    const first = await start();
    const pidFile = join(first.dataDir, 'cluster', 'postmaster.pid');
    await copyFile(pidFile, join(home, 'pid'));
    await first.stop();
    const lines = (await readFile(join(home, 'pid'), 'utf8')).split('\n');
    await writeFile(pidFile, [process.pid, ...lines.slice(1)].join('\n'));

    const second = await start();
    expect(second.adopted).toBe(false);
    await expect(ask(second.url, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  });

  it('begins again where a first start was interrupted', async () => {
    await mkdir(join(home, 'postgres', 'cluster.unfinished'), { recursive: true });
    await writeFile(join(home, 'postgres', 'cluster.unfinished', 'PG_VERSION'), '18');
    await expect(start()).resolves.toMatchObject({ adopted: false });
  });

  it('works on a directory inside a private one, also as root', async () => {
    const home0700 = join(home, 'private');
    await mkdir(home0700, { mode: 0o700 });
    const server = await start(join(home0700, 'data', 'postgres'));
    await expect(ask(server.url, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
    const isRoot = process.getuid?.() === 0;
    expect(server.dataDir.startsWith(home0700)).toBe(!isRoot);
    await server.stop();
    const again = await start(join(home0700, 'data', 'postgres'));
    expect(again.dataDir).toBe(server.dataDir);
  });

  it('makes the directories that are not there for their owner alone, also as root', async () => {
    const dataDir = join(home, 'data', 'postgres');
    const server = await start(dataDir);
    await expect(ask(server.url, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
    expect((await stat(join(home, 'data'))).mode & 0o777).toBe(0o700);
  });

  it('says why the server does not come up, and starts once that is mended', async () => {
    await expect(start(undefined, { shared_buffers: 'plenty' })).rejects.toThrow(/shared_buffers.*plenty/s);
    await expect(start()).resolves.toMatchObject({ adopted: false });
  });

  it('refuses a data directory whose password is gone', async () => {
    const server = await start();
    await server.stop();
    await rm(join(server.dataDir, 'password'));
    await expect(start()).rejects.toThrow(/password is missing/);
  });
});

async function ask(url: string, sql: string): Promise<unknown[]> {
  const pool = createPool({ connectionString: url, max: 1, applicationName: 'test' });
  try {
    return (await pool.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await pool.end();
  }
}

async function startAndKillParent(dataDir: string): Promise<{ url: string }> {
  const script = ['--import', './test/support/typescript.mjs', './test/support/embedded-parent.ts', dataDir];
  const parent = spawn(process.execPath, script, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  return { url };
}

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './binaries.js';
import type { ServerLayout } from './layout.js';
import { processCommand, processStart } from './process-identity.js';

const run = promisify(execFile);
const POLL_MS = 10;

/** Crash recovery of a large log may take minutes. */
const START_TIMEOUT_MS = 180_000;
const FAST_STOP_TIMEOUT_MS = 30_000;
const IMMEDIATE_STOP_TIMEOUT_MS = 10_000;

export const SUPERUSER = 'counterfoil';

/** Server settings by name, as in postgresql.conf. */
export type ServerSettings = Readonly<Record<string, string | number>>;

/** A server process: as its own postmaster.pid describes it. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** The server that runs on this data directory, whoever started it; a pid file whose pid now belongs to something else is none. */
export async function findPostmaster(layout: ServerLayout): Promise<Postmaster | undefined> {
  const lines = (await readFile(pidFile(layout), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  if (!(await processStart(pid))) return undefined;
  const command = await processCommand(pid);
  if (!command?.includes(`-D ${layout.clusterDir} -p `)) return undefined;
  return { pid, port, ready: READY.has(lines[7]?.trim() ?? '') };
}

/** What PostgreSQL says of itself when it answers; one that follows another one answers too. */
const READY: ReadonlySet<string> = new Set(['ready', 'standby']);

const pidFile = (layout: ServerLayout): string => `${layout.clusterDir}/postmaster.pid`;

/** Creates the cluster under another name first, so that an interrupted initdb is never taken for a server's data. */
export async function initialiseCluster(
  binaries: PostgresBinaries,
  layout: ServerLayout,
  settings: ServerSettings,
): Promise<void> {
  const unfinished = `${layout.clusterDir}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  const flags = [
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  const where = ['-D', unfinished, `--username=${SUPERUSER}`, `--pwfile=${layout.passwordFile}`];
  await run(
    binaries.initdb,
    [...where, ...flags, '--no-instructions', ...(settings.fsync === 'off' ? ['--no-sync'] : [])],
    spawnOptions(layout),
  );
  await rename(unfinished, layout.clusterDir);
}

/** The inherited working directory may be one that the server's user cannot enter. */
const spawnOptions = (layout: ServerLayout) => ({
  ...layout.user,
  cwd: layout.user ? '/' : layout.dataDir,
  env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/local/bin:/usr/bin:/bin' },
});

/** Starts the server on a free port of 127.0.0.1 and waits until it accepts connections. */
export async function launchPostmaster(
  binaries: PostgresBinaries,
  layout: ServerLayout,
  settings: ServerSettings,
): Promise<Postmaster> {
  // findPostmaster has just said that nothing runs here; PostgreSQL itself would trust a reused pid and refuse to start.
  await rm(pidFile(layout), { force: true });
  const args = ['-D', layout.clusterDir, '-p', String(await freePort())];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const logFile = openSync(layout.logFile, 'a', 0o600);
  try {
    // Its own session: a Ctrl-C at the terminal is for us, and we stop the server after the last query.
    const options = {
      ...spawnOptions(layout),
      detached: true,
      stdio: ['ignore', logFile, logFile] as ['ignore', number, number],
    };
    const child = spawn(binaries.postgres, args, options);
    child.unref();
    return await readyOrEnded(child, layout);
  } finally {
    closeSync(logFile);
  }
}

async function readyOrEnded(child: ChildProcess, layout: ServerLayout): Promise<Postmaster> {
  let failure: (() => Promise<Error>) | undefined;
  child.once('error', (error) => (failure = () => Promise.resolve(error)));
  child.once('exit', () => (failure ??= () => startupError(layout)));
  const server = await awaitReady(layout, () => failure !== undefined);
  if (!server) throw (await failure?.()) ?? new Error('unreachable');
  return server;
}

async function startupError(layout: ServerLayout): Promise<Error> {
  const text = await readFile(layout.logFile, 'utf8').catch(() => '');
  const last = text.trimEnd().split('\n').slice(-5).join('\n');
  return new Error(`The embedded PostgreSQL ended while starting. Last lines of ${layout.logFile}:\n${last}`);
}

/** Waits for a server that is starting or recovering, also for one that another process is just about to start. */
export async function awaitReady(layout: ServerLayout): Promise<Postmaster>;
export async function awaitReady(
  layout: ServerLayout,
  isHopeless: () => boolean,
): Promise<Postmaster | undefined>;
export async function awaitReady(
  layout: ServerLayout,
  isHopeless = () => false,
): Promise<Postmaster | undefined> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (isHopeless()) return undefined;
    const found = await findPostmaster(layout);
    if (found?.ready) return found;
    await pause();
  }
  throw new Error(
    `The embedded PostgreSQL was not ready after ${START_TIMEOUT_MS / 1000} s; see ${layout.logFile}.`,
  );
}

/** Fast shutdown: transactions under way are rolled back, everything committed is written out. */
export async function stopPostmaster(layout: ServerLayout, server: Postmaster): Promise<void> {
  if (await signalAndWait(layout, server, 'SIGINT', FAST_STOP_TIMEOUT_MS)) return;
  if (await signalAndWait(layout, server, 'SIGQUIT', IMMEDIATE_STOP_TIMEOUT_MS)) return;
  throw new Error(`The embedded PostgreSQL (pid ${server.pid}) does not stop; see ${layout.logFile}.`);
}

async function signalAndWait(
  layout: ServerLayout,
  { pid }: Postmaster,
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<boolean> {
  const isGone = async () => !(await processStart(pid)) || (await findPostmaster(layout))?.pid !== pid;
  if (await isGone()) return true;
  process.kill(pid, signal);
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (!(await processStart(pid))) return true;
    await pause();
  }
  return false;
}

const pause = () => new Promise((done) => setTimeout(done, POLL_MS));

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { eventually } from './eventually.js';
import type { ServerUnderTest } from './eventstoredb-servers.js';
import { startEventStoreStandIn } from './eventstoredb-stand-in/index.js';

/** What a real server needs on a loaded machine. */
const UNTIL_READY = { timeoutMs: 90_000, intervalMs: 100 };

/** A server of this test alone, which may be killed: what it has acknowledged it has again when it is started again. */
export interface EventStoreProcess {
  readonly connectionString: string;
  /** To all processes of it; SIGKILL and SIGTERM are over when it has ended. */
  signal(name: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** On the data and the port that it had. Resolves when it appends. */
  start(): Promise<void>;
  close(): Promise<void>;
}

type Command = (folder: string, port: number) => readonly [string, ...string[]];

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const standIn: Command = (folder, port) => [
  process.execPath,
  '--import',
  path('./typescript.mjs'),
  path('../torture/cluster/event-store-program.ts'),
  String(port),
  join(folder, 'events'),
];

/** A real server takes every variable of its name for a setting, and refuses those that it does not know. */
export const environmentOfServer = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('EVENTSTORE_TEST_')));

/** How a server is started that somebody has. */
export function commandNamedIn({ EVENTSTORE_TEST_START: program }: NodeJS.ProcessEnv): Command | undefined {
  return program ? (folder, port) => [program, folder, String(port)] : undefined;
}

const real = commandNamedIn(process.env);

/**
 * For `describe.each`: the stand-in as a process always, and a real server where EVENTSTORE_TEST_START names a program that is one: it is
 * called with an empty folder for its data and a port on 127.0.0.1, serves there without TLS until it is killed, and is called again.
 */
export const eventStoreProcesses: readonly (readonly [
  name: string,
  open: () => Promise<EventStoreProcess>,
])[] = [
  ['the stand-in', () => open(standIn)],
  ...(real ? [['EVENTSTORE_TEST_START', () => open(real)] as const] : []),
];

/** One of this test alone, with an empty log: what EVENTSTORE_TEST_START starts, where that names something; else the stand-in. */
export const openEventStoreDb = (
  standsIn: () => Promise<ServerUnderTest> = () => startEventStoreStandIn(),
): Promise<ServerUnderTest> => (real ? open(real) : standsIn());

async function open(command: Command): Promise<EventStoreProcess> {
  const root = await mkdtemp(join(tmpdir(), 'counterfoil-event-store-'));
  const folder = join(root, 'data');
  await mkdir(folder);
  const port = await freePort();
  const connectionString = `esdb://127.0.0.1:${port}?tls=false`;
  let child: ChildProcess | undefined;
  const running = (): ChildProcess | undefined =>
    child?.exitCode === null && child.signalCode === null ? child : undefined;
  const start = async (): Promise<void> => {
    const [program, ...args] = command(folder, port);
    // A group of its own: the program may be a script that has started the server.
    const env = environmentOfServer(process.env);
    const started = spawn(program, args, { detached: true, env, stdio: ['pipe', 'ignore', 'ignore'] });
    child = started;
    const ended = once(started, 'exit').then(([code]) => {
      throw new Error(`${program} ended with ${String(code)} before it could be used`);
    });
    await Promise.race([ready(connectionString), ended]);
    ended.catch(() => undefined);
  };
  const signal: EventStoreProcess['signal'] = async (name) => {
    const there = running();
    if (there?.pid === undefined) return;
    const ended = once(there, 'exit');
    process.kill(-there.pid, name);
    if (name === 'SIGKILL' || name === 'SIGTERM') await ended;
  };
  await start();
  return {
    connectionString,
    signal,
    start,
    close: async () => {
      await signal('SIGKILL');
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function ready(connectionString: string): Promise<void> {
  const store = createEventStoreDb({ connectionString, deadlineMs: 5_000 });
  const append = async (): Promise<boolean> => {
    const events = [{ id: crypto.randomUUID(), type: 'server-asked.v1', data: {}, metadata: {} }];
    const stream = `asked-${crypto.randomUUID()}`;
    return (await store.append([{ stream, expected: 'no-stream', events }])).outcome === 'appended';
  };
  await eventually(append, UNTIL_READY);
  await store.close();
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { withEventStore } from './event-store-client.js';
import type { Keeper } from './keeper.js';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** What starts a real server: a program that becomes the server, given a folder for its data and a port. */
const START = process.env.EVENTSTORE_TEST_START;
const READY_WITHIN_MS = 180_000;

/**
 * An EventStoreDB as a process of its own, which may be killed: the stand-in, or a real server where EVENTSTORE_TEST_START says how to
 * start one.
 */
export class EventStoreProcess {
  readonly isReal = START !== undefined;
  private child: ChildProcess | undefined;

  constructor(
    readonly port: number,
    readonly folder: string,
    private readonly keeper: Keeper,
  ) {}

  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** Of the stand-in: its events. */
  get file(): string {
    return join(this.folder, 'events');
  }

  /** Resolves when it can be read. */
  async start(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const deadlineMs = Date.now() + READY_WITHIN_MS; ; await wait(50)) {
      // One that was copied or has led a cluster ends in order once, and is to be started again.
      if (!this.isAlive) this.child = this.spawn();
      if (await this.answers()) return;
      if (Date.now() > deadlineMs) throw new Error('the event store did not start');
    }
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (!child || !this.isAlive) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** As it is at this moment, while it is written to: in the order that its maker gives, what says how far the rest is good first. */
  async copyTo(folder: string): Promise<void> {
    const names = await readdir(this.folder, { recursive: true });
    const checkpoints = names.filter((name) => name.endsWith('.chk'));
    await mkdir(folder, { recursive: true });
    const copy = (name: string) => cp(join(this.folder, name), join(folder, name), { recursive: true });
    for (const name of checkpoints) await copy(name);
    const rest = (name: string) => !name.endsWith('.chk');
    await cp(this.folder, folder, { recursive: true, filter: rest });
    const chaser = checkpoints.find((name) => name.endsWith('chaser.chk'));
    if (chaser) await copyFile(join(folder, chaser), join(folder, chaser.replace('chaser', 'truncate')));
  }

  private get isAlive(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  private spawn(): ChildProcess {
    const standIn = ['--import', path('../../support/typescript.mjs'), path('./event-store-program.ts')];
    const [program, args] = START === undefined ? [process.execPath, standIn] : [START, []];
    const given = START === undefined ? [String(this.port), this.file] : [this.folder, String(this.port)];
    const child = spawn(program, [...args, ...given], {
      stdio: ['pipe', 'ignore', 'inherit'],
      env: withoutSettings(),
    });
    this.keeper.watch(child);
    child.stdin?.on('error', () => undefined);
    return child;
  }

  private answers(): Promise<boolean> {
    return withEventStore(this.url, async (client) => {
      for await (const each of client.readAll({ maxCount: 1 })) return each !== undefined;
      return true;
    }).catch(() => false);
  }
}

/** A real server takes every variable of such a name for a setting of its own, and refuses what it does not know. */
function withoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('EVENTSTORE_')));
}

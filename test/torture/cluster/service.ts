import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Build } from '../build/build.js';
import type { Keeper } from './keeper.js';

const PRELOAD = fileURLToPath(new URL('./preload.mjs', import.meta.url));
const RESTART_PAUSE_MS = 300;
const READY_WITHIN_MS = 180_000;

type Environment = Readonly<Record<string, string | undefined>>;

export interface ServiceSpec {
  /** Of the process and its files. */
  readonly name: string;
  readonly build: Build;
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly port: number;
  readonly keeper: Keeper;
}

/** One process of the service under a supervisor that starts it again whenever it ends, as an operator's would. */
export class Service {
  /** What ended by itself after it had been ready: a fault of the service, whatever was done to its servers. */
  readonly deaths: string[] = [];
  private child: ChildProcess | undefined;
  private build: Build;
  /** What is other now than it was specified; undefined: it is not there any more. */
  environment: Environment = {};
  private otherwise: Environment = {};
  private wanted = false;
  private ready = false;
  private supervising: Promise<void> = Promise.resolve();
  private readonly controlFile: string;
  private readonly logFile: string;

  constructor(private readonly spec: ServiceSpec) {
    this.build = spec.build;
    this.controlFile = join(spec.folder, `${spec.name}.control.json`);
    this.logFile = join(spec.folder, `${spec.name}.log`);
  }

  get name(): string {
    return this.spec.name;
  }

  get url(): string {
    return `http://127.0.0.1:${this.spec.port}`;
  }

  /** Resolves when it answers requests. */
  async start(build = this.build): Promise<void> {
    this.build = build;
    await this.begin({});
    await this.awaitReady();
  }

  /**
   * Where it may well be refused, and then tries again and again, until `kill`. Answers what it says since.
   * @param otherwise what its environment has otherwise; undefined: forgotten
   */
  async startAnyhow(otherwise: Environment = {}): Promise<{ said(): Promise<string> }> {
    const before = (await this.log()).length;
    await this.begin(otherwise);
    return { said: async () => (await this.log()).slice(before) };
  }

  private async begin(otherwise: Environment): Promise<void> {
    this.wanted = true;
    await this.supervising;
    await this.control({});
    this.otherwise = otherwise;
    this.supervising = this.supervise();
  }

  async awaitReady(): Promise<void> {
    for (const deadlineMs = Date.now() + READY_WITHIN_MS; !this.ready; await wait(20)) {
      if (Date.now() > deadlineMs)
        throw new Error(`${this.name} did not start:\n${(await this.log()).slice(-3_000)}`);
    }
  }

  /** kill -9; it stays away until `start`. */
  async kill(): Promise<void> {
    this.wanted = false;
    this.child?.kill('SIGCONT');
    this.child?.kill('SIGKILL');
    await this.supervising;
  }

  /** At once: for crash points, which cannot wait. To be followed by `kill` or `start`. */
  killNow(): void {
    this.wanted = false;
    this.child?.kill('SIGKILL');
  }

  /** SIGTERM; answers the exit code. */
  async stop(): Promise<number | null> {
    const child = this.child;
    this.wanted = false;
    child?.kill('SIGCONT');
    child?.kill('SIGTERM');
    await this.supervising;
    return child?.exitCode ?? null;
  }

  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  /** What the preload reads: how far its clock is off, and whether its disk refuses to sync. Absent: all is well. */
  async control(state: { clockOffsetMs?: number; syncFails?: boolean }): Promise<void> {
    await writeFile(this.controlFile, JSON.stringify({ clockOffsetMs: 0, syncFails: false, ...state }));
  }

  log(): Promise<string> {
    return readFile(this.logFile, 'utf8').catch(() => '');
  }

  private async supervise(): Promise<void> {
    while (this.wanted) {
      const child = this.spawn();
      const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
      void this.awaitAnswer(child);
      const [code, signal] = await exited;
      if (this.wanted && this.ready) this.deaths.push(`${this.name} ended with ${code ?? signal}`);
      this.ready = false;
      if (this.wanted) await wait(RESTART_PAUSE_MS);
    }
  }

  private spawn(): ChildProcess {
    const { environment, port, keeper } = this.spec;
    const { PATH = '', HOME = '' } = process.env;
    const log = openSync(this.logFile, 'a');
    const args = ['--import', PRELOAD, this.build.main];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', log, log],
      env: {
        PATH,
        HOME,
        PORT: String(port),
        TORTURE_CONTROL: this.controlFile,
        ...environment,
        ...this.build.environment,
        ...this.environment,
        ...this.otherwise,
      },
    });
    keeper.watch(child);
    this.child = child;
    return child;
  }

  private async awaitAnswer(child: ChildProcess): Promise<void> {
    while (child.exitCode === null && child.signalCode === null) {
      const answers = await fetch(`${this.url}/healthz`, { signal: AbortSignal.timeout(2_000) }).then(
        async (response) => (await response.arrayBuffer(), response.ok),
        () => false,
      );
      if (answers) return void (this.ready = child === this.child);
      await wait(40);
    }
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Keeper } from './keeper.js';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The stand-in for EventStoreDB as a process of its own, which may be killed. */
export class EventStoreProcess {
  private child: ChildProcess | undefined;
  private nextLine: (line: string) => void = () => undefined;

  constructor(
    readonly port: number,
    readonly file: string,
    private readonly keeper: Keeper,
  ) {}

  async start(): Promise<void> {
    const args = ['--import', path('../../support/typescript.mjs'), path('./event-store-program.ts')];
    const child = spawn(process.execPath, [...args, String(this.port), this.file], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.keeper.watch(child);
    child.stdin.on('error', () => undefined);
    this.child = child;
    const ready = this.line();
    createInterface({ input: child.stdout }).on('line', (line) => this.nextLine(line));
    await Promise.race([
      ready,
      once(child, 'exit').then(() => Promise.reject(new Error('the event store ended'))),
    ]);
  }

  async kill(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  /** Stores an event that nobody can read; answers its position. */
  async poison(type: string): Promise<bigint> {
    const answer = this.line();
    this.child?.stdin?.write(`poison ${type}\n`);
    return BigInt(await answer);
  }

  private line(): Promise<string> {
    return new Promise((resolve) => (this.nextLine = resolve));
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Outlives this process by a moment, to take away what it started, also after a kill -9. */
export class Keeper {
  private readonly child: ChildProcess;

  constructor() {
    const program = fileURLToPath(new URL('./keeper-program.mjs', import.meta.url));
    // A group of its own: what is sent to ours does not reach it.
    this.child = spawn(process.execPath, [program], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.child.stdin?.on('error', () => undefined);
  }

  /** Notes a process until it has ended. */
  watch(child: ChildProcess): void {
    const { pid } = child;
    if (pid === undefined) return;
    this.started(pid);
    child.once('exit', () => this.ended(pid));
  }

  started(pid: number): void {
    this.tell(`+${pid}`);
  }

  ended(pid: number): void {
    this.tell(`-${pid}`);
  }

  folder(path: string): void {
    this.tell(`folder ${path}`);
  }

  mount(path: string): void {
    this.tell(`mount ${path}`);
  }

  /** The folders stay, for whoever looks for the reason of a failure. */
  keepFolders(): void {
    this.tell('keep');
  }

  async close(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.stdin?.end();
    await ended;
  }

  private tell(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }
}

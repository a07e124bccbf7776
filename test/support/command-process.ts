import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Ended } from './counterfoil.js';

/** How a command ends on either stream: its exit code between zero bytes. */
const END = /^([^]*?)\0(\d+)\0/;

/**
 * Commands of `counterfoil`, as built, one after the other in one process: most of what a command takes is to load its modules, and a
 * test that asks fifty things needs that once. Whether a command ends by itself is seen by `counterfoil()`, which starts each anew.
 */
export class CommandProcess {
  private readonly child: ChildProcess;
  private readonly said = { stdout: '', stderr: '' };
  private last: Promise<unknown> = Promise.resolve();
  private heard: () => void = () => undefined;
  private ended = false;

  /** @param environment all of it: nothing is inherited but PATH, HOME and TMPDIR */
  constructor(environment: Readonly<Record<string, string>>) {
    const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
    const program = fileURLToPath(new URL('./command-program.mjs', import.meta.url));
    this.child = spawn(process.execPath, [program], { env: { PATH, HOME, TMPDIR, ...environment } });
    for (const stream of ['stdout', 'stderr'] as const)
      this.child[stream]?.setEncoding('utf8').on('data', (text: string) => {
        this.said[stream] += text;
        this.heard();
      });
    this.child.once('close', () => {
      this.ended = true;
      this.heard();
    });
  }

  /** Rejects when the process ended in the midst of it. */
  run(args: readonly string[]): Promise<Ended> {
    const next = this.last.then(() => this.runNext(args));
    this.last = next.catch(() => undefined);
    return next;
  }

  async close(): Promise<void> {
    if (this.ended) return;
    const closed = once(this.child, 'close');
    this.child.stdin?.end();
    await closed;
  }

  private async runNext(args: readonly string[]): Promise<Ended> {
    this.child.stdin?.write(`${JSON.stringify(args)}\n`);
    for (;;) {
      const [out, err] = [END.exec(this.said.stdout), END.exec(this.said.stderr)];
      if (out && err) {
        this.said.stdout = this.said.stdout.slice(out[0].length);
        this.said.stderr = this.said.stderr.slice(err[0].length);
        return { code: Number(out[2]), stdout: out[1] ?? '', stderr: err[1] ?? '' };
      }
      if (this.ended)
        throw new Error(`counterfoil ${args.join(' ')} ended with the process: ${this.said.stderr}`);
      await new Promise<void>((resolve) => (this.heard = resolve));
    }
  }
}

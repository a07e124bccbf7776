import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** An upstream that can be killed and started again at its address. Its books are kept here and outlive it. */
export class UpstreamProcess {
  /** Its own id of a call -> the message it was asked. */
  readonly served = new Map<string, string>();
  url = '';
  private child: ChildProcess | undefined;
  private runs = 0;

  constructor(private readonly name: string) {}

  async start(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    const program = [
      '--import',
      './test/support/typescript.mjs',
      'test/acceptance/support/upstream-program.ts',
    ];
    const args = [...program, `${this.name}-${++this.runs}`, port];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child = child;
    this.url = await new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error(`${this.name} ended`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const [word, first = '', asked = ''] = line.split(' ');
        if (word === 'listening') resolve(first);
        if (word === 'served') this.served.set(first, asked);
      });
    });
  }

  async kill(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const START_WITHIN_MS = 60_000;

/** The service as an operator runs it: its own process, configured by its environment. */
export class ServiceProcess {
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | null>;
  private stdout = '';
  private errors = '';

  /**
   * @param environment all of it: nothing is inherited but PATH, HOME and TMPDIR
   * @param checkout whose source runs, compiled as it is loaded; without one it is what `npm run build` made of this one, which
   *   starts in half the time
   */
  constructor(
    environment: Readonly<Record<string, string>>,
    nodeOptions: readonly string[] = [],
    checkout?: string,
    args: readonly string[] = [],
  ) {
    const { PATH, HOME, TMPDIR } = process.env;
    const program = [
      ...nodeOptions,
      ...(checkout === undefined
        ? [path('../../dist/main.js')]
        : ['--import', join(checkout, 'test/support/typescript.mjs'), join(checkout, 'src/main.ts')]),
      ...args,
    ];
    this.child = spawn(process.execPath, program, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH,
        HOME,
        TMPDIR,
        PORT: '0',
        LOG_LEVEL: 'info',
        UPSTREAM_ALLOW_PRIVATE: '127.0.0.0/8,::1',
        ...environment,
      },
    });
    this.ended = once(this.child, 'exit').then(([code]) => code as number | null);
    this.child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
  }

  get pid(): number {
    return this.child.pid as number;
  }

  get stderr(): string {
    return this.errors;
  }

  /** The log lines so far, parsed. */
  get lines(): readonly Record<string, unknown>[] {
    return this.stdout
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** All that was logged, as it was written. */
  get output(): string {
    return this.stdout + this.errors;
  }

  /** Resolves with the base address when requests are answered. Rejects with what the service said when it ends instead. */
  async ready(): Promise<string> {
    const deadline = Date.now() + START_WITHIN_MS;
    while (Date.now() < deadline) {
      const url = this.lines.find(({ msg }) => msg === 'ready')?.url;
      if (typeof url === 'string') return url;
      const ended = await Promise.race([
        this.ended,
        new Promise((resolve) => setTimeout(resolve, 20, 'runs')),
      ]);
      if (ended !== 'runs') break;
    }
    await this.kill();
    throw new Error(`the service did not start:\n${this.output}`);
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Exit code; null when a signal ended it. */
  exited(): Promise<number | null> {
    return this.ended;
  }

  async stop(): Promise<number | null> {
    this.signal('SIGTERM');
    return this.ended;
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }
}

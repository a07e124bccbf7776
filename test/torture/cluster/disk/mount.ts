import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Keeper } from '../keeper.js';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const OPTIONS = 'rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions';

/** What the loss of power has done to blocks that nobody had synced. */
export interface Loss {
  readonly lost: number;
  readonly torn: number;
}

/** A folder whose files can lose what was not synced. Needs root and /dev/fuse. */
export class MountedDisk {
  private child: ChildProcess | undefined;
  private next: (line: string) => void = () => undefined;

  private constructor(
    private readonly folder: string,
    private readonly at: string,
    private readonly keeper: Keeper,
  ) {}

  /** What is in `folder` is at `at` from now on. Undefined where this machine does not allow it. */
  static async mount(folder: string, at: string, keeper: Keeper): Promise<MountedDisk | undefined> {
    const disk = new MountedDisk(folder, at, keeper);
    return (await disk.start().catch(() => false)) ? disk : undefined;
  }

  /** @param seed of what is lost and what is kept */
  async cut(seed: string): Promise<Loss> {
    const line = this.line();
    this.child?.stdin?.write(`${seed}\n`);
    const [lost = 0, torn = 0] = (await line).split(' ').map(Number);
    return { lost, torn };
  }

  /** After a cut, when nobody has its files open any more: as the machine starts again. */
  async restart(): Promise<void> {
    await this.unmount();
    if (!(await this.start())) throw new Error('the disk did not come back');
  }

  async unmount(): Promise<void> {
    await run('umount', ['-l', this.at]);
    this.child?.stdin?.end();
    if (this.child?.exitCode === null) await once(this.child, 'exit');
  }

  private async start(): Promise<boolean> {
    const device = openSync('/dev/fuse', 'r+');
    try {
      const mounted = await run(
        'mount',
        ['-i', '-t', 'fuse', '-o', `fd=3,${OPTIONS}`, 'torture', this.at],
        device,
      );
      if (!mounted) return false;
      const program = [
        '--import',
        path('../../../support/typescript.mjs'),
        path('./fragile-disk-program.ts'),
      ];
      const child = spawn(process.execPath, [...program, this.folder], {
        stdio: ['pipe', 'pipe', 'inherit', device],
      });
      this.child = child;
      this.keeper.watch(child);
      this.keeper.mount(this.at);
      const ready = this.line();
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => this.next(line));
      await ready;
      return true;
    } finally {
      closeSync(device);
    }
  }

  private line(): Promise<string> {
    return new Promise((resolve) => (this.next = resolve));
  }
}

async function run(program: string, args: readonly string[], device?: number): Promise<boolean> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', device ?? 'ignore'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}

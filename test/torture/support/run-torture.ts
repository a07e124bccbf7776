import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TortureRun<Report> {
  readonly code: number | null;
  /** What it wrote as JSON; undefined when it did not come to that. */
  readonly report: Report | undefined;
  readonly output: string;
}

/** The torture program as `npm run torture` starts it, as a process of its own. */
export async function runTorture<Report>(args: readonly string[]): Promise<TortureRun<Report>> {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-torture-test-'));
  const json = join(folder, 'report.json');
  const program = ['--import', './test/support/typescript.mjs', 'test/torture/main.ts'];
  const child = spawn(process.execPath, [...program, ...args, '--json', json], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
  });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (output += part.toString()));
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    const written = await readFile(json, 'utf8').catch(() => undefined);
    return { code, report: written === undefined ? undefined : (JSON.parse(written) as Report), output };
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}

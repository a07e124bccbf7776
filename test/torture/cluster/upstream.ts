import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { UpstreamEntry } from '../upstream-script.js';
import type { Keeper } from './keeper.js';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The scripted upstream as a process of its own; its book is the ground truth of what was served. */
export class UpstreamProcess {
  constructor(
    readonly port: number,
    private readonly book: string,
    private readonly keeper: Keeper,
  ) {}

  async start(): Promise<void> {
    const args = ['--import', path('../../support/typescript.mjs'), path('./upstream-program.ts')];
    const child = spawn(process.execPath, [...args, String(this.port), this.book], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.keeper.watch(child);
    await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(() => Promise.reject(new Error('the upstream ended'))),
    ]);
  }

  async entries(): Promise<readonly UpstreamEntry[]> {
    const text = await readFile(this.book, 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as UpstreamEntry);
  }
}

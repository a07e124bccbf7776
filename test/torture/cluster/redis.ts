import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { eventually } from '../../support/eventually.js';
import type { Keeper } from './keeper.js';

const run = promisify(execFile);

/** A redis-server that may be ill-treated. Nothing is written to disk unless `save` says so. */
export class RedisServer {
  private child: ChildProcess | undefined;

  constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly keeper: Keeper,
  ) {}

  /** With what `save` wrote last, or empty. */
  async start(from: 'empty' | 'snapshot' = 'empty'): Promise<void> {
    const dump = join(this.folder, 'dump.rdb');
    if (from === 'empty') await rm(dump, { force: true });
    else await copyFile(join(this.folder, 'saved.rdb'), dump).catch(() => undefined);
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder];
    const child = spawn('redis-server', [...args, '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
    this.keeper.watch(child);
    this.child = child;
    await eventually(() => this.command((redis) => redis.ping()), { timeoutMs: 20_000, intervalMs: 20 });
  }

  async kill(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** A snapshot for `start('snapshot')`. */
  async save(): Promise<void> {
    await this.command((redis) => redis.save());
    await run('mv', [join(this.folder, 'dump.rdb'), join(this.folder, 'saved.rdb')]);
  }

  async flush(): Promise<void> {
    await this.command((redis) => redis.flushall());
  }

  /** Every write that needs memory is refused from now on. */
  async outOfMemory(): Promise<void> {
    await this.command(async (redis) => {
      await redis.config('SET', 'maxmemory-policy', 'noeviction');
      await redis.config('SET', 'maxmemory', '1048576');
    });
  }

  async enoughMemory(): Promise<void> {
    await this.command((redis) => redis.config('SET', 'maxmemory', '0'));
  }

  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  private async command<Answer>(ask: (redis: Redis) => Promise<Answer>): Promise<Answer> {
    const redis = new Redis(this.port, '127.0.0.1', { retryStrategy: null, maxRetriesPerRequest: 0 });
    redis.on('error', () => undefined);
    try {
      return await ask(redis);
    } finally {
      redis.disconnect();
    }
  }
}

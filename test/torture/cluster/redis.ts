import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { eventually } from '../../support/eventually.js';
import type { Keeper } from './keeper.js';

const run = promisify(execFile);

/** A redis-server that may be ill-treated. Nothing is written to disk unless `save` says so. */
export class RedisServer {
  private child: ChildProcess | undefined;

  constructor(
    public port: number,
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
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('Redis ended')));
    const answers = () => this.command((redis) => redis.ping());
    await Promise.race([eventually(answers, { timeoutMs: 20_000, intervalMs: 20 }), ended]);
    ended.catch(() => undefined);
  }

  /**
   * The primary dies and a replica takes its place, at another address, without what came last: replication does not wait for it.
   * @param behindMs how far it is behind
   */
  async failOver(port: number, behindMs: number): Promise<void> {
    const replica = new RedisServer(port, await mkdtemp(join(this.folder, 'replica-')), this.keeper);
    await replica.start();
    await replica.command((redis) => redis.replicaof('127.0.0.1', this.port));
    const isInStep = async () => {
      const told = await replica.command((redis) => redis.info('replication'));
      return /master_link_status:up/.test(told) && /master_sync_in_progress:0/.test(told);
    };
    await eventually(isInStep, { timeoutMs: 60_000, intervalMs: 50 });
    // From here on it is told nothing more, as one that the network has lost.
    await replica.command((redis) => redis.replicaof('NO', 'ONE'));
    await wait(behindMs);
    await this.kill();
    this.child = replica.child;
    this.port = port;
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

  /** A bit of what `save` wrote turns. Answers whether Redis starts with it. */
  async startsRotten(): Promise<boolean> {
    const rotten = join(this.folder, 'saved.rdb');
    const file = await open(rotten, 'r+');
    const byte = Buffer.alloc(1);
    const { size } = await file.stat();
    await file.read(byte, 0, 1, size >> 1);
    await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, size >> 1);
    try {
      return await this.start('snapshot').then(
        () => true,
        () => false,
      );
    } finally {
      await file.write(byte, 0, 1, size >> 1);
      await file.close();
    }
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

  /** As far as the cached balance of the newest generation has heard of the log; -1 where it has heard nothing. */
  async knownPosition(): Promise<bigint> {
    return this.command(async (redis) => {
      const generation = (key: string) => Number(/-g(\d+)\}:epoch$/.exec(key)?.[1] ?? 0);
      const keys = await redis.keys('{counterfoil-*}:epoch');
      const [newest] = keys.sort((a, b) => generation(b) - generation(a));
      const heard = newest === undefined ? [] : await redis.hmget(newest, 'applied', 'seen');
      return heard.reduce((most, text) => (text && BigInt(text) > most ? BigInt(text) : most), -1n);
    });
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

import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { CacheUnavailable } from '../cached-balance.js';
import { type ConnectionOptions, RedisConnection, type Reply } from './connection.js';
import type { ScriptName } from './scripts/all.js';

export interface SessionOptions extends ConnectionOptions {
  /** How long a new epoch grants no holds, so that owners can register theirs again. */
  readonly graceMs: number;
  /**
   * True when the log has no event at all: then nobody can ever have held anything, and a new cache need not wait. It is asked once,
   * when the first connection stands, so that the answer is of that moment.
   */
  readonly isLedgerEmpty?: (() => Promise<boolean>) | undefined;
}

/** How long after a failed greeting the next one is tried on a standing connection. */
const JOIN_RETRY_MS = 500;

/**
 * The connection together with the epoch: the time in which the server has forgotten nothing. It is checked on every (re)connect,
 * before anything else is sent, and by every script; who finds a new one tells the owners of holds.
 */
export class RedisSession {
  private readonly connection: RedisConnection;
  private readonly lostListeners = new Set<() => void>();
  private readonly firstJoin: Promise<void>;
  private announceFirstJoin: () => void = () => undefined;
  /** The epoch as of the current connection; undefined until it is checked. */
  private epochId: string | undefined;
  private lastEpochId: string | undefined;
  private joining: Promise<void> | undefined;
  private connectionNumber = 0;
  private retryTimer: NodeJS.Timeout | undefined;
  private problem: Error | undefined;
  /** Server clock minus our monotonic clock, both in ms. */
  private clockOffsetMs = 0;
  private closed = false;

  constructor(private readonly options: SessionOptions) {
    this.firstJoin = new Promise((resolve) => (this.announceFirstJoin = resolve));
    this.connection = new RedisConnection(
      { ...options, onProblem: (error) => this.noteProblem(error) },
      () => this.joinOrRetry(),
      () => this.leave(),
    );
    this.connection.connect();
  }

  /** Waits until the server was joined, or that long. */
  async waitUntilJoined(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
    await Promise.race([this.firstJoin, timeout]);
    clearTimeout(timer);
  }

  /**
   * Runs a script in the current epoch. When that turns out to be lost, a new one is joined and the script run again, or, with
   * `afterLoss: 'drop'`, not run at all.
   *
   * @throws CacheUnavailable
   */
  async run(
    script: ScriptName,
    args: readonly string[],
    afterLoss: 'repeat' | 'drop' = 'repeat',
  ): Promise<Reply> {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const epochId = this.epochId;
      if (epochId === undefined) {
        throw new CacheUnavailable('the cached balance is not connected', { cause: this.problem });
      }
      const reply = await this.connection.call(script, [epochId, this.deadline(), ...args]);
      if (reply[0] === 'late') {
        // We still wait, so it is the clocks that differ.
        this.noteServerTime(reply[1]);
      } else if (reply[0] === 'lost') {
        if (this.epochId === epochId) await this.join();
        if (afterLoss === 'drop') return ['ok'];
      } else {
        return reply;
      }
    }
    throw new CacheUnavailable(`the cached balance cannot settle on an epoch for ${script}`);
  }

  onLost(listener: () => void): () => void {
    this.lostListeners.add(listener);
    return () => void this.lostListeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.retryTimer);
    await this.connection.close();
  }

  private leave(): void {
    this.connectionNumber += 1;
    this.epochId = undefined;
    this.joining = undefined;
    clearTimeout(this.retryTimer);
  }

  private joinOrRetry(): void {
    this.join().catch((error: Error) => {
      this.noteProblem(error);
      if (this.closed || this.epochId !== undefined) return;
      clearTimeout(this.retryTimer);
      this.retryTimer = setTimeout(() => this.joinOrRetry(), JOIN_RETRY_MS).unref();
    });
  }

  /** Joins the epoch, once for all who ask at the same time. */
  private join(): Promise<void> {
    const connectionNumber = this.connectionNumber;
    this.joining ??= this.greet(connectionNumber).finally(() => {
      if (connectionNumber === this.connectionNumber) this.joining = undefined;
    });
    return this.joining;
  }

  private async greet(connectionNumber: number): Promise<void> {
    const server = readServerInfo(await this.connection.info());
    const unused = this.lastEpochId === undefined && (await this.isLedgerEmpty());
    const { graceMs } = this.options;
    const args = ['', '', server.runId, randomUUID(), String(graceMs), unused ? '1' : '0'];
    const [, epochId, , serverTime] = await this.connection.call('beginEpoch', args);
    if (typeof epochId !== 'string') throw new CacheUnavailable('the cached balance named no epoch');
    // An answer of a connection that broke meanwhile says nothing about the next one.
    if (connectionNumber !== this.connectionNumber) throw new CacheUnavailable('the connection broke');
    this.noteServerTime(serverTime);
    const lost = this.lastEpochId !== undefined && this.lastEpochId !== epochId;
    this.epochId = this.lastEpochId = epochId;
    this.problem = undefined;
    this.announceFirstJoin();
    if (lost) for (const listener of [...this.lostListeners]) listener();
  }

  private async isLedgerEmpty(): Promise<boolean> {
    // Not knowing is not being empty.
    return (await this.options.isLedgerEmpty?.().catch(() => false)) ?? false;
  }

  private noteProblem(error: Error): void {
    this.problem = error;
    this.options.onProblem(error);
  }

  private noteServerTime(serverTime: Reply[number] | undefined): void {
    this.clockOffsetMs = Number(serverTime) - performance.now();
  }

  /** When we shall have stopped waiting for a script that is sent now, by the server's clock. */
  private deadline(): string {
    return (performance.now() + this.clockOffsetMs + this.options.commandTimeoutMs).toFixed(0);
  }
}

/**
 * Reads from INFO which run of the server this is.
 *
 * @throws CacheUnavailable also when the server may evict keys that do not expire: open holds would vanish silently
 */
function readServerInfo(info: string): { readonly runId: string } {
  const runId = /^run_id:([0-9a-f]{20,})\s*$/m.exec(info)?.[1];
  if (runId === undefined) throw new CacheUnavailable('the server does not tell its run_id');
  const policy = /^maxmemory_policy:(\S+)\s*$/m.exec(info)?.[1];
  if (policy?.startsWith('allkeys')) {
    throw new CacheUnavailable(
      `maxmemory-policy ${policy} evicts open holds; set noeviction or volatile-ttl`,
    );
  }
  return { runId };
}

import { Redis } from 'ioredis';

export interface RedisOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  /** First part of every key; letters, digits, `-` and `_`. Two ledgers on one server need two prefixes. */
  readonly keyPrefix: string;
  /** How long any call may take before it rejects. */
  readonly commandTimeoutMs: number;
  /** Problems of the connection, for the log; it repairs itself. */
  readonly onProblem: (error: Error) => void;
}

type ScriptCall = (...args: readonly string[]) => Promise<unknown>;

/**
 * One connection to Redis that knows some scripts and nothing else. A command fails rather than waits: while disconnected at once,
 * otherwise in time.
 */
export class ScriptedClient<Name extends string> {
  private readonly redis: Redis;
  private readonly calls: Readonly<Record<Name, ScriptCall>>;
  private readonly firstKey: string;
  private gathering = false;

  /**
   * @param scripts Lua of each script, as a function of what all its keys begin with
   * @param space names the scripts on the connection
   * @param firstKey the key that scripts are routed by, without the prefix
   */
  constructor(
    options: RedisOptions,
    space: string,
    scripts: Readonly<Record<Name, (prefix: string) => string>>,
    firstKey: string,
    listeners: { readonly onReady?: () => void; readonly onClose?: () => void } = {},
  ) {
    if (!/^[\w-]{1,64}$/.test(options.keyPrefix))
      throw new RangeError('the key prefix has 1 to 64 word characters');
    this.redis = new Redis(options.url, {
      lazyConnect: true,
      connectTimeout: 2 * options.commandTimeoutMs,
      commandTimeout: options.commandTimeoutMs,
      // A connection on which nothing comes back is given up; a command has its own timeout long before.
      socketTimeout: 5 * options.commandTimeoutMs,
      // What was under way when a connection ended is rejected with it. From 1 on it is not, when the next connection succeeds: it
      // would wait for its timeout, and with it whoever has something to put back into a server that has forgotten.
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      // A command of the old connection must never reach a server that has forgotten what it was about.
      autoResendUnfulfilledCommands: false,
      // Measured: halves the rate of single script calls.
      enableAutoPipelining: false,
      retryStrategy: (attempt) => Math.min(50 * attempt, 1_000),
      // After a failover in place this server is a replica now.
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
    });
    this.calls = this.define(space, scripts, prefixOf(options.keyPrefix));
    this.firstKey = `${prefixOf(options.keyPrefix)}:${firstKey}`;
    this.redis.on('error', (error: Error) => options.onProblem(withoutCommand(error)));
    if (listeners.onReady) this.redis.on('ready', listeners.onReady);
    if (listeners.onClose) this.redis.on('close', listeners.onClose);
  }

  /** Starts connecting; `onReady` tells when it is. A failure comes as a problem, and is tried again. */
  connect(): void {
    this.redis.connect().catch(() => undefined);
  }

  /** What the script answers. Rejects with what went wrong, without what was sent. */
  async call(script: Name, args: readonly string[]): Promise<unknown> {
    this.gather();
    try {
      return await this.calls[script](this.firstKey, ...args);
    } catch (error) {
      throw withoutCommand(error);
    }
  }

  /** Text of INFO. Rejects as `call` does. */
  async info(): Promise<string> {
    try {
      return await this.redis.info();
    } catch (error) {
      throw withoutCommand(error);
    }
  }

  /** Waits, bounded, for replies under way. */
  async close(): Promise<void> {
    await this.redis.quit().catch(() => undefined);
    this.redis.disconnect();
  }

  /** What one event and all that follows from it calls leaves in one write; a turn of the event loop is not waited for. */
  private gather(): void {
    if (this.gathering || this.redis.status !== 'ready') return;
    const { stream } = this.redis;
    this.gathering = true;
    stream.cork();
    process.nextTick(() => {
      this.gathering = false;
      stream.uncork();
    });
  }

  private define(
    space: string,
    scripts: Readonly<Record<Name, (prefix: string) => string>>,
    prefix: string,
  ): Readonly<Record<Name, ScriptCall>> {
    const entries = Object.entries<(prefix: string) => string>(scripts).map(([name, text]) => {
      const command = `${space}.${name}`;
      this.redis.defineCommand(command, { numberOfKeys: 1, lua: text(prefix) });
      const call = (this.redis as unknown as Record<string, ScriptCall>)[command] as ScriptCall;
      return [name, call.bind(this.redis)] as const;
    });
    return Object.fromEntries(entries) as Record<Name, ScriptCall>;
  }
}

/** Braces: Redis Cluster hashes only what stands between them, so that all keys share a slot. */
const prefixOf = (keyPrefix: string): string => `{${keyPrefix}}`;

/** The client puts the command that failed on its errors, with all that was sent: in a log that would be the password. */
function withoutCommand<Thrown>(error: Thrown): Thrown {
  if (error instanceof Error && 'command' in error) delete error.command;
  return error;
}

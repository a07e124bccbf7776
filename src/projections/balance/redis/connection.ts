import { Redis } from 'ioredis';
import { CacheUnavailable } from '../cached-balance.js';
import { type ScriptName, scripts } from './scripts/all.js';

export interface ConnectionOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  /** First part of every key; letters, digits, `-` and `_`. Two ledgers on one server need two prefixes. */
  readonly keyPrefix: string;
  /** How long any call may take before it rejects with CacheUnavailable. */
  readonly commandTimeoutMs: number;
  /** Problems of the connection, for the log; it repairs itself. */
  readonly onProblem: (error: Error) => void;
}

/** What a script answers: a word, and what belongs to it. */
export type Reply = readonly [string, ...(string | readonly string[])[]];

type ScriptCall = (...args: readonly string[]) => Promise<unknown>;

/** One connection to Redis that knows the scripts. A command fails rather than waits: while disconnected at once, otherwise in time. */
export class RedisConnection {
  private readonly redis: Redis;
  private readonly calls: Readonly<Record<ScriptName, ScriptCall>>;
  private readonly epochKey: string;

  constructor(options: ConnectionOptions, onReady: () => void, onClose: () => void) {
    if (!/^[\w-]{1,64}$/.test(options.keyPrefix))
      throw new RangeError('the key prefix has 1 to 64 word characters');
    // Braces: Redis Cluster hashes only what stands between them, so that all keys share a slot.
    const prefix = `{${options.keyPrefix}}`;
    this.epochKey = `${prefix}:epoch`;
    this.redis = new Redis(options.url, {
      lazyConnect: true,
      connectTimeout: 2 * options.commandTimeoutMs,
      commandTimeout: options.commandTimeoutMs,
      // A connection on which nothing comes back is given up; a command has its own timeout long before.
      socketTimeout: 5 * options.commandTimeoutMs,
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      // A command of the old connection must never reach a server that has forgotten what it was about.
      autoResendUnfulfilledCommands: false,
      // Measured: halves the rate of single script calls.
      enableAutoPipelining: false,
      retryStrategy: (attempt) => Math.min(50 * attempt, 1_000),
      // After a failover in place this server is a replica now.
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
    });
    this.calls = defineScripts(this.redis, prefix);
    this.redis.on('error', (error: Error) => options.onProblem(withoutCommand(error)));
    this.redis.on('ready', onReady);
    this.redis.on('close', onClose);
  }

  /** Starts connecting; `onReady` tells when it is. */
  connect(): void {
    // A failure comes as an 'error' event, and is tried again.
    this.redis.connect().catch(() => undefined);
  }

  /** @throws CacheUnavailable */
  async call(script: ScriptName, args: readonly string[]): Promise<Reply> {
    let reply: unknown;
    try {
      reply = await this.calls[script](this.epochKey, ...args);
    } catch (error) {
      throw new CacheUnavailable('the cached balance did not answer', { cause: withoutCommand(error) });
    }
    if (!Array.isArray(reply) || typeof reply[0] !== 'string') {
      throw new CacheUnavailable(`the cached balance gave no answer to ${script}`);
    }
    return reply as unknown as Reply;
  }

  /** Text of INFO. @throws CacheUnavailable */
  async info(): Promise<string> {
    try {
      return await this.redis.info();
    } catch (error) {
      throw new CacheUnavailable('the cached balance did not answer', { cause: withoutCommand(error) });
    }
  }

  /** Waits, bounded, for replies under way. */
  async close(): Promise<void> {
    await this.redis.quit().catch(() => undefined);
    this.redis.disconnect();
  }
}

/** The client puts the command that failed on its errors, with all that was sent: in a log that would be the password. */
function withoutCommand<Thrown>(error: Thrown): Thrown {
  if (error instanceof Error && 'command' in error) delete error.command;
  return error;
}

function defineScripts(redis: Redis, prefix: string): Readonly<Record<ScriptName, ScriptCall>> {
  const entries = Object.entries(scripts).map(([name, text]) => {
    const command = `balance.${name}`;
    redis.defineCommand(command, { numberOfKeys: 1, lua: text(prefix) });
    const call = (redis as unknown as Record<string, ScriptCall>)[command] as ScriptCall;
    return [name, call.bind(redis)] as const;
  });
  return Object.fromEntries(entries) as Record<ScriptName, ScriptCall>;
}

import { type RedisOptions, ScriptedClient } from '../../redis/scripted-client.js';
import { CacheUnavailable } from '../cached-balance.js';
import { type ScriptName, scripts } from './scripts/all.js';

export type ConnectionOptions = RedisOptions;

/** What a script answers: a word, and what belongs to it. */
export type Reply = readonly [string, ...(string | readonly string[])[]];

/** The connection to Redis with the scripts of the cached balance. */
export class RedisConnection {
  private readonly client: ScriptedClient<ScriptName>;

  constructor(options: ConnectionOptions, onReady: () => void, onClose: () => void) {
    this.client = new ScriptedClient(options, 'balance', scripts, 'epoch', { onReady, onClose });
  }

  /** Starts connecting; `onReady` tells when it is. */
  connect(): void {
    this.client.connect();
  }

  /** @throws CacheUnavailable */
  async call(script: ScriptName, args: readonly string[]): Promise<Reply> {
    const reply = await unlessAway(this.client.call(script, args));
    if (!Array.isArray(reply) || typeof reply[0] !== 'string') {
      throw new CacheUnavailable(`the cached balance gave no answer to ${script}`);
    }
    return reply as unknown as Reply;
  }

  /** Text of INFO. @throws CacheUnavailable */
  info(): Promise<string> {
    return unlessAway(this.client.info());
  }

  /** Waits, bounded, for replies under way. */
  close(): Promise<void> {
    return this.client.close();
  }
}

async function unlessAway<Value>(answer: Promise<Value>): Promise<Value> {
  try {
    return await answer;
  } catch (error) {
    throw new CacheUnavailable('the cached balance did not answer', { cause: error });
  }
}

import { z } from 'zod';
import { type RedisOptions, ScriptedClient } from '../../redis/scripted-client.js';
import type { CountedCall, Counts, LimitCounters, Reading } from './limit-counters.js';
import { scripts } from './scripts.lua.js';

const COUNTS_EACH = 5;
/** Pairs of call and bucket in one step: a script's arguments are bounded. */
const RENEWED_AT_ONCE = 2_000;

const admitReply = z.tuple([z.enum(['0', '1'])], z.string().regex(/^\d+$/).transform(Number));

/** The counters that all processes share. */
export class RedisLimitCounters implements LimitCounters {
  private readonly client: ScriptedClient<keyof typeof scripts>;

  constructor(options: RedisOptions) {
    this.client = new ScriptedClient(options, 'limits', scripts, 'limits');
    this.client.connect();
  }

  async admit({ callId, buckets, tokens, isCounted = false }: CountedCall): Promise<Reading> {
    const limits = buckets.flatMap(({ name, limit }) => [
      name,
      String(limit.requests_per_minute ?? ''),
      String(limit.tokens_per_minute ?? ''),
      String(limit.concurrent_calls ?? ''),
    ]);
    const reply = await this.client.call('admit', [callId, String(tokens), isCounted ? '0' : '1', ...limits]);
    const [admitted, minute, elapsedMs, ...figures] = admitReply.parse(reply);
    if (minute === undefined || elapsedMs === undefined || figures.length !== COUNTS_EACH * buckets.length) {
      throw new Error('the limits answered in another shape');
    }
    const counts = buckets.map((_, at) => countsOf(figures.slice(at * COUNTS_EACH)));
    return { admitted: admitted === '1', minute, elapsedMs, counts };
  }

  async settle({ callId, buckets }: CountedCall, minute: number, moreTokens: number): Promise<void> {
    const names = buckets.map(({ name }) => name);
    await this.client.call('settle', [callId, String(minute), String(moreTokens), ...names]);
  }

  async renew(calls: readonly CountedCall[]): Promise<void> {
    const pairs = calls.flatMap(({ callId, buckets }) => buckets.map(({ name }) => [callId, name] as const));
    for (let from = 0; from < pairs.length; from += RENEWED_AT_ONCE) {
      await this.client.call('renew', pairs.slice(from, from + RENEWED_AT_ONCE).flat());
    }
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

function countsOf([requests, requestsBefore, tokens, tokensBefore, calls]: readonly number[]): Counts {
  return {
    requests: requests as number,
    requestsBefore: requestsBefore as number,
    tokens: tokens as number,
    tokensBefore: tokensBefore as number,
    calls: calls as number,
  };
}

import { z } from 'zod';
import { type RedisOptions, ScriptedClient } from '../../../redis/scripted-client.js';
import type {
  ChannelState,
  Check,
  Cooling,
  EnteringCall,
  Entry,
  Failing,
  Figures,
  RunningCalls,
  Sample,
  SharedView,
  ToldBalance,
} from './channel-state.js';
import { scripts } from './scripts.lua.js';
import { Unavailable } from '../../../support/unavailable.js';

/** Samples of one exchange; a process that has more tells of the first. */
const MAX_SAMPLES = 1_000;

const backIn = z.string().transform((left) => (left === '' ? undefined : Number(left)));
const number = z.string().transform(Number);
const viewReply = z.tuple([
  z.array(z.tuple([z.string(), number, backIn, z.string()])),
  z.array(z.tuple([z.string(), number, number, number, number, number])),
]);
const figuresReply = z.tuple([
  z.array(z.tuple([z.string(), number])),
  z.array(z.tuple([z.string(), number])),
  z.array(z.tuple([z.string(), number])),
  z.array(z.tuple([z.string(), number, number, number])),
]);
const storedBalance = z.object({
  channelId: z.string(),
  keyId: z.string(),
  amount: z.number(),
  currency: z.string(),
}) satisfies z.ZodType<ToldBalance>;
const storedCheck = z.object({
  channelId: z.string(),
  keyId: z.string(),
  model: z.string(),
  outcome: z.enum(['answered', 'refused', 'failed']),
  status: z.int().nullable(),
  reason: z.string().nullable(),
  durationMs: z.number(),
  by: z.string(),
}) satisfies z.ZodType<Check>;
const failingReply = z.tuple([number, backIn]);
const leaseReply = z.tuple([z.enum(['0', '1'])]);
const entryReply = z.tuple([z.enum(['entered', 'full', 'too-fast'])]);

/** What every method rejects with. */
class ChannelStateUnavailable extends Unavailable {
  override readonly name = 'ChannelStateUnavailable';
}

/** The state that all processes share. */
export class RedisChannelState implements ChannelState {
  private readonly client: ScriptedClient<keyof typeof scripts>;

  constructor(options: RedisOptions) {
    this.client = new ScriptedClient(options, 'channels', scripts, 'channels');
    this.client.connect();
  }

  async exchange(samples: readonly Sample[], running?: RunningCalls): Promise<SharedView> {
    const measured = samples
      .slice(0, MAX_SAMPLES)
      .flatMap(({ channelId, answered, durationMs }) => [
        channelId,
        answered ? '1' : '0',
        durationMs.toFixed(3),
      ]);
    const calls = [...(running?.calls ?? [])].flatMap(([channelId, count]) => [channelId, String(count)]);
    const told = [running?.process ?? '', String(calls.length), ...calls];
    const [failing, times] = viewReply.parse(await this.call('exchange', [...told, ...measured]));
    return {
      failing: failing.map(([target, failures, backInMs, reason]) => ({
        target,
        failures,
        backInMs,
        reason,
      })),
      times: times.map(([channelId, answered, failed, averageMs, lastMs, sinceLastMs]) => ({
        channelId,
        answered,
        failed,
        averageMs,
        lastMs,
        sinceLastMs,
      })),
    };
  }

  async figures(): Promise<Figures> {
    const [running, checks, balances, slices] = figuresReply.parse(await this.call('figures', []));
    return {
      running: running.map(([channelId, calls]) => ({ channelId, calls })),
      checks: checks.map(([check, sinceMs]) => ({ ...storedCheck.parse(JSON.parse(check)), sinceMs })),
      balances: balances.map(([told, sinceMs]) => ({ ...storedBalance.parse(JSON.parse(told)), sinceMs })),
      slices: slices.map(([channelId, slicesAgo, answered, failed]) => ({
        channelId,
        slicesAgo,
        answered,
        failed,
      })),
    };
  }

  async checked(check: Check): Promise<void> {
    await this.call('checked', [check.channelId, JSON.stringify(check)]);
  }

  async toldBalance(balance: ToldBalance): Promise<void> {
    await this.call('toldBalance', [balance.channelId, JSON.stringify(balance)]);
  }

  async failed(target: string, cooling: Cooling): Promise<Failing> {
    const { reason, baseMs, maxMs, leastMs, spare, jitter } = cooling;
    const figures = [baseMs, maxMs, leastMs, spare, jitter].map(String);
    const reply = await this.call('failed', [target, reason, ...figures]);
    const [failures, backInMs] = failingReply.parse(reply);
    return { target, failures, backInMs, reason };
  }

  async recovered(target: string): Promise<void> {
    await this.call('recovered', [target]);
  }

  async lease(name: string, leaseMs: number): Promise<boolean> {
    const [taken] = leaseReply.parse(await this.call('lease', [name, String(leaseMs)]));
    return taken === '1';
  }

  async enter({ channelId, callId, maxConcurrency, maxCallsPerMinute }: EnteringCall): Promise<Entry> {
    const limits = [maxConcurrency, maxCallsPerMinute].map((limit) => (limit === null ? '' : String(limit)));
    const [entry] = entryReply.parse(await this.call('enter', [channelId, callId, ...limits]));
    return entry;
  }

  async leave(channelId: string, callId: string): Promise<void> {
    await this.call('leave', [channelId, callId]);
  }

  async renew(calls: readonly { readonly channelId: string; readonly callId: string }[]): Promise<void> {
    if (calls.length === 0) return;
    await this.client.call(
      'renew',
      calls.flatMap(({ channelId, callId }) => [channelId, callId]),
    );
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private async call(script: keyof typeof scripts, args: readonly string[]): Promise<unknown> {
    try {
      return await this.client.call(script, args);
    } catch (error) {
      throw new ChannelStateUnavailable('the shared state of the channels does not answer', { cause: error });
    }
  }
}

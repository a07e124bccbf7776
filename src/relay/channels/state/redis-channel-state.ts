import { z } from 'zod';
import { type RedisOptions, ScriptedClient } from '../../../redis/scripted-client.js';
import type {
  ChannelState,
  Cooling,
  EnteringCall,
  Entry,
  Failing,
  Sample,
  SharedView,
} from './channel-state.js';
import { scripts } from './scripts.lua.js';

/** Samples of one exchange; a process that has more tells of the first. */
const MAX_SAMPLES = 1_000;

const backIn = z.string().transform((left) => (left === '' ? undefined : Number(left)));
const number = z.string().transform(Number);
const viewReply = z.tuple([
  z.array(z.tuple([z.string(), number, backIn, z.string()])),
  z.array(z.tuple([z.string(), number, number, number, number, number])),
]);
const failingReply = z.tuple([number, backIn]);
const leaseReply = z.tuple([z.enum(['0', '1'])]);
const entryReply = z.tuple([z.enum(['entered', 'full', 'too-fast'])]);

/** The state that all processes share. */
export class RedisChannelState implements ChannelState {
  private readonly client: ScriptedClient<keyof typeof scripts>;

  constructor(options: RedisOptions) {
    this.client = new ScriptedClient(options, 'channels', scripts, 'channels');
    this.client.connect();
  }

  async exchange(samples: readonly Sample[]): Promise<SharedView> {
    const args = samples
      .slice(0, MAX_SAMPLES)
      .flatMap(({ channelId, answered, durationMs }) => [
        channelId,
        answered ? '1' : '0',
        durationMs.toFixed(3),
      ]);
    const [failing, times] = viewReply.parse(await this.client.call('exchange', args));
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

  async failed(target: string, cooling: Cooling): Promise<Failing> {
    const { reason, baseMs, maxMs, leastMs, spare, jitter } = cooling;
    const figures = [baseMs, maxMs, leastMs, spare, jitter].map(String);
    const reply = await this.client.call('failed', [target, reason, ...figures]);
    const [failures, backInMs] = failingReply.parse(reply);
    return { target, failures, backInMs, reason };
  }

  async recovered(target: string): Promise<void> {
    await this.client.call('recovered', [target]);
  }

  async lease(name: string, leaseMs: number): Promise<boolean> {
    const [taken] = leaseReply.parse(await this.client.call('lease', [name, String(leaseMs)]));
    return taken === '1';
  }

  async enter({ channelId, callId, maxConcurrency, maxCallsPerMinute }: EnteringCall): Promise<Entry> {
    const limits = [maxConcurrency, maxCallsPerMinute].map((limit) => (limit === null ? '' : String(limit)));
    const [entry] = entryReply.parse(await this.client.call('enter', [channelId, callId, ...limits]));
    return entry;
  }

  async leave(channelId: string, callId: string): Promise<void> {
    await this.client.call('leave', [channelId, callId]);
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
}

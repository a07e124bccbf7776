import { repeat } from '../../support/repeat.js';
import { type Channel, type OpenChannel, upstreamModelOf } from './channel.js';
import { checkRequest } from './check-request.js';
import { judge, retryAfterMs, type Verdict } from './failure.js';
import type { KeyRetirement } from './retirement.js';
import { sendTo } from './send.js';
import type { ChannelState } from './state/channel-state.js';
import type { ChannelTraffic } from './traffic.js';
import type { UpstreamAnswer, UpstreamExchange, UpstreamPools } from './upstream.js';
import { upstreamTypeOf } from './upstream-types.js';

export interface HealthCheckDependencies {
  readonly channels: () => readonly OpenChannel[];
  readonly state: Pick<ChannelState, 'lease'>;
  readonly pools: Pick<UpstreamPools, 'send'>;
  readonly traffic: Pick<ChannelTraffic, 'answered' | 'failed'>;
  readonly retirement: Pick<KeyRetirement, 'retire'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Number in [0, 1). */
  readonly draw: () => number;
  readonly onFault: (error: unknown) => void;
}

const LOOK_EVERY_MS = 1_000;
const CHECK_TIMEOUT_MS = 30_000;

/**
 * Asks the test model of channels that want it, each as often as it says and from one process at a time, so that a cooldown ends and a
 * failure shows without a client's call. Nobody is charged for it; the provider's bill has it.
 */
export class HealthChecks {
  /** By performance.now(): when this process asks again whether it is its turn. */
  private readonly nextLook = new Map<string, number>();
  private readonly underWay = new Map<Promise<void>, () => void>();
  private stopped = false;
  private stopLooking: () => Promise<void> = () => Promise.resolve();

  constructor(private readonly dependencies: HealthCheckDependencies) {}

  start(): void {
    this.stopLooking = repeat(LOOK_EVERY_MS, async () => {
      await this.look().catch(this.dependencies.onFault);
      return LOOK_EVERY_MS;
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.stopLooking();
    for (const abort of this.underWay.values()) abort();
    await Promise.all(this.underWay.keys());
  }

  /** Starts the checks that are due and that no other process has started. */
  async look(): Promise<void> {
    const nowMs = performance.now();
    for (const channel of this.dependencies.channels()) {
      const { test_model: model, health_check_interval_seconds: seconds } = channel.settings;
      if (model === null || seconds === null || (this.nextLook.get(channel.channelId) ?? 0) > nowMs) continue;
      const mine = await this.dependencies.state.lease(`check:${channel.channelId}`, seconds * 1_000);
      this.nextLook.set(channel.channelId, nowMs + seconds * (mine ? 1_000 : 250));
      if (mine) this.begin(channel, model);
    }
  }

  private begin({ keys }: OpenChannel, model: string): void {
    const key = keys[Math.floor(this.dependencies.draw() * keys.length)] as Channel;
    const upstreamModel = upstreamModelOf(key, model);
    const [dialect = 'openai'] = upstreamTypeOf(key).dialects;
    const exchange = sendTo(
      this.dependencies.pools,
      key,
      checkRequest(dialect, upstreamModel),
      {},
      undefined,
    );
    const check = this.follow(key, upstreamModel, exchange).catch(this.dependencies.onFault);
    this.underWay.set(check, () => exchange.abort());
    void check.finally(() => this.underWay.delete(check));
  }

  private async follow(channel: Channel, model: string, exchange: UpstreamExchange): Promise<void> {
    const { traffic, retirement } = this.dependencies;
    const sentMs = performance.now();
    const timer = setTimeout(() => exchange.abort(), CHECK_TIMEOUT_MS);
    const answer = await exchange.answer;
    clearTimeout(timer);
    if (this.stopped) return;
    const verdict = this.verdictOf(answer);
    const durationMs = performance.now() - sentMs;
    // A complaint about the request is an answer, too.
    if (!verdict || verdict.fault === 'client') return traffic.answered(channel, model, durationMs);
    traffic.failed(channel, model, verdict, durationMs);
    if (verdict.permanent !== undefined)
      retirement.retire(channel, `${verdict.permanent} (${verdict.reason})`);
  }

  private verdictOf(answer: UpstreamAnswer): Verdict | undefined {
    if (answer.kind === 'failed') {
      // Broken off here only because it took too long.
      const failure = answer.failure === 'aborted' ? 'timeout' : answer.failure;
      return judge({ kind: 'network', failure });
    }
    if (answer.status === 200 || answer.kind === 'stream') return undefined;
    const waitMs = retryAfterMs(answer.headers, this.dependencies.now());
    return judge({ kind: 'error', status: answer.status, body: answer.body, retryAfterMs: waitMs });
  }
}

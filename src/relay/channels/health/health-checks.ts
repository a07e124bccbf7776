import { repeat } from '../../../support/repeat.js';
import type { Channel, OpenChannel } from '../../upstreams/channel.js';
import { beginCheck, type CheckParts, type CheckUnderWay } from './check-channel.js';
import type { ChannelState } from '../state/channel-state.js';

export interface HealthCheckDependencies extends CheckParts {
  readonly channels: () => readonly OpenChannel[];
  readonly state: Pick<ChannelState, 'lease' | 'checked'>;
  /** Number in [0, 1). */
  readonly draw: () => number;
  readonly onFault: (error: unknown) => void;
}

const LOOK_EVERY_MS = 1_000;

/**
 * Asks the test model of channels that want it, each as often as it says and from one process at a time, so that a cooldown ends and a
 * failure shows without a client's call. Nobody is charged for it; the provider's bill has it.
 */
export class HealthChecks {
  /** By performance.now(): when this process asks again whether it is its turn. */
  private readonly nextLook = new Map<string, number>();
  private readonly underWay = new Set<CheckUnderWay>();
  private stopLooking: () => Promise<void> = () => Promise.resolve();

  constructor(private readonly dependencies: HealthCheckDependencies) {}

  start(): void {
    this.stopLooking = repeat(LOOK_EVERY_MS, async () => {
      await this.look().catch(this.dependencies.onFault);
      return LOOK_EVERY_MS;
    });
  }

  async stop(): Promise<void> {
    await this.stopLooking();
    for (const check of this.underWay) check.abort();
    await Promise.allSettled([...this.underWay].map(({ result }) => result));
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
    const check = beginCheck(this.dependencies, key, model, 'schedule');
    this.underWay.add(check);
    check.result.catch(this.dependencies.onFault).finally(() => this.underWay.delete(check));
  }
}

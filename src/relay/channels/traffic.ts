import { repeat } from '../../support/repeat.js';
import type { Channel } from '../upstreams/channel.js';
import type { Verdict } from '../upstreams/failure.js';
import { probeOf, type ChannelState, type Failing, type Sample } from './state/channel-state.js';
import { targetOf, targetsOf } from './targets.js';

export interface TrafficSettings {
  /** Of the first cooldown of something that fails; doubled with each further one. */
  readonly channelCooldownMs: number;
  readonly channelCooldownMaxMs: number;
  /** How old what this process knows of the others' failures may be. */
  readonly channelRefreshMs: number;
}

export interface TrafficDependencies {
  readonly state: ChannelState;
  /** A name of this process that no other has. */
  readonly process: string;
  /** Number in [0, 1). */
  readonly draw: () => number;
  readonly settings: TrafficSettings;
  readonly onFault: (error: unknown) => void;
}

/** How a channel stands with this process: open, to be tried by one call, or left alone for so long. */
export type Standing =
  | { readonly kind: 'open' | 'probe' }
  | { readonly kind: 'cooling'; readonly backInMs: number };

const OPEN: Standing = { kind: 'open' };

/** How a channel stands after failures that keep it away for so long; undefined: one that was let pass. */
export function standingAfter(failures: readonly (number | undefined)[]): Standing {
  const known = failures.filter((backInMs) => backInMs !== undefined);
  if (known.length === 0) return OPEN;
  const backInMs = Math.max(...known);
  return backInMs > 0 ? { kind: 'cooling', backInMs } : { kind: 'probe' };
}

/** Ends a call's stay at a channel. */
export type Leave = () => void;

/** A probe that has not ended by then leaves the turn to another. */
const PROBE_LEASE_MS = 30_000;
const RENEW_EVERY_MS = 10_000;
const MAX_SAMPLES = 1_000;

interface LocalRecord extends Omit<Failing, 'backInMs'> {
  /** By performance.now(); undefined: failures that were let pass. */
  readonly untilMs: number | undefined;
}

/**
 * What this process knows of the channels, and tells the others: a copy of the shared state, refreshed in the background, so that a call
 * to a sound channel without limits asks nobody.
 */
export class ChannelTraffic {
  private failing: ReadonlyMap<string, LocalRecord> = new Map();
  private samples: Sample[] = [];
  private readonly inside = new Map<string, string>();
  private readonly running = new Map<string, number>();
  private stopping: (() => Promise<void>)[] = [];

  constructor(private readonly dependencies: TrafficDependencies) {}

  start(): void {
    const { channelRefreshMs } = this.dependencies.settings;
    let away = false;
    const inBackground = (everyMs: number, work: () => Promise<void>) =>
      repeat(everyMs, async () => {
        await work().then(
          () => (away = false),
          (error: unknown) => {
            // Told once: a store that is away for an hour is one fault.
            if (!away) this.dependencies.onFault(error);
            away = true;
          },
        );
        return everyMs;
      });
    this.stopping = [
      inBackground(channelRefreshMs, () => this.refresh()),
      inBackground(RENEW_EVERY_MS, () => this.renew()),
    ];
  }

  async stop(): Promise<void> {
    await Promise.all(this.stopping.map((stop) => stop()));
    await this.refresh().catch(this.dependencies.onFault);
  }

  /** Tells what was measured here and learns what the others know. */
  async refresh(): Promise<void> {
    const samples = this.samples;
    this.samples = [];
    const { state, process } = this.dependencies;
    const { failing } = await state.exchange(samples, { process, calls: this.running });
    this.failing = new Map(failing.map((each) => [each.target, localOf(each)]));
  }

  /** `model` is the upstream's name. */
  standing(channel: Channel, model: string): Standing {
    if (this.failing.size === 0) return OPEN;
    const nowMs = performance.now();
    return standingAfter(
      this.recordsOf(channel, model).map(({ untilMs }) =>
        untilMs === undefined ? undefined : untilMs - nowMs,
      ),
    );
  }

  /** The turn to try a channel whose cooldown is over: of all processes one call has it. */
  async mayProbe(channel: Channel, model: string): Promise<boolean> {
    const cooled = this.recordsOf(channel, model).filter(({ untilMs }) => untilMs !== undefined);
    try {
      for (const { target } of cooled)
        if (!(await this.dependencies.state.lease(probeOf(target), PROBE_LEASE_MS))) return false;
      return true;
    } catch (error) {
      this.dependencies.onFault(error);
      return false;
    }
  }

  /** Counts the call; among those of all processes where the channel has limits. Undefined: it takes no more now, or nobody can say. */
  async enter({ channelId, settings }: Channel, callId: string): Promise<Leave | undefined> {
    const { max_concurrency: maxConcurrency, max_calls_per_minute: maxCallsPerMinute } = settings;
    if (maxConcurrency === null && maxCallsPerMinute === null) return this.run(channelId);
    const { state, onFault } = this.dependencies;
    try {
      const entry = await state.enter({ channelId, callId, maxConcurrency, maxCallsPerMinute });
      if (entry !== 'entered') return undefined;
    } catch (error) {
      onFault(error);
      return undefined;
    }
    const ended = this.run(channelId);
    if (maxConcurrency === null) return ended;
    this.inside.set(callId, channelId);
    return () => {
      ended();
      this.inside.delete(callId);
      state.leave(channelId, callId).catch(onFault);
    };
  }

  /** The channel answered; whatever it was blamed for is over. */
  answered(channel: Channel, model: string, durationMs: number): void {
    this.sample({ channelId: channel.channelId, answered: true, durationMs });
    if (this.failing.size === 0) return;
    const records = this.recordsOf(channel, model);
    if (records.length === 0) return;
    const left = new Map(this.failing);
    for (const { target } of records) {
      left.delete(target);
      this.dependencies.state.recovered(target).catch(this.dependencies.onFault);
    }
    this.failing = left;
  }

  /** Leaves alone what the verdict blames, here at once and elsewhere with the next refresh. */
  failed(channel: Channel, model: string, verdict: Verdict, durationMs: number): void {
    if (verdict.fault === 'nobody' || verdict.fault === 'client') return;
    this.sample({ channelId: channel.channelId, answered: false, durationMs });
    if (!verdict.cools) return;
    const { scope, ...asked } = verdict.cools;
    const { channelCooldownMs: baseMs, channelCooldownMaxMs: maxMs } = this.dependencies.settings;
    const target = targetOf(scope, channel, model);
    const cooling = { reason: verdict.reason, baseMs, maxMs, jitter: this.dependencies.draw(), ...asked };
    this.dependencies.state
      .failed(target, cooling)
      .then((found) => this.note(found))
      .catch((error: unknown) => {
        this.dependencies.onFault(error);
        this.note({ target, failures: 1, backInMs: Math.max(baseMs, asked.leastMs), reason: verdict.reason });
      });
  }

  private run(channelId: string): Leave {
    this.running.set(channelId, (this.running.get(channelId) ?? 0) + 1);
    return () => {
      const left = (this.running.get(channelId) ?? 0) - 1;
      if (left > 0) this.running.set(channelId, left);
      else this.running.delete(channelId);
    };
  }

  private note(found: Failing): void {
    this.failing = new Map(this.failing).set(found.target, localOf(found));
  }

  private recordsOf(channel: Channel, model: string): readonly LocalRecord[] {
    return targetsOf(channel, model).flatMap((target) => this.failing.get(target) ?? []);
  }

  private sample(sample: Sample): void {
    if (this.samples.length < MAX_SAMPLES) this.samples.push(sample);
  }

  private renew(): Promise<void> {
    const calls = [...this.inside].map(([callId, channelId]) => ({ channelId, callId }));
    return this.dependencies.state.renew(calls);
  }
}

function localOf({ backInMs, ...failing }: Failing): LocalRecord {
  return { ...failing, untilMs: backInMs === undefined ? undefined : performance.now() + backInMs };
}

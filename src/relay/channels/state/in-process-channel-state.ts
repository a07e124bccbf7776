/* oxlint-disable typescript/require-await -- the port is asynchronous; here nothing waits, which is what makes each method atomic */
import {
  CALL_LEASE_MS,
  type ChannelState,
  type Check,
  type Cooling,
  type EnteringCall,
  type Entry,
  type Failing,
  type Figures,
  FORGET_MS,
  MAX_FAILING,
  NEWEST_SHARE,
  probeOf,
  type ResponseTimes,
  type RunningCalls,
  type Sample,
  type SharedView,
  type Slice,
  SLICE_MS,
  SLICES,
  type ToldBalance,
} from './channel-state.js';

interface Record {
  failures: number;
  /** 0: no cooldown yet. */
  untilMs: number;
  atMs: number;
  reason: string;
}

type Times = Omit<ResponseTimes, 'channelId' | 'sinceLastMs'> & { readonly atMs: number };

/** The state where there is one process only. */
export class InProcessChannelState implements ChannelState {
  private readonly records = new Map<string, Record>();
  private readonly times = new Map<string, Times>();
  private readonly leases = new Map<string, number>();
  private readonly calls = new Map<string, Map<string, number>>();
  private readonly running = new Map<string, { readonly calls: ReadonlyMap<string, number>; atMs: number }>();
  private readonly checks = new Map<string, Check & { readonly atMs: number }>();
  private readonly balances = new Map<string, ToldBalance & { readonly atMs: number }>();
  private readonly slices = new Map<number, Map<string, { answered: number; failed: number }>>();
  private readonly minutes = new Map<string, { minute: number; count: number; before: number }>();

  /** @param now milliseconds, of a clock that never goes back */
  constructor(private readonly now: () => number) {}

  async exchange(samples: readonly Sample[], running?: RunningCalls): Promise<SharedView> {
    for (const sample of samples) this.measure(sample);
    const now = this.now();
    if (running) this.running.set(running.process, { calls: new Map(running.calls), atMs: now });
    for (const [target, { untilMs, atMs }] of this.records)
      if (now - Math.max(untilMs, atMs) > FORGET_MS) this.records.delete(target);
    return {
      failing: [...this.records].map(([target, record]) => failingOf(target, record, now)),
      times: [...this.times].map(([channelId, { atMs, ...times }]) => ({
        channelId,
        ...times,
        sinceLastMs: now - atMs,
      })),
    };
  }

  async figures(): Promise<Figures> {
    const now = this.now();
    const running = new Map<string, number>();
    for (const [process, { calls, atMs }] of this.running)
      if (now - atMs > CALL_LEASE_MS) this.running.delete(process);
      else for (const [id, count] of calls) running.set(id, (running.get(id) ?? 0) + count);
    return {
      running: [...running].map(([channelId, calls]) => ({ channelId, calls })),
      checks: [...this.checks.values()].map(({ atMs, ...check }) => ({ ...check, sinceMs: now - atMs })),
      balances: [...this.balances.values()].map(({ atMs, ...told }) => ({ ...told, sinceMs: now - atMs })),
      slices: this.slicesUntil(now),
    };
  }

  async checked(check: Check): Promise<void> {
    this.checks.set(check.channelId, { ...check, atMs: this.now() });
  }

  async toldBalance(balance: ToldBalance): Promise<void> {
    this.balances.set(balance.channelId, { ...balance, atMs: this.now() });
  }

  async failed(target: string, { reason, spare, leastMs, ...cooling }: Cooling): Promise<Failing> {
    const now = this.now();
    const known = this.records.get(target);
    const fresh = known && now - Math.max(known.untilMs, known.atMs) <= FORGET_MS ? known : undefined;
    const running = fresh !== undefined && fresh.untilMs > now;
    const failures = (fresh?.failures ?? 0) + (running ? 0 : 1);
    const backOff = running || failures <= spare ? 0 : cooldownMs(cooling, failures - spare);
    const lengthMs = Math.floor(Math.max(leastMs, backOff));
    const untilMs = Math.max(fresh?.untilMs ?? 0, lengthMs > 0 ? Math.floor(now) + lengthMs : 0);
    const record = { failures, untilMs, atMs: now, reason };
    if (known || this.records.size < MAX_FAILING) this.records.set(target, record);
    this.leases.delete(probeOf(target));
    return failingOf(target, record, now);
  }

  async recovered(target: string): Promise<void> {
    this.records.delete(target);
    this.leases.delete(probeOf(target));
  }

  async lease(name: string, leaseMs: number): Promise<boolean> {
    const now = this.now();
    if ((this.leases.get(name) ?? -Infinity) > now) return false;
    this.leases.set(name, now + leaseMs);
    return true;
  }

  async enter({ channelId, callId, maxConcurrency, maxCallsPerMinute }: EnteringCall): Promise<Entry> {
    const now = this.now();
    const open = this.calls.get(channelId) ?? new Map<string, number>();
    this.calls.set(channelId, open);
    for (const [id, expiresAt] of open) if (expiresAt <= now) open.delete(id);
    if (maxConcurrency !== null && open.size >= maxConcurrency) return 'full';
    if (maxCallsPerMinute !== null && !this.countMinute(channelId, maxCallsPerMinute, now)) return 'too-fast';
    if (maxConcurrency !== null) open.set(callId, now + CALL_LEASE_MS);
    return 'entered';
  }

  async leave(channelId: string, callId: string): Promise<void> {
    this.calls.get(channelId)?.delete(callId);
  }

  async renew(calls: readonly { readonly channelId: string; readonly callId: string }[]): Promise<void> {
    const expiresAt = this.now() + CALL_LEASE_MS;
    for (const { channelId, callId } of calls) this.calls.get(channelId)?.set(callId, expiresAt);
  }

  async close(): Promise<void> {
    // Nothing is held.
  }

  /** The minute that runs, and of the one before it as much as still lies within the last 60 seconds. */
  private countMinute(channelId: string, most: number, now: number): boolean {
    const minute = Math.floor(now / 60_000);
    const known = this.minutes.get(channelId);
    const count = known?.minute === minute ? known.count : 0;
    const lastCount = known?.minute === minute - 1 ? known.count : 0;
    const before = known?.minute === minute ? known.before : lastCount;
    const share = 1 - (now % 60_000) / 60_000;
    if (count + before * share + 1 > most) return false;
    this.minutes.set(channelId, { minute, count: count + 1, before });
    return true;
  }

  private slicesUntil(now: number): readonly Slice[] {
    const running = Math.floor(now / SLICE_MS);
    return [...this.slices].flatMap(([slice, channels]) => {
      const slicesAgo = running - slice;
      if (slicesAgo < SLICES)
        return [...channels].map(([channelId, ended]) => ({ channelId, slicesAgo, ...ended }));
      this.slices.delete(slice);
      return [];
    });
  }

  private countSlice({ channelId, answered }: Sample): void {
    const slice = Math.floor(this.now() / SLICE_MS);
    const channels = this.slices.get(slice) ?? new Map<string, { answered: number; failed: number }>();
    this.slices.set(slice, channels);
    this.slices.delete(slice - SLICES);
    const ended = channels.get(channelId) ?? { answered: 0, failed: 0 };
    channels.set(channelId, ended);
    ended[answered ? 'answered' : 'failed'] += 1;
  }

  private measure(sample: Sample): void {
    const { channelId, answered, durationMs } = sample;
    this.countSlice(sample);
    const known = this.times.get(channelId);
    const before = known ?? { answered: 0, failed: 0, averageMs: 0, lastMs: 0 };
    const next = answered
      ? {
          ...before,
          answered: before.answered + 1,
          lastMs: durationMs,
          averageMs:
            before.answered === 0
              ? durationMs
              : before.averageMs + NEWEST_SHARE * (durationMs - before.averageMs),
        }
      : { ...before, failed: before.failed + 1 };
    this.times.set(channelId, { ...next, atMs: this.now() });
  }
}

function cooldownMs({ baseMs, maxMs, jitter }: Omit<Cooling, 'reason' | 'spare' | 'leastMs'>, nth: number) {
  return Math.min(maxMs, baseMs * 2 ** (nth - 1)) * (0.75 + 0.5 * jitter);
}

function failingOf(target: string, { failures, untilMs, reason }: Record, now: number): Failing {
  const backInMs = untilMs === 0 ? undefined : Math.max(0, untilMs - now);
  return { target, failures, backInMs, reason };
}

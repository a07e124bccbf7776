import type { Limits } from '../../domain/setting/settings.js';
import type { AccessKey } from '../access/access-keys.js';
import { CallRefused } from '../errors.js';
import { AbortLimits, type AbortsPerMinute, NO_ABORT_LIMITS } from './abort-limits.js';
import type { Bucket, CountedCall, LimitCounters } from './limit-counters.js';
import { type Allowance, allowanceOf, isSet, type LimitRefusal, refusalOf } from './window.js';

const RENEW_MS = 10_000;
/** Refusals remembered; beyond it all are asked for again. */
const MAX_REMEMBERED = 10_000;

/** What the caller has left, of requests and of tokens. Undefined: not limited. */
export interface RateState {
  readonly requests: Allowance | undefined;
  readonly tokens: Allowance | undefined;
}

/** A call that has been counted and is open until it is settled. */
export interface Admission {
  readonly call: CountedCall;
  /** So many are counted so far. */
  tokens: number;
  /** In which its tokens are counted. */
  minute: number;
}

/** The limits of calls by key, user, group and in all, as the settings have them. A call that none of them concerns costs nothing here. */
export class CallLimits {
  private readonly open = new Map<string, Admission>();
  private readonly refused = new Map<string, { readonly untilMs: number; readonly refusal: LimitRefusal }>();
  private readonly timer: NodeJS.Timeout;
  readonly aborts: AbortLimits;

  constructor(
    private readonly counters: LimitCounters,
    private readonly onFault: (error: unknown) => void,
    abortsPerMinute: AbortsPerMinute = NO_ABORT_LIMITS,
  ) {
    this.aborts = new AbortLimits(counters, abortsPerMinute, onFault);
    this.timer = setInterval(() => this.renew(), RENEW_MS);
    this.timer.unref();
  }

  /** Refuses, without asking the counters, who has just been refused and cannot have room again yet. @throws CallRefused */
  precheck(limits: Limits, key: AccessKey): void {
    if (this.refused.size === 0) return;
    const now = performance.now();
    for (const { name, limit } of bucketsOf(limits, key)) {
      const known = this.refused.get(name);
      if (!known) continue;
      if (known.untilMs > now && known.refusal.limit === limit.requests_per_minute) {
        throw refusedBy({ ...known.refusal, retryAfterMs: known.untilMs - now });
      }
      this.refused.delete(name);
    }
  }

  /**
   * Counts a call against all that limits it. Undefined: nothing does. `onRate` is told what is left, also before a refusal.
   * @throws CallRefused `rate_limit_exceeded`; rejects with another error when the counters are away
   */
  async admit(
    limits: Limits,
    key: AccessKey,
    callId: string,
    tokens: number,
    onRate: (rate: RateState) => void,
  ): Promise<Admission | undefined> {
    const buckets = bucketsOf(limits, key);
    if (buckets.length === 0) return undefined;
    const call = { callId, buckets, tokens };
    const reading = await this.counters.admit(call);
    onRate({
      requests: allowanceOf('requests', call, reading),
      tokens: allowanceOf('tokens', call, reading),
    });
    if (!reading.admitted) throw refusedBy(this.remember(refusalOf(call, reading)));
    const admission = { call, tokens, minute: reading.minute };
    this.open.set(callId, admission);
    return admission;
  }

  /**
   * Counts the tokens of a call that has been admitted without any. Where none of its limits is of tokens nobody is asked. A call that is
   * refused for them has been a request all the same.
   * @throws CallRefused, and rejects, as admit does
   */
  async admitTokens(admission: Admission, tokens: number, onRate: (rate: RateState) => void): Promise<void> {
    const { call } = admission;
    if (!call.buckets.some(({ limit }) => isSet(limit.tokens_per_minute))) return;
    const further = { ...call, tokens, isCounted: true };
    const reading = await this.counters.admit(further);
    onRate({
      requests: allowanceOf('requests', further, reading),
      tokens: allowanceOf('tokens', further, reading),
    });
    if (!reading.admitted) throw refusedBy(refusalOf(further, reading));
    admission.tokens = tokens;
    // It may be the next one by now; what is corrected later is what was counted here.
    admission.minute = reading.minute;
  }

  /** The call has ended; it used so many tokens. */
  leave(admission: Admission, usedTokens: number): void {
    const { call, minute, tokens } = admission;
    this.open.delete(call.callId);
    this.counters.settle(call, minute, usedTokens - tokens).catch(this.onFault);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.counters.close();
  }

  private renew(): void {
    if (this.open.size === 0) return;
    this.counters.renew([...this.open.values()].map(({ call }) => call)).catch(this.onFault);
  }

  /** Of requests only: however many tokens the next call has, and whatever ends meanwhile, it cannot pass earlier. */
  private remember(refusal: LimitRefusal): LimitRefusal {
    if (refusal.kind !== 'requests') return refusal;
    if (this.refused.size >= MAX_REMEMBERED) this.refused.clear();
    this.refused.set(refusal.bucket, { untilMs: performance.now() + refusal.retryAfterMs, refusal });
    return refusal;
  }
}

function refusedBy({ bucket, kind, limit, retryAfterMs }: LimitRefusal): CallRefused {
  const scope = bucket.split(':', 1)[0] as 'global' | 'group' | 'user' | 'key';
  return new CallRefused({ code: 'rate_limit_exceeded', scope, kind, limit, retryAfterMs });
}

const NO_BUCKETS: readonly Bucket[] = [];

function bucketsOf({ global, user, key, groups }: Limits, { view, group }: AccessKey): readonly Bucket[] {
  if (!global && !user && !key && !groups) return NO_BUCKETS;
  const candidates: readonly (readonly [string, Bucket['limit'] | undefined])[] = [
    [`key:${view.tokenId}`, key],
    [`user:${view.userId}`, user],
    [`group:${group}`, groups && Object.hasOwn(groups, group) ? groups[group] : undefined],
    ['global', global],
  ];
  return candidates.flatMap(([name, limit]) => {
    const limited =
      limit && [limit.requests_per_minute, limit.tokens_per_minute, limit.concurrent_calls].some(isSet);
    return limited ? [{ name, limit }] : [];
  });
}

import type { AccessKey } from '../access/access-keys.js';
import { CallRefused } from '../errors.js';
import type { Bucket, LimitCounters } from './limit-counters.js';
import { refusalOf } from './window.js';

/** Calls a minute that may be hung up on, of each key and of each user; 0: no limit. */
export interface AbortsPerMinute {
  readonly key: number;
  readonly user: number;
}

export const NO_ABORT_LIMITS: AbortsPerMinute = { key: 0, user: 0 };

/**
 * Limits how often clients hang up on calls that upstream works on: whoever did it too often is refused until the window of a minute has
 * moved on. Counted over all processes, as what the counters call tokens of buckets of their own. Without a limit nothing is asked or counted.
 */
export class AbortLimits {
  constructor(
    private readonly counters: LimitCounters,
    private readonly limits: AbortsPerMinute,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /** @throws CallRefused `rate_limit_exceeded`; rejects with another error when the counters are away */
  async check(key: AccessKey, callId: string): Promise<void> {
    const buckets = this.bucketsOf(key);
    if (buckets.length === 0) return;
    const call = { callId: `${callId} asks`, buckets, tokens: 0, isCounted: true };
    const reading = await this.counters.admit(call);
    if (!reading.admitted) {
      const { bucket, retryAfterMs } = refusalOf(call, reading);
      const scope = bucket.startsWith('key') ? 'key' : 'user';
      const limit = this.limits[scope];
      throw new CallRefused({ code: 'rate_limit_exceeded', scope, kind: 'aborts', limit, retryAfterMs });
    }
    // It is not to count as an open call.
    this.counters.settle(call, reading.minute, 0).catch(this.onFault);
  }

  /** A client has hung up on this call. */
  count(key: AccessKey, callId: string): void {
    const buckets = this.bucketsOf(key).map(({ name }) => ({ name, limit: {} }));
    if (buckets.length === 0) return;
    const call = { callId: `${callId} left`, buckets, tokens: 1, isCounted: true };
    this.counters
      .admit(call)
      .then(({ minute }) => this.counters.settle(call, minute, 0))
      .catch(this.onFault);
  }

  private bucketsOf({ view }: AccessKey): readonly Bucket[] {
    const { key, user } = this.limits;
    const buckets: Bucket[] = [];
    if (key > 0) buckets.push({ name: `key-aborts:${view.tokenId}`, limit: roomBelow(key) });
    if (user > 0) buckets.push({ name: `user-aborts:${view.userId}`, limit: roomBelow(user) });
    return buckets;
  }
}

/** Whoever asks adds nothing: there is room while fewer than `limit` are counted. */
const roomBelow = (limit: number): Bucket['limit'] => ({ tokens_per_minute: limit - 0.5 });

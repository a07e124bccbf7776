import { CallRefused } from '../errors.js';
import type { CachedBalance } from '../../balance/cached-balance.js';
import type { AccessKey, AccessKeys } from './access-keys.js';
import { refuseKey } from './check-access.js';

/** A key and the text it was found by. */
export interface Entered {
  readonly accessKey: string;
  readonly key: AccessKey;
}

type Doubt = NonNullable<Awaited<ReturnType<CachedBalance['checkGuards']>>>;

export interface GateDependencies {
  readonly balance: Pick<CachedBalance, 'checkGuards'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Lets calls in by their access key. Copies of keys may be old, so a copy may grant nothing by itself (the guards of the hold see to that) and
 * may refuse nothing by itself: before a refusal the guards are asked, and an outdated copy is read again.
 */
export class Gate {
  constructor(
    private readonly dependencies: GateDependencies,
    private readonly keys: AccessKeys,
  ) {}

  /** @throws CallRefused `invalid_api_key`, `key_expired`, `key_disabled`, `account_suspended`, `ip_not_allowed` */
  async enter(accessKey: string | undefined, address: string | undefined): Promise<Entered> {
    if (accessKey === undefined) throw new CallRefused({ code: 'invalid_api_key' });
    const { key, cached } = await this.keys.find(accessKey);
    const check = (candidate: AccessKey | undefined) => this.check(candidate, address);
    if (!cached) return { accessKey, key: check(key) };
    if (!key) throw new CallRefused({ code: 'invalid_api_key' });
    return { accessKey, key: (await this.decide({ accessKey, key }, check)).key };
  }

  /** The same for a call without a hold, whose guards nobody else asks. @throws CallRefused as enter does */
  async enterWithoutHold(accessKey: string | undefined, address: string | undefined): Promise<AccessKey> {
    const { accessKey: known, key } = await this.enter(accessKey, address);
    const doubt = await this.dependencies.balance.checkGuards(key.guards);
    return doubt ? this.check(await this.readAgain(known, doubt), address) : key;
  }

  /** Whether a key just read again may still go on. @throws CallRefused */
  check(key: AccessKey | undefined, address: string | undefined): AccessKey {
    const refusal = refuseKey(key, address, this.dependencies.now());
    if (refusal || !key) throw new CallRefused(refusal ?? { code: 'invalid_api_key' });
    return key;
  }

  /** Decides by the copy at hand; a refusal counts only when the copy is up to date. */
  async decide<Result>(
    { accessKey, key }: Entered,
    decision: (key: AccessKey | undefined) => Result | Promise<Result>,
  ): Promise<{ readonly key: AccessKey; readonly result: Result }> {
    try {
      return { key, result: await decision(key) };
    } catch (error) {
      if (!(error instanceof CallRefused)) throw error;
      const doubt = await this.dependencies.balance.checkGuards(key.guards);
      if (!doubt) throw error;
      const fresh = await this.readAgain(accessKey, doubt);
      const result = await decision(fresh);
      return { key: fresh ?? key, result };
    }
  }

  private readAgain(accessKey: string, doubt: Doubt): Promise<AccessKey | undefined> {
    return doubt.outcome === 'stale' ? this.keys.reloadUntil(accessKey, doubt) : this.keys.reload(accessKey);
  }
}

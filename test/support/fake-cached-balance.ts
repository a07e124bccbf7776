import type { BudgetKey, CachedBalance, Guard } from '../../src/balance/cached-balance.js';
import { CacheUnavailable } from '../../src/balance/cached-balance.js';

type Applied = Parameters<CachedBalance['apply']>[0];

/** Notes what a projector tells the cached balance; can be away, or lose everything. */
export class FakeCachedBalance implements CachedBalance {
  readonly applies: Applied[] = [];
  readonly guards: Guard[] = [];
  readonly balances = new Map<BudgetKey, bigint>();
  away = false;
  position: bigint | undefined;
  private lost: (() => void) | undefined;

  async apply(batch: Applied): Promise<void> {
    this.check();
    this.applies.push(batch);
    this.position = batch.position;
    for (const { budget, balance } of batch.balances) this.balances.set(budget, balance);
  }
  async raiseGuards(guards: readonly Guard[]): Promise<void> {
    this.check();
    this.guards.push(...guards);
  }
  async appliedPosition(): Promise<bigint | undefined> {
    this.check();
    return this.position;
  }
  async lastApplied() {
    this.check();
    return this.applies.at(-1)?.last;
  }
  onLost(registerAgain: () => void): () => void {
    this.lost = registerAgain;
    return () => (this.lost = undefined);
  }
  /** As after a restart from an old snapshot. */
  lose(position: bigint | undefined): void {
    this.position = position;
    this.lost?.();
  }
  resolved(): readonly string[] {
    return this.applies.flatMap(({ resolvedHolds }) => resolvedHolds);
  }

  hold = () => this.never();
  load = () => this.never();
  settle = () => this.never();
  release = () => this.never();
  renew = () => this.never();
  register = () => this.never();
  noteSeen = () => this.never();
  farthestSeen = () => this.never();
  checkGuards = () => this.never();
  expired = () => this.never();
  view = () => this.never();
  checkHealth = async () => this.check();
  close = async () => undefined;

  private check(): void {
    if (this.away) throw new CacheUnavailable('away');
  }
  private never(): Promise<never> {
    return Promise.reject(new Error('not asked of this fake'));
  }
}

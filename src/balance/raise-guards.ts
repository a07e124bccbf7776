import { setTimeout as sleep } from 'node:timers/promises';
import type { Guard } from './cached-balance.js';
import { HOLD_LEASE_MS, type LeasedBalance } from './hold-leasing.js';

/** How whoever waits for leases does so. */
export interface Waiting {
  /** Milliseconds of a clock that never goes back. */
  readonly now?: (() => number) | undefined;
  readonly pause?: ((delayMs: number) => Promise<unknown>) | undefined;
}

export interface GuardRaiser extends Waiting {
  readonly cache: Pick<LeasedBalance, 'raiseGuards' | 'isLeased'>;
  /** Closes the leases of this process that are under older revisions. */
  readonly withdraw: (guards: readonly Guard[]) => void;
}

const LOOK_EVERY_MS = 10;

/**
 * Raises guards, and resolves when no process admits a call under an older revision any more: every lease under one is closed, or its time is
 * over. That is so a lease's time behind the raise at the latest, by this process's own clock: whatever was granted under an older revision, by
 * this cache or by one that was lost, was asked for before it.
 */
export async function raiseUntilEffective(
  { cache, withdraw, ...waiting }: GuardRaiser,
  guards: readonly Guard[],
): Promise<void> {
  await cache.raiseGuards(guards);
  withdraw(guards);
  await whileLeased(() => cache.isLeased(guards), HOLD_LEASE_MS, waiting);
}

/** Asks again and again until there is no lease any more, from now on for so long at most. */
export async function whileLeased(
  isLeased: () => Promise<boolean>,
  withinMs: number,
  { now = () => performance.now(), pause = sleep }: Waiting,
): Promise<void> {
  const overAtMs = now() + withinMs;
  while (await isLeased()) {
    const leftMs = overAtMs - now();
    if (leftMs <= 0) return;
    await pause(Math.min(LOOK_EVERY_MS, leftMs));
  }
}

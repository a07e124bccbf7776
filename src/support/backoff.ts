import { setTimeout as sleep } from 'node:timers/promises';

export interface Backoff {
  /** Longest wait before the second attempt; doubles with each. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

/** Waits a random time between 0 and `baseDelayMs × 2^attempt` (at most `maxDelayMs`), so that those who collided part. */
export async function backOff({ baseDelayMs, maxDelayMs }: Backoff, attempt: number): Promise<void> {
  await sleep(Math.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(attempt, 20)));
}

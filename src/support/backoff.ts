import { setTimeout as sleep } from 'node:timers/promises';

export interface Backoff {
  /** Longest wait after the attempt numbered 0; doubles with each. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

/**
 * How long to wait after an attempt that failed, in milliseconds: a random time between 0 and `baseDelayMs × 2^attempt` (at most
 * `maxDelayMs`), so that those who collided, or lost one server together, part.
 */
export const pauseMs = ({ baseDelayMs, maxDelayMs }: Backoff, attempt: number): number =>
  Math.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(attempt, 20));

/** Waits for so long. */
export async function backOff(backoff: Backoff, attempt: number): Promise<void> {
  await sleep(pauseMs(backoff, attempt));
}

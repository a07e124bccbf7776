import type { Backoff } from '../../support/backoff.js';

export interface HandleTimings extends Backoff {
  /** After this a command gives up with LedgerUnavailable, whatever it waits for. */
  readonly deadlineMs: number;
  /** Attempts at something that certainly did not happen (the store or another server is away). */
  readonly unavailableAttempts: number;
}

export const DEFAULT_TIMINGS: HandleTimings = {
  deadlineMs: 10_000,
  unavailableAttempts: 3,
  baseDelayMs: 5,
  maxDelayMs: 250,
};

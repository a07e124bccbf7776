import type { OutboxEntry } from './message.js';

export interface SenderSettings {
  /** Of one receiver in one process, at once. */
  readonly maxUnderWay: number;
  /** An attempt is given up after that. */
  readonly attemptMs: number;
  /** Longest wait after the first failed attempt; doubles with each. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** After so many a message is dead. */
  readonly maxAttempts: number;
  /** Between two looks where nothing rings. */
  readonly pollMs: number;
  /** For how long messages that ended are kept. */
  readonly keepDays: number;
  /** How long attempts may go on when the process ends. */
  readonly graceMs: number;
}

/** For receivers that say nothing else: up to about five hours of trying. */
export const defaultSenderSettings: SenderSettings = {
  maxUnderWay: 4,
  attemptMs: 15_000,
  baseDelayMs: 1_000,
  maxDelayMs: 3_600_000,
  maxAttempts: 16,
  pollMs: 1_000,
  keepDays: 30,
  graceMs: 5_000,
};

export interface SenderObserver {
  /** An attempt ended; `dead`: it was the last one. */
  attempted?(entry: OutboxEntry, outcome: 'delivered' | 'failed' | 'dead', reason: string | undefined): void;
  /** The outbox could not be reached; it is tried again. */
  faulted?(error: unknown): void;
}

import { Bell } from '../../projections/runtime/bell.js';
import type { Receipt, Receiver } from './receiver.js';
import type { OutboxEntry } from './message.js';
import type { Failure, Outbox } from './outbox.js';

export interface SenderSettings {
  /** Of one process, at once. */
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
}

export const defaultSenderSettings: SenderSettings = {
  maxUnderWay: 16,
  attemptMs: 30_000,
  baseDelayMs: 2_000,
  maxDelayMs: 15 * 60_000,
  maxAttempts: 12,
  pollMs: 1_000,
  keepDays: 30,
};

/** A lease outlives the attempt by so much: what is known of it then must still be written down. */
const LEASE_BEYOND_ATTEMPT_MS = 15_000;
const PRUNE_EVERY_MS = 3_600_000;
const MAX_PAUSE_MS = 5_000;

export interface SenderObserver {
  /** An attempt ended; `dead`: it was the last one. */
  attempted?(entry: OutboxEntry, outcome: 'delivered' | 'failed' | 'dead', reason: string | undefined): void;
  /** The outbox could not be reached; it is tried again. */
  faulted?(error: unknown): void;
}

export interface SenderOptions {
  readonly outbox: Pick<Outbox, 'claim' | 'delivered' | 'failed' | 'prune'>;
  readonly receivers: readonly Receiver[];
  readonly settings?: Partial<SenderSettings>;
  readonly observer?: SenderObserver;
  /** Number in [0, 1): full jitter, so that those who failed together part. */
  readonly draw?: () => number;
}

/** Takes what is due out of the outbox and hands it to its receivers; any number of processes may do so at once. */
export class OutboxSender {
  private readonly bell = new Bell();
  private readonly settings: SenderSettings;
  private readonly receivers: ReadonlyMap<string, Receiver>;
  private readonly stopping = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  private running: Promise<void> = Promise.resolve();
  private prunedAtMs = -Infinity;

  constructor(private readonly options: SenderOptions) {
    this.settings = { ...defaultSenderSettings, ...options.settings };
    this.receivers = new Map(options.receivers.map((receiver) => [receiver.name, receiver]));
  }

  start(): void {
    this.running = this.run();
  }

  /** Looks at once. */
  ring(): void {
    this.bell.ring();
  }

  /** Nothing more is begun; what is under way is told to end, and what came of it is written down. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.bell.ring();
    await this.running;
    await Promise.all(this.underWay);
  }

  private async run(): Promise<void> {
    let pauseMs = 50;
    while (!this.stopping.signal.aborted) {
      try {
        const begun = await this.step();
        pauseMs = 50;
        if (begun === 0) await this.bell.wait(this.settings.pollMs);
      } catch (error) {
        this.options.observer?.faulted?.(error);
        await this.bell.wait(pauseMs);
        pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
      }
    }
  }

  /** Begins what is due and fits; answers how many messages that were. */
  private async step(): Promise<number> {
    await this.pruneNowAndThen();
    const room = this.settings.maxUnderWay - this.underWay.size;
    if (room === 0) {
      await Promise.race(this.underWay);
      return 1;
    }
    const leaseMs = this.settings.attemptMs + LEASE_BEYOND_ATTEMPT_MS;
    const entries = await this.options.outbox.claim(room, leaseMs);
    for (const entry of entries) {
      const attempt = this.attempt(entry).finally(() => {
        this.underWay.delete(attempt);
        // The next one of its order may be due.
        this.bell.ring();
      });
      this.underWay.add(attempt);
    }
    return entries.length;
  }

  /** Never rejects: what cannot be written down is sent again when the lease has run out. */
  private async attempt(entry: OutboxEntry): Promise<void> {
    const receipt = await this.send(entry);
    const { outbox, observer } = this.options;
    try {
      if (receipt.kind === 'delivered') {
        await outbox.delivered(entry);
        observer?.attempted?.(entry, 'delivered', undefined);
        return;
      }
      const failure = this.failureOf(entry, receipt);
      await outbox.failed(entry, failure);
      observer?.attempted?.(entry, failure.againInMs === undefined ? 'dead' : 'failed', failure.reason);
    } catch (error) {
      observer?.faulted?.(error);
    }
  }

  private async send(entry: OutboxEntry): Promise<Receipt> {
    const receiver = this.receivers.get(entry.receiver);
    // Another process may know it: a newer program, or one with other settings.
    if (!receiver) return { kind: 'retry', reason: `no receiver ${entry.receiver} here` };
    const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(this.settings.attemptMs)]);
    const givenUp = new Promise<Receipt>((resolve) => {
      signal.addEventListener('abort', () => resolve({ kind: 'retry', reason: 'no answer in time' }), {
        once: true,
      });
    });
    try {
      return await Promise.race([receiver.send(entry, signal), givenUp]);
    } catch (error) {
      return { kind: 'retry', reason: error instanceof Error ? error.name : 'an unknown fault' };
    }
  }

  private failureOf({ attempts }: OutboxEntry, receipt: Exclude<Receipt, { kind: 'delivered' }>): Failure {
    const { reason } = receipt;
    const { maxAttempts, baseDelayMs, maxDelayMs } = this.settings;
    if (receipt.kind === 'rejected') return { reason, againInMs: undefined };
    // A process that goes down takes no attempt away from a message.
    if (attempts >= maxAttempts && !this.stopping.signal.aborted) return { reason, againInMs: undefined };
    const draw = this.options.draw ?? Math.random;
    const delayMs = draw() * Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(attempts, 30));
    return { reason, againInMs: Math.max(delayMs, receipt.afterMs ?? 0) };
  }

  private async pruneNowAndThen(): Promise<void> {
    if (performance.now() - this.prunedAtMs < PRUNE_EVERY_MS) return;
    this.prunedAtMs = performance.now();
    await this.options.outbox.prune(this.settings.keepDays);
  }
}

import { setTimeout as wait } from 'node:timers/promises';
import { Bell } from '../../projections/runtime/bell.js';
import type { Receipt, Receiver } from './receiver.js';
import { type Attempt, beginAttempt, type BrokenOff, exhausted } from './attempt.js';
import type { OutboxEntry } from './message.js';
import type { Outbox } from './outbox.js';
import type { SenderObserver, SenderSettings } from './sender-settings.js';

export interface ReceiverSenderOptions {
  readonly outbox: Pick<Outbox, 'claim' | 'delivered' | 'failed' | 'giveBack'>;
  readonly receiver: Receiver;
  readonly settings: SenderSettings;
  readonly observer: SenderObserver;
  readonly draw: () => number;
}

/** A lease outlives the attempt by so much: what is known of it then must still be written down. */
const LEASE_BEYOND_ATTEMPT_MS = 15_000;
const MAX_PAUSE_MS = 5_000;
/** The longest that a receiver may ask us to wait. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

/** Hands what is due for one receiver to it. A receiver that hangs holds up nobody but itself. */
export class ReceiverSender {
  private readonly bell = new Bell();
  private readonly underWay = new Map<Attempt, Promise<void>>();
  private stopping = false;
  private readonly running: Promise<void>;

  constructor(private readonly options: ReceiverSenderOptions) {
    this.running = this.run();
  }

  ring(): void {
    this.bell.ring();
  }

  /** Begins nothing more. What is under way after `graceMs` is broken off and given back. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    this.bell.ring();
    await this.running;
    const grace = new AbortController();
    const late = wait(graceMs, undefined, { signal: grace.signal }).then(
      () => this.underWay.forEach((_ended, attempt) => attempt.breakOff()),
      () => undefined,
    );
    await Promise.all(this.underWay.values());
    grace.abort();
    await late;
  }

  private async run(): Promise<void> {
    const { settings, observer } = this.options;
    let pauseMs = 50;
    while (!this.stopping) {
      try {
        await this.fillRoom();
        pauseMs = 50;
        await this.bell.wait(settings.pollMs);
      } catch (error) {
        observer.faulted?.(error);
        await this.bell.wait(pauseMs);
        pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
      }
    }
  }

  private async fillRoom(): Promise<void> {
    const { outbox, receiver, settings } = this.options;
    const room = settings.maxUnderWay - this.underWay.size;
    if (room <= 0) return;
    const leaseMs = settings.attemptMs + LEASE_BEYOND_ATTEMPT_MS;
    for (const entry of await outbox.claim(receiver.name, room, leaseMs)) this.begin(entry);
  }

  private begin(entry: OutboxEntry): void {
    const { receiver, settings, observer } = this.options;
    const attempt =
      entry.attempts > settings.maxAttempts
        ? exhausted(settings.maxAttempts)
        : beginAttempt(receiver, entry, settings.attemptMs);
    const ended = attempt.ended
      .then((how) => this.writeDown(entry, how))
      // Sent again, with the same id, when the lease has run out.
      .catch((error: unknown) => observer.faulted?.(error))
      .finally(() => {
        this.underWay.delete(attempt);
        // There is room again, and the next one of its order may be due.
        this.bell.ring();
      });
    this.underWay.set(attempt, ended);
  }

  private async writeDown(entry: OutboxEntry, how: Receipt | BrokenOff): Promise<void> {
    const { outbox, observer } = this.options;
    if (how.kind === 'broken-off') {
      await outbox.giveBack(entry);
      return;
    }
    if (how.kind === 'delivered') {
      await outbox.delivered(entry);
      observer.attempted?.(entry, 'delivered', undefined);
      return;
    }
    const againInMs = how.kind === 'retry' ? this.againInMs(entry, how.afterMs ?? 0) : undefined;
    await outbox.failed(entry, { reason: how.reason, againInMs });
    observer.attempted?.(entry, againInMs === undefined ? 'dead' : 'failed', how.reason);
  }

  /** Undefined after the last attempt. Full jitter, so that those who failed together do not come together again. */
  private againInMs({ attempts }: OutboxEntry, askedForMs: number): number | undefined {
    const { maxAttempts, baseDelayMs, maxDelayMs } = this.options.settings;
    if (attempts >= maxAttempts) return undefined;
    const delayMs = this.options.draw() * Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(attempts - 1, 30));
    return Math.max(delayMs, Math.min(askedForMs, LONGEST_WAIT_MS));
  }
}

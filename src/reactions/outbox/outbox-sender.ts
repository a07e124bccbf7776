import { repeat } from '../../support/repeat.js';
import type { Receiver } from './receiver.js';
import type { Outbox } from './outbox.js';
import { ReceiverSender } from './receiver-sender.js';
import { defaultSenderSettings, type SenderObserver, type SenderSettings } from './sender-settings.js';

const PRUNE_EVERY_MS = 3_600_000;

export interface SenderOptions {
  readonly outbox: Pick<Outbox, 'claim' | 'delivered' | 'failed' | 'giveBack' | 'prune'>;
  readonly receivers: readonly Receiver[];
  readonly settings?: Partial<SenderSettings>;
  readonly observer?: SenderObserver;
  /** Number in [0, 1): full jitter, so that those who failed together part. */
  readonly draw?: () => number;
}

/**
 * Takes what is due out of the outbox and hands it to its receivers; any number of processes may do so at once. Messages to a receiver that
 * this process has not stay for one that has it: a newer program, or one with other settings.
 */
export class OutboxSender {
  private readonly settings: SenderSettings;
  private senders: readonly ReceiverSender[] = [];
  private stopPruning: () => Promise<void> = () => Promise.resolve();

  constructor(private readonly options: SenderOptions) {
    this.settings = { ...defaultSenderSettings, ...options.settings };
  }

  start(): void {
    const { outbox, receivers, observer = {}, draw = Math.random } = this.options;
    this.senders = receivers.map(
      (receiver) =>
        new ReceiverSender({
          outbox,
          receiver,
          settings: { ...this.settings, ...receiver.settings },
          observer,
          draw,
        }),
    );
    this.stopPruning = repeat(0, async () => {
      await outbox.prune(this.settings.keepDays).catch((error: unknown) => observer.faulted?.(error));
      return PRUNE_EVERY_MS;
    });
  }

  /** Looks at once. */
  ring(): void {
    for (const sender of this.senders) sender.ring();
  }

  /** Nothing more is begun; what is under way may end for a while, else it is broken off and does not count. */
  async stop(): Promise<void> {
    const { graceMs } = this.settings;
    await Promise.all([this.stopPruning(), ...this.senders.map((sender) => sender.stop(graceMs))]);
  }
}

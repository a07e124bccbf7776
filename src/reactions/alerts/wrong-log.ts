import type { WrongLog } from '../../eventstore/wrong-log.js';
import type { Alerts } from './alerts.js';

const KIND = 'wrong-log';

/**
 * Tells that the log is not this ledger's, or not as it was, and that the right one is back. Told of every look at the log, so that what could
 * not be told at one is told at the next; processes that see the same tell it once.
 */
export class WrongLogAlert {
  /** The reason that was told last, null when it was told that all is well; undefined before the first look. */
  private told: string | null | undefined;
  private pending: Promise<unknown> = Promise.resolve();
  private telling = false;

  constructor(
    private readonly alerts: Pick<Alerts, 'raise' | 'resolve' | 'open'>,
    private readonly onFault: (error: unknown) => void,
  ) {}

  looked(doubt: WrongLog | undefined): void {
    const reason = doubt?.reason ?? null;
    if (this.telling || reason === this.told) return;
    this.telling = true;
    this.pending = (doubt ? this.raise(doubt) : this.resolveAll())
      .then(() => (this.told = reason), this.onFault)
      .finally(() => (this.telling = false));
  }

  /** What is under way has been told. */
  settled(): Promise<unknown> {
    return this.pending;
  }

  private async raise({ reason, message }: WrongLog): Promise<void> {
    await this.alerts.raise({
      key: `${KIND}/${reason}`,
      kind: KIND,
      severity: 'critical',
      summary: `Nothing is written and no call is taken: ${message}`,
      details: { reason },
    });
  }

  private async resolveAll(): Promise<void> {
    for (const { key } of await this.alerts.open(KIND)) await this.alerts.resolve(key);
  }
}

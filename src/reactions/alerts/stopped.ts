import { PoisonEvent } from '../../projections/runtime/faults.js';
import { repeat } from '../../support/repeat.js';
import type { Alert, Alerts, OpenAlert } from './alerts.js';

export interface StoppedAlertOptions {
  readonly alerts: Pick<Alerts, 'raise' | 'resolve' | 'open'>;
  /** `ledger-stopped` */
  readonly kind: string;
  /** Who stopped and what that means, in a sentence: `The read models of ledger stopped: balances do not move on.` */
  readonly summaryOf: (follower: string) => string;
  /** What a follower has passed in whatever process; undefined when that is not known. */
  readonly positionOf?: (follower: string) => Promise<bigint | undefined>;
  readonly onFault: (error: unknown) => void;
}

/**
 * Tells that an event stopped something that follows the log (the read models, a reaction), and that it has been gone past. One that is
 * started again and stops at the same event is the same alert. What could not be told, because the database was away, is told
 * at the next look.
 */
export class StoppedAlert {
  /** Not raised yet. */
  private readonly found = new Map<string, Alert>();
  private readonly passed = new Map<string, bigint>();
  /** Those that are not over, as of the last look. Undefined before the first. */
  private open: readonly OpenAlert[] | undefined;
  private pending: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: StoppedAlertOptions) {}

  /** Only an event is an alert: a newer program that takes over is not, and nothing runs on another log. */
  stopped(follower: string, error: unknown): void {
    if (!(error instanceof PoisonEvent)) return;
    const { kind, summaryOf } = this.options;
    const { stream, revision, type, position, reason } = error.poison;
    const key = `${kind}/${follower}/${position}`;
    if (this.open?.some((open) => open.key === key)) return;
    this.found.set(key, {
      key,
      kind,
      severity: 'critical',
      summary: `${summaryOf(follower)} It can neither use nor go past ${type} at position ${position}. Mend what is wrong and start it again.`,
      details: {
        follower,
        position: position.toString(),
        stream,
        revision: revision.toString(),
        type,
        reason,
      },
    });
    this.lookSoon();
  }

  /** A follower has come this far in this process. Cheap: only where something is known to be open is anything looked up. */
  goneOn(follower: string, position: bigint): void {
    this.passed.set(follower, position);
    if (this.open?.length !== 0) this.lookSoon();
  }

  /** Looks every now and then as well, because it may be another process that goes on. Answers the way to stop. */
  watch(everyMs = 5_000): () => Promise<void> {
    const stop = repeat(everyMs, async () => {
      this.lookSoon();
      await this.settled();
      return everyMs;
    });
    return async () => {
      await stop();
      await this.settled();
    };
  }

  /** What is under way has been told. */
  settled(): Promise<unknown> {
    return this.pending;
  }

  /** One look after the other. */
  private lookSoon(): void {
    this.pending = this.pending.then(() => this.look()).catch(this.options.onFault);
  }

  private async look(): Promise<void> {
    const { alerts, kind } = this.options;
    for (const [key, alert] of this.found) {
      if (!(await this.isPassed(alert.details))) await alerts.raise(alert);
      this.found.delete(key);
    }
    const open: OpenAlert[] = [];
    for (const alert of await alerts.open(kind)) {
      if (await this.isPassed(alert.details)) await alerts.resolve(alert.key);
      else open.push(alert);
    }
    this.open = open;
  }

  private async isPassed({ follower, position }: OpenAlert['details']): Promise<boolean> {
    const at = BigInt(String(position));
    const here = this.passed.get(String(follower));
    if (here !== undefined && here >= at) return true;
    const anywhere = await this.options.positionOf?.(String(follower));
    return anywhere !== undefined && anywhere >= at;
  }
}

import { PoisonEvent } from '../../projections/runtime/faults.js';
import type { ProjectionObserver } from '../../projections/runtime/status.js';
import type { Alerts } from './alerts.js';

const KIND = 'ledger-stopped';

/**
 * Tells that an event, or another fault that no repetition cures, stopped the read models, and that they have gone past it. A projector that
 * is started again and stops at the same event is the same alert.
 */
export class LedgerStoppedAlert implements ProjectionObserver {
  /** Position of the event -> key, of those that are not over. Undefined until they are known. */
  private open: Map<string, bigint> | undefined;
  private pending: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly alerts: Pick<Alerts, 'raise' | 'resolve' | 'open'>,
    private readonly onFault: (error: unknown) => void,
  ) {}

  stopped(group: string, error: Error): void {
    const poison = error instanceof PoisonEvent ? error.poison : undefined;
    const key = `${KIND}/${group}/${poison?.position ?? error.name}`;
    this.then(async () => {
      await this.alerts.raise({
        key,
        kind: KIND,
        severity: 'critical',
        summary: poison
          ? `The read models of ${group} stopped before ${poison.type} at position ${poison.position}: balances and calls do not move on. Mend what is wrong and start the projector again.`
          : `The read models of ${group} stopped: ${error.message}`,
        details: {
          group,
          reason: error.message,
          ...(poison && {
            position: poison.position.toString(),
            stream: poison.stream,
            revision: poison.revision.toString(),
            type: poison.type,
          }),
        },
      });
      this.open = undefined;
    });
  }

  batchApplied({ group, position }: { readonly group: string; readonly position: bigint }): void {
    // Nothing to look up for each batch: only what is open, once.
    if (this.open?.size === 0) return;
    this.then(async () => {
      this.open ??= await this.readOpen();
      for (const [key, at] of this.open) {
        if (!key.startsWith(`${KIND}/${group}/`) || position < at) continue;
        await this.alerts.resolve(key);
        this.open.delete(key);
      }
    });
  }

  /** What is under way has been told. */
  settled(): Promise<unknown> {
    return this.pending;
  }

  private async readOpen(): Promise<Map<string, bigint>> {
    const open = await this.alerts.open(KIND);
    return new Map(
      open.map(({ key, details }) => [
        key,
        typeof details['position'] === 'string' ? BigInt(details['position']) : 0n,
      ]),
    );
  }

  /** One after the other, in the order of what happened. */
  private then(step: () => Promise<void>): void {
    this.pending = this.pending.then(step).catch(this.onFault);
  }
}

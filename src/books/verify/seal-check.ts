import type { RecordedEvent } from '../../eventstore/event-store.js';
import type { Sealing, Seals } from '../../eventstore/seals.js';
import { Finding } from './check.js';

/** What events are sealed by, and from where on all of them are. */
export interface LogSeals {
  readonly seals: Seals;
  readonly sealings: readonly Sealing[];
}

/** Between sealing and storing an append may wait for its server; and two clocks never agree. */
const MOST_APART_MS = 10 * 60 * 1000;

/** What the check is called. */
export const SEALS = 'seals of events';

/** Looks at the seal of every event, and whether the log dates it as its seal does: the server writes that time, and no seal covers it. */
export class SealCheck {
  readonly finding = new Finding(SEALS);

  constructor(private readonly by: LogSeals) {}

  apply(event: RecordedEvent): void {
    if (event.passedOver) return;
    const { finding, by } = this;
    const key = `${event.position}`;
    finding.compared += 1;
    const fault = by.seals.faultOf(event, by.sealings);
    if (fault !== undefined) return finding.differ(key, null, 'an event that this ledger sealed', fault);
    const seal = by.seals.sealOf(event);
    if (!seal || typeof seal === 'string') return;
    const { recordedAt } = event;
    if (Math.abs(recordedAt.getTime() - seal.at.getTime()) <= MOST_APART_MS) return;
    finding.differ(
      key,
      null,
      `recorded about ${seal.at.toISOString()}`,
      `recorded ${recordedAt.toISOString()}`,
    );
  }
}

import type { RecordedEvent } from '../../eventstore/event-store.js';
import { type Comparison, comparisonText, type LogComparer } from '../../transparency/compare-log.js';
import { Finding } from './check.js';

/** What the check is called. */
export const SIGNED = 'signed checkpoints';

/** Holds the log against all that was signed of it, in the database and at the anchors that remember. */
export class SignedCheck {
  readonly finding = new Finding(SIGNED);

  /** @param by or why it cannot be known what was signed */
  constructor(private readonly by: LogComparer | string) {}

  async apply(event: RecordedEvent): Promise<void> {
    if (typeof this.by === 'string') return;
    this.finding.compared += 1;
    await this.by.add(event);
  }

  end(): Finding {
    const { by, finding } = this;
    const expected = 'the log that was signed';
    if (typeof by === 'string') {
      finding.differ('the log', null, expected, by);
      return finding;
    }
    const comparison = by.ended();
    if (comparison.kind === 'agrees') return finding;
    const entry = placeOf(comparison);
    finding.differ(`entry ${entry ?? 'unknown'}`, null, expected, comparisonText(comparison));
    return finding;
  }
}

function placeOf(comparison: Exclude<Comparison, { kind: 'agrees' }>): number | undefined {
  if (comparison.kind === 'changed') return comparison.from?.entry;
  return comparison.kind === 'spoiled' ? comparison.from : comparison.size;
}

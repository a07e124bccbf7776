import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import { storableText } from '../../../projections/runtime/rows.js';
import type { Fields } from '../check.js';

/** What operators did, by its place in the log. */
export class Acts {
  readonly rows = new Map<string, Fields>();

  apply({ data, position, recordedAt, type, stream, revision }: LedgerEvent): void {
    const by = 'by' in data ? data.by : '';
    if (stream === 'log' || !/^(cli$|setup$|operator:)/.test(by)) return;
    const recorded_at = recordedAt.toISOString();
    this.rows.set(position.toString(), { recorded_at, actor: storableText(by), type, stream, revision });
  }
}

import { basename } from 'node:path';
import type { EventStore } from '../../../eventstore/event-store.js';
import type { Queryable } from '../../../projections/runtime/projection.js';
import type { Report } from '../reconciliation-report.js';
import { MatchingByDay, MatchingById, type UsageMatching, type UsagePeriod } from './matching.js';
import { readCharges } from './our-calls.js';
import { type BilledUsage, readUsageFile } from './read-usage-file.js';
import { Tallies, Tally } from './tally.js';
import type { Measures } from './units.js';

export interface UpstreamReconciliation {
  readonly path: string;
  readonly period: UsagePeriod;
  /** The channels whose upstream it is; empty: all are. */
  readonly channels: readonly string[];
  /** The file's name of a model -> ours. */
  readonly models: ReadonlyMap<string, string>;
  /** By day and model though the file names requests: under ids that upstream did not answer with. */
  readonly byDay: boolean;
  readonly onProgress: (events: number) => void;
}

/** Row of the totals for charges put right within the period: they are of calls that may lie before it, and of any channel. */
const CORRECTIONS = '(corrections)';

/** Lays what an upstream billed beside what the ledger charged for the same calls. @throws WrongFile */
export async function reconcileUpstream(
  { store, db }: { readonly store: EventStore; readonly db: Queryable },
  request: UpstreamReconciliation,
): Promise<Report> {
  const { path, period, channels, onProgress } = request;
  const inPeriod = (at: Date) => at >= period.from && at < period.to;
  let measures: Measures = { tokens: true, units: [] };
  let totals = new Tallies(measures);
  let matching: UsageMatching | undefined;
  let sha256 = '';
  let rows = 0;
  const file = readUsageFile(
    path,
    period.timezone,
    (digest) => (sha256 = digest),
    (found) => {
      measures = found;
      totals = new Tallies(found);
    },
  );
  for await (const read of file) {
    const billed: BilledUsage = { ...read, model: request.models.get(read.model) ?? read.model };
    matching ??=
      request.byDay || read.requestId === undefined
        ? new MatchingByDay(period, measures)
        : new MatchingById(period, measures);
    rows += 1;
    if (inPeriod(billed.at)) totals.of(billed.model).there(billed);
    matching.there(billed);
  }
  matching ??= new MatchingByDay(period, measures);
  for await (const charge of readCharges(store, db, period.from, onProgress)) {
    if ('correction' in charge) {
      const { at, chargeUsd } = charge.correction;
      if (inPeriod(at) && channels.length === 0) totals.of(CORRECTIONS).corrected(chargeUsd);
      continue;
    }
    const { call } = charge;
    if (channels.length > 0 && !channels.includes(call.channelId)) continue;
    if (inPeriod(call.at)) totals.of(call.model).here(call);
    matching.here(call);
  }
  return reportOf(matching, totals, measures, {
    file: basename(path),
    sha256,
    by: matching.by,
    timezone: period.timezone,
    from: period.from.toISOString(),
    before: period.to.toISOString(),
    rows,
  });
}

function reportOf(
  matching: UsageMatching,
  totals: Tallies,
  measures: Measures,
  facts: Report['facts'],
): Report {
  const { rows, counts } = matching.end();
  return {
    facts: { ...facts, ...Object.fromEntries(counts) },
    totals: totals.entries().map(([model, tally]) => ({ model, ...tally.row() })),
    columns: ['class', 'day', 'model', ...matching.columns, ...Object.keys(new Tally(measures).row())],
    rows,
    isClean: [...counts.keys()].every((each) => each === 'matched'),
  };
}

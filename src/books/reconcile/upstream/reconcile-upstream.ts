import { basename } from 'node:path';
import type { EventStore } from '../../../eventstore/event-store.js';
import type { Queryable } from '../../../projections/runtime/projection.js';
import type { Report } from '../reconciliation-report.js';
import type { BilledUsage } from './billed-usage.js';
import { Margins } from './margins.js';
import { MatchingByDay, MatchingById, type UsageMatching, type UsagePeriod } from './matching.js';
import { readCharges } from './our-calls.js';
import { readUsageFile, type UsageFile } from './read-usage-file.js';
import { modelNamed } from './same-model.js';
import { Tally } from './tally.js';
import { type Measures, together } from './units.js';

export interface UpstreamReconciliation {
  /** Of one period: usage and cost may be in files of their own. */
  readonly files: readonly UsageFile[];
  readonly period: UsagePeriod;
  /** The channels whose upstream it is; empty: all are. */
  readonly channels: readonly string[];
  /** The file's name of a model -> ours. */
  readonly models: ReadonlyMap<string, string>;
  /** By day and model though the file names requests: under ids that upstream did not answer with. */
  readonly byDay: boolean;
  /** The totals by channel and model. */
  readonly byChannel: boolean;
  readonly onProgress: (events: number) => void;
}

interface Sources {
  readonly store: EventStore;
  readonly db: Queryable;
}

/** Lays what an upstream billed beside what the ledger charged for the same calls. @throws WrongFile */
export async function reconcileUpstream(sources: Sources, request: UpstreamReconciliation): Promise<Report> {
  const { files, period } = request;
  const measures = together(files.map((file) => file.measures));
  const isById = !request.byDay && files.every(({ namesRequests }) => namesRequests);
  const sides = new Sides(request, measures, isById);
  const digests: string[] = [];
  for (const file of files)
    for await (const billed of readUsageFile(file, period.timezone, (digest) => digests.push(digest)))
      sides.there(billed);
  await takeCharges(sources, request, sides);
  return sides.report({
    file: files.map(({ path }) => basename(path)).join(' '),
    sha256: digests.join(' '),
    layout: files.map(({ layout }) => layout.title).join(', '),
  });
}

async function takeCharges(
  { store, db }: Sources,
  request: UpstreamReconciliation,
  sides: Sides,
): Promise<void> {
  const { channels, period, onProgress } = request;
  for await (const charge of readCharges(store, db, period.from, onProgress)) {
    if ('correction' in charge) {
      if (channels.length === 0) sides.corrected(charge.correction);
      continue;
    }
    if (channels.length === 0 || channels.includes(charge.call.channelId)) sides.here(charge.call);
  }
}

/** Both sides of a reconciliation as they are read. */
class Sides {
  private readonly margins: Margins;
  private readonly matching: UsageMatching;
  /** Under names for people, until all models are known. */
  private readonly named: BilledUsage[] = [];
  private readonly theirModels = new Set<string>();
  private readonly ourModels = new Set<string>();
  private rows = 0;

  constructor(
    private readonly request: UpstreamReconciliation,
    private readonly measures: Measures,
    private readonly isById: boolean,
  ) {
    const { period } = request;
    this.margins = new Margins(measures);
    this.matching = isById ? new MatchingById(period, measures) : new MatchingByDay(period, measures);
  }

  there(read: BilledUsage): void {
    this.rows += 1;
    const ours = this.request.models.get(read.model);
    if (read.isDisplayName && ours === undefined) this.named.push(read);
    else this.take({ ...read, model: ours ?? read.model });
  }

  private take(billed: BilledUsage): void {
    if (!billed.isDisplayName) this.theirModels.add(billed.model);
    if (this.inPeriod(billed.at)) this.margins.there(billed);
    this.matching.there(billed);
  }

  here(call: Parameters<UsageMatching['here']>[0]): void {
    this.ourModels.add(call.model);
    const billed = this.matching.here(call);
    if (this.inPeriod(call.at)) this.margins.here(call, billed);
  }

  corrected({
    at,
    chargeUsd,
  }: {
    readonly at: Date;
    readonly chargeUsd: Parameters<Margins['corrected']>[0];
  }): void {
    if (this.inPeriod(at)) this.margins.corrected(chargeUsd);
  }

  report(files: Report['facts']): Report {
    const [theirs, ours] = [[...this.theirModels], [...this.ourModels]];
    for (const billed of this.named) this.take({ ...billed, model: modelNamed(billed.model, theirs, ours) });
    const { period, byChannel } = this.request;
    const { rows, counts } = this.matching.end();
    return {
      facts: {
        ...files,
        by: this.matching.by,
        timezone: period.timezone,
        from: period.from.toISOString(),
        before: period.to.toISOString(),
        rows: this.rows,
        ...Object.fromEntries(counts),
      },
      totals: byChannel ? this.margins.byChannel(this.isById) : this.margins.byModel(),
      columns: [
        'class',
        'day',
        'model',
        ...this.matching.columns,
        ...Object.keys(new Tally(this.measures).row()),
      ],
      rows,
      isClean: [...counts.keys()].every((each) => each === 'matched'),
    };
  }

  private inPeriod(at: Date): boolean {
    return at >= this.request.period.from && at < this.request.period.to;
  }
}

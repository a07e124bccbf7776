import type { ReportRow } from '../reconciliation-report.js';
import { dayOf } from '../../../support/period.js';
import type { ChargedCall } from './our-calls.js';
import { ALL_MODELS, type BilledUsage } from './billed-usage.js';
import { Tallies, Tally } from './tally.js';
import type { Measures } from './units.js';

export interface UsagePeriod {
  readonly from: Date;
  readonly to: Date;
  readonly timezone: string;
}

/** Takes both sides in (the file first) and tells what differs. */
export interface UsageMatching {
  /** By what the sides are laid together, for a person. */
  readonly by: string;
  /** Of its rows, beside class, day, model and the sums. */
  readonly columns: readonly string[];
  there(billed: BilledUsage): void;
  /** @returns what was billed for the call, where the file tells it by call */
  here(call: ChargedCall): BilledUsage | undefined;
  /** Rows of the report in a fixed order, and how often each class was found, `matched` included. */
  end(): { readonly rows: readonly ReportRow[]; readonly counts: ReadonlyMap<string, number> };
}

/** Differences kept for the report; more than these are only counted. */
const KEPT = 100_000;
const classes = [
  'tokens-differ',
  'units-differ',
  'missing-here',
  'missing-there',
  'duplicate',
  'timing',
  'not-compared',
  'matched',
];

abstract class Matching {
  private readonly found: ReportRow[] = [];
  private readonly counts = new Map<string, number>();

  constructor(
    protected readonly period: UsagePeriod,
    protected readonly measures: Measures,
  ) {}

  protected inPeriod(at: Date): boolean {
    return at >= this.period.from && at < this.period.to;
  }

  protected add(foundClass: string, tally: Tally, row: ReportRow, keep: boolean): void {
    this.counts.set(foundClass, (this.counts.get(foundClass) ?? 0) + 1);
    if (keep && this.found.length < KEPT) this.found.push({ class: foundClass, ...row, ...tally.row() });
  }

  protected result(): ReturnType<UsageMatching['end']> {
    const key = (row: ReportRow) =>
      JSON.stringify([row.day, row.model, row.request_id, row.call_id, row.line]);
    const keyed = this.found.map((row) => ({ row, rank: classes.indexOf(String(row.class)), key: key(row) }));
    keyed.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1));
    const counts = classes.flatMap((each) => {
      const count = this.counts.get(each);
      return count === undefined ? [] : [[each, count] as const];
    });
    return { rows: keyed.map(({ row }) => row), counts: new Map(counts) };
  }
}

/** Call by call, by upstream's id. Of the calls that agree, only the number is kept. */
export class MatchingById extends Matching implements UsageMatching {
  readonly by = 'request id';
  readonly columns = ['request_id', 'call_id', 'line', 'note'];
  private readonly billed = new Map<string, BilledUsage>();
  private readonly claimed = new Set<string>();

  there(billed: BilledUsage): void {
    const id = billed.requestId ?? '';
    const before = this.billed.get(id);
    if (!before) this.billed.set(id, billed);
    else if (this.inPeriod(billed.at))
      this.one('duplicate', billed, undefined, `billed twice: also on line ${before.line}`);
  }

  here(call: ChargedCall): BilledUsage | undefined {
    const billed = call.requestId === null ? undefined : this.billed.get(call.requestId);
    const inside = this.inPeriod(call.at);
    if (!billed || !call.requestId) {
      if (inside)
        this.one('missing-there', undefined, call, call.requestId ? '' : 'upstream named no request');
      return undefined;
    }
    if (this.claimed.has(call.requestId)) {
      if (inside) this.one('duplicate', undefined, call, 'charged twice here');
      return undefined;
    }
    this.claimed.add(call.requestId);
    this.compare(billed, call);
    return billed;
  }

  private compare(billed: BilledUsage, call: ChargedCall): void {
    const inside = this.inPeriod(call.at);
    if (!inside && !this.inPeriod(billed.at)) return;
    const tally = new Tally(this.measures);
    tally.there(billed);
    tally.here(call);
    if (tally.difference) this.one(tally.difference, billed, call, '');
    else if (inside === this.inPeriod(billed.at)) this.one('matched', billed, call, '');
    else this.one('timing', billed, call, `${inside ? 'there' : 'here'} outside of the period`);
  }

  end(): ReturnType<UsageMatching['end']> {
    for (const [id, billed] of this.billed)
      if (!this.claimed.has(id) && this.inPeriod(billed.at)) this.one('missing-here', billed, undefined, '');
    return this.result();
  }

  private one(
    foundClass: string,
    billed: BilledUsage | undefined,
    call: ChargedCall | undefined,
    note: string,
  ): void {
    const tally = new Tally(this.measures);
    if (billed) tally.there(billed);
    if (call) tally.here(call);
    const at = call?.at ?? billed?.at ?? new Date(0);
    const row = {
      day: dayOf(at, this.period.timezone),
      model: call?.model ?? billed?.model ?? '',
      request_id: call?.requestId ?? billed?.requestId ?? '',
      call_id: call?.callId ?? '',
      line: billed?.line ?? null,
      note,
    };
    this.add(foundClass, tally, row, foundClass !== 'matched');
  }
}

/**
 * Where the file names no requests: by day and model. Every day is a row. A cost beside which no file tells of the calls is not
 * compared, which is not the same as agreeing.
 */
export class MatchingByDay extends Matching implements UsageMatching {
  readonly by = 'day and model';
  readonly columns = [];
  private readonly days = new Tallies(this.measures);

  there(billed: BilledUsage): void {
    if (this.inPeriod(billed.at)) this.days.of(this.keyOf(billed)).there(billed);
  }

  here(call: ChargedCall): undefined {
    if (this.inPeriod(call.at)) this.days.of(this.keyOf(call)).here(call);
  }

  end(): ReturnType<UsageMatching['end']> {
    const tellsCalls = this.measures.tokens || this.measures.units.length > 0;
    for (const [key, tally] of this.days.entries()) {
      const [day = '', model = ''] = JSON.parse(key) as string[];
      this.add(classOf(model, tally, tellsCalls), tally, { day, model }, true);
    }
    return this.result();
  }

  private keyOf({ at, model }: { readonly at: Date; readonly model: string }): string {
    return JSON.stringify([dayOf(at, this.period.timezone), model]);
  }
}

/** @param tellsCalls whether any file tells of calls, and not only of what they cost */
function classOf(model: string, tally: Tally, tellsCalls: boolean): string {
  if (tally.usageRows + tally.costRows === 0) return tellsCalls ? 'missing-there' : 'not-compared';
  if (tally.callsHere === 0n) return model === ALL_MODELS ? 'not-compared' : 'missing-here';
  return tally.usageRows === 0 ? 'not-compared' : (tally.difference ?? 'matched');
}

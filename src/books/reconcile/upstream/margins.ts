import { add, type Decimal, multiply, negate, ZERO } from '../../../domain/money/decimal.js';
import type { ReportRow } from '../reconciliation-report.js';
import type { BilledUsage } from './billed-usage.js';
import type { ChargedCall } from './our-calls.js';
import { marginRow, Tallies } from './tally.js';
import type { Measures } from './units.js';

/** Row of the totals for charges put right within the period: they are of calls that may lie before it, and of any channel. */
const CORRECTIONS = '(corrections)';

const NO_CHANNEL = '(none)';

/** What calls of one model through one channel came to. */
interface Share {
  readonly channel: string;
  readonly model: string;
  calls: bigint;
  prompt: bigint;
  completion: bigint;
  charge: Decimal;
  /** Of the calls that upstream billed by id. */
  cost: Decimal;
}

/** The totals of a report: by model, and by channel and model. */
export class Margins {
  private readonly models: Tallies;
  private readonly shares = new Map<string, Share>();

  constructor(private readonly measures: Measures) {
    this.models = new Tallies(measures);
  }

  there(billed: BilledUsage): void {
    this.models.of(billed.model).there(billed);
  }

  /** @param billed what upstream billed for this very call, where that is known */
  here(call: ChargedCall, billed: BilledUsage | undefined): void {
    this.models.of(call.model).here(call);
    const key = JSON.stringify([call.channelId, call.model]);
    const before = this.shares.get(key) ?? { ...NOTHING, channel: call.channelId, model: call.model };
    before.calls += 1n;
    before.prompt += call.promptTokens;
    before.completion += call.completionTokens;
    before.charge = add(before.charge, call.chargeUsd);
    before.cost = add(before.cost, billed?.costUsd ?? ZERO);
    this.shares.set(key, before);
  }

  corrected(chargeUsd: Decimal): void {
    this.models.of(CORRECTIONS).corrected(chargeUsd);
  }

  byModel(): readonly ReportRow[] {
    return this.models.entries().map(([model, tally]) => ({ model, ...tally.row() }));
  }

  /**
   * By channel and model. Where upstream billed by call, the cost is that of the channel's calls; else that of the model, shared by
   * tokens (by calls where there are none) when several channels served it: `cost_by` says which. What belongs to no channel is a
   * row too, so that the sums are those of the models.
   */
  byChannel(isById: boolean): readonly ReportRow[] {
    const ordered = [...this.shares].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, share]) => share);
    const priced = ordered.map((share) => {
      const [cost, cost_by] = isById ? [share.cost, 'call'] : this.sharedCost(share, ordered);
      return { ...share, cost, cost_by };
    });
    return [...priced, ...this.without(priced)].map((share) => ({
      channel: share.channel,
      model: share.model,
      calls_here: Number(share.calls),
      prompt_here: Number(share.prompt),
      completion_here: Number(share.completion),
      ...marginRow(this.measures.cost ? share.cost : undefined, share.charge),
      cost_by: this.measures.cost ? share.cost_by : '',
    }));
  }

  /** What the models have more than their channels. */
  private without(shares: readonly Share[]): readonly (Share & { readonly cost_by: string })[] {
    return this.models.entries().flatMap(([model, tally]) => {
      const own = shares.filter((share) => share.model === model);
      const less = (sum: Decimal, of: (share: Share) => Decimal) =>
        own.reduce((rest, share) => add(rest, negate(of(share))), sum);
      const cost = less(tally.cost, (share) => share.cost);
      const charge = less(tally.charge, (share) => share.charge);
      if (cost.unscaled === 0n && charge.unscaled === 0n) return [];
      return [{ ...NOTHING, channel: NO_CHANNEL, model, cost, charge, cost_by: 'no call here' }];
    });
  }

  /** The parts of a model's cost add up to it: each is what the channels so far have, less what those before it have. */
  private sharedCost(share: Share, all: readonly Share[]): readonly [Decimal, string] {
    const { cost } = this.models.of(share.model);
    const peers = all.filter(({ model }) => model === share.model);
    if (peers.length === 1) return [cost, 'model'];
    const tokens = peers.some(({ prompt, completion }) => prompt + completion > 0n);
    const weight = ({ prompt, completion, calls }: Share) => (tokens ? prompt + completion : calls);
    const sum = (shares: readonly Share[]) => shares.reduce((total, each) => total + weight(each), 0n);
    const place = peers.indexOf(share);
    const upTo = (count: number) => part(cost, sum(peers.slice(0, count)), sum(peers));
    const [until, before] = [upTo(place + 1), upTo(place)];
    const own = { unscaled: until.unscaled - before.unscaled, scale: until.scale };
    return [own, tokens ? 'share of tokens' : 'share of calls'];
  }
}

const NOTHING = { calls: 0n, prompt: 0n, completion: 0n, charge: ZERO, cost: ZERO };
const TWELVE_PLACES: Decimal = { unscaled: 10n ** 12n, scale: 12 };

/** Towards zero, with twelve places more than the whole has. */
function part(whole: Decimal, of: bigint, all: bigint): Decimal {
  const wide = multiply(whole, TWELVE_PLACES);
  return { unscaled: (wide.unscaled * of) / all, scale: wide.scale };
}

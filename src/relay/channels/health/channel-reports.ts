import type { ChannelState, Failing, Figures, ResponseTimes } from '../state/channel-state.js';

/** How a channel is doing, as all processes know it together. */
export interface ChannelReport {
  readonly channelId: string;
  /** Undefined: it was never called. */
  readonly times: ResponseTimes | undefined;
  /** What of it failed lately: itself, `<id>/<key>`, `<id>#<model>`, `<id>/<key>#<model>`. */
  readonly failing: readonly Failing[];
  /** Calls that run, over all processes; as old as what they last told. */
  readonly running: number;
  /** Undefined: its test model was never asked. */
  readonly check: Figures['checks'][number] | undefined;
  /** Undefined: its provider has not said what is left. */
  readonly balance: Figures['balances'][number] | undefined;
  /** How its calls ended in the last two hours, by slices that had any. */
  readonly slices: Figures['slices'];
}

/** Of every channel that was called, checked or failed, by id; also of those that are configured no more. Rejects when the state is away. */
export async function readChannelReports(
  state: Pick<ChannelState, 'exchange' | 'figures'>,
): Promise<readonly ChannelReport[]> {
  const [{ failing, times }, { running, checks, balances, slices }] = await Promise.all([
    state.exchange([]),
    state.figures(),
  ]);
  const channelOf = ({ target }: Failing) => target.split(/[/#]/, 1)[0] as string;
  const known = [...times, ...running, ...checks, ...balances].map(({ channelId }) => channelId);
  return [...new Set([...known, ...failing.map(channelOf)])].sort().map((channelId) => ({
    channelId,
    times: times.find((each) => each.channelId === channelId),
    failing: failing.filter((each) => channelOf(each) === channelId),
    running: running.find((each) => each.channelId === channelId)?.calls ?? 0,
    check: checks.find((each) => each.channelId === channelId),
    balance: balances.find((each) => each.channelId === channelId),
    slices: slices.filter((each) => each.channelId === channelId),
  }));
}

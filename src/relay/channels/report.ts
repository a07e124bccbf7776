import type { ChannelState, Failing, ResponseTimes } from './state/channel-state.js';

/** How a channel is doing, as all processes know it together. */
export interface ChannelReport {
  readonly channelId: string;
  /** Undefined: it was never called. */
  readonly times: ResponseTimes | undefined;
  /** What of it failed lately: itself, `<id>/<key>`, `<id>#<model>`, `<id>/<key>#<model>`. */
  readonly failing: readonly Failing[];
}

/** Of every channel that was called or failed, by id; also of those that are configured no more. Rejects when the state is away. */
export async function readChannelReports(
  state: Pick<ChannelState, 'exchange'>,
): Promise<readonly ChannelReport[]> {
  const { failing, times } = await state.exchange([]);
  const channelOf = ({ target }: Failing) => target.split(/[/#]/, 1)[0] as string;
  const ids = new Set([...times.map(({ channelId }) => channelId), ...failing.map(channelOf)]);
  return [...ids].sort().map((channelId) => ({
    channelId,
    times: times.find((each) => each.channelId === channelId),
    failing: failing.filter((each) => channelOf(each) === channelId),
  }));
}

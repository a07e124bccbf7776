import { type Channel, upstreamModelOf } from '../upstreams/channel.js';
import type { Verdict } from '../upstreams/failure.js';
import type { ChannelTraffic, Leave } from './traffic.js';

/** A channel whose turn it is. `leave` is called when the call has no more to do with it. */
export interface Admitted {
  readonly channel: Channel;
  readonly leave: Leave;
}

type Standings = Pick<ChannelTraffic, 'standing' | 'mayProbe' | 'enter'>;

/**
 * The channels of one call, one after the other: those that are sound in their order, and when there are none left those that are being
 * left alone, the soonest back first; a channel that fails is better asked once more than a call refused unasked.
 */
export class Candidates {
  private readonly left: Set<Channel>;
  private again: Channel | undefined;
  private repeated = false;

  /** @param order as channelOrder gives it */
  constructor(
    order: readonly Channel[],
    private readonly model: string,
    private readonly callId: string,
    private readonly traffic: Standings,
  ) {
    this.left = new Set(order);
  }

  /** Undefined: there is none left that takes the call. */
  async next(): Promise<Admitted | undefined> {
    const waiting: { channel: Channel; backInMs: number }[] = [];
    for (const channel of this.left) {
      const upstreamModel = upstreamModelOf(channel, this.model);
      const standing = this.traffic.standing(channel, upstreamModel);
      if (standing.kind === 'cooling') waiting.push({ channel, backInMs: standing.backInMs });
      else if (standing.kind === 'probe' && !(await this.traffic.mayProbe(channel, upstreamModel)))
        waiting.push({ channel, backInMs: 0 });
      else {
        const admitted = await this.admit(channel);
        if (admitted) return admitted;
      }
    }
    waiting.sort((a, b) => a.backInMs - b.backInMs);
    for (const { channel } of waiting) {
      const admitted = await this.admit(channel);
      if (admitted) return admitted;
    }
    if (!this.again || this.repeated) return undefined;
    this.repeated = true;
    return this.admit(this.again);
  }

  /** The rest of the call does without what failed. */
  drop(failed: Channel, { cools, fault, reason }: Pick<Verdict, 'cools' | 'fault' | 'reason'>): void {
    const keyOnly = fault === 'key' && (cools?.scope === 'key' || cools?.scope === 'key-model');
    for (const channel of this.left)
      if (channel === failed || (!keyOnly && channel.channelId === failed.channelId))
        this.left.delete(channel);
    // A kept connection may have been closed by upstream in the very moment it was used again.
    if (reason === 'unreachable') this.again = failed;
  }

  private async admit(channel: Channel): Promise<Admitted | undefined> {
    const leave = await this.traffic.enter(channel, this.callId);
    // Full: its other keys are no other channel.
    if (leave) return { channel, leave };
    for (const other of this.left) if (other.channelId === channel.channelId) this.left.delete(other);
    return undefined;
  }
}

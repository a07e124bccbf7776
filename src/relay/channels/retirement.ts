import type { Channel } from '../upstreams/channel.js';

export interface RetirementDependencies {
  /** Records that a key cannot be used until a person has seen to it. May be called for one that is recorded already. */
  readonly disableKey: (key: {
    readonly channelId: string;
    readonly keyId: string;
    readonly reason: string;
  }) => Promise<void>;
  readonly onFault: (error: unknown) => void;
}

/** Takes keys out of use that upstream will not have; once each, however many calls find out at the same time. */
export class KeyRetirement {
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(private readonly dependencies: RetirementDependencies) {}

  retire({ channelId, keyId }: Pick<Channel, 'channelId' | 'keyId'>, reason: string): void {
    const name = `${channelId}/${keyId}`;
    if (this.underWay.has(name)) return;
    const { disableKey, onFault } = this.dependencies;
    const recorded = disableKey({ channelId, keyId, reason })
      // Tried again by the next call that finds out.
      .catch(onFault)
      .finally(() => this.underWay.delete(name));
    this.underWay.set(name, recorded);
  }

  /** Resolves when what is under way is recorded. */
  async settled(): Promise<void> {
    await Promise.all(this.underWay.values());
  }
}

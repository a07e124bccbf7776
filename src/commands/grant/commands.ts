import type { Grant } from '../../domain/grant/state.js';
import type { Command } from '../handling/command.js';

export interface GiveGrant {
  readonly externalUserId: string;
  /** Its natural key, for ever: one grant a source. */
  readonly source: string;
  readonly quota: bigint;
  readonly kind: Grant['terms']['kind'];
  /** Default: that of what was paid for. */
  readonly priority?: number | undefined;
  readonly endsAt?: Date | undefined;
  /** Recorded. */
  readonly reason: string;
}

export interface GrantGiven {
  readonly accountId: string;
  readonly grantId: string;
  readonly quota: bigint;
}

export interface GrantCommands {
  /** Gives quota, once a source. */
  readonly giveGrant: Command<GiveGrant, GrantGiven>;
  /**
   * From here on no charge burns it. What the tables say is left of it is held first, so that it is there to be taken; where calls under way
   * hold it, it is refused with `grant_exceeds_balance` for now.
   */
  readonly closeGrant: Command<
    { readonly grantId: string; readonly why: 'ended' | 'withdrawn'; readonly reason: string },
    GrantGiven
  >;
  /** Takes what is left of a grant that was closed. @param input.left by tables that have its closing */
  readonly endGrant: Command<{ readonly grantId: string; readonly left: bigint }, GrantGiven>;
}

import type { Command } from '../handling/command.js';

export interface AdjustBalance {
  readonly externalUserId: string;
  readonly adjustmentId: string;
  /** What is added; negative: what is taken away. */
  readonly quota: bigint;
  /** Recorded. */
  readonly reason: string;
}

export interface AdjustmentCommands {
  /** An operator's correction, once under each `adjustmentId`. What goes down must be there. */
  readonly adjustBalance: Command<AdjustBalance, { readonly accountId: string }>;
}

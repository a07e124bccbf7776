import type { Command } from '../handling/command.js';

export interface AdjustBalance {
  readonly externalUserId: string;
  readonly adjustmentId: string;
  /** What is added; negative: what is taken away. */
  readonly quota: bigint;
  /** Recorded. */
  readonly reason: string;
}

/** How the doubt in a call's charge is settled. */
export interface SettleDoubt {
  readonly externalUserId: string;
  readonly callId: string;
  /** What the call was charged, as the log has it. */
  readonly charged: bigint;
  /** What it should have been charged: the same, and the charge stands. */
  readonly quota: bigint;
  /** Recorded. */
  readonly reason: string;
}

export interface AdjustmentCommands {
  /**
   * Settles the doubt in a call's charge, once: the charge stands, or the balance is corrected by the difference, linked to the call by its
   * adjustment id. What goes down must be there.
   */
  readonly settleDoubt: Command<SettleDoubt, { readonly accountId: string }>;
  /** An operator's correction, once under each `adjustmentId`. What goes down must be there. */
  readonly adjustBalance: Command<AdjustBalance, { readonly accountId: string }>;
}

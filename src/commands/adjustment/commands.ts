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

interface Decided {
  readonly accountId: string;
  /** Signed: what was asked for. */
  readonly quota: bigint;
}

export interface AdjustmentCommands {
  /**
   * Settles the doubt in a call's charge, once: the charge stands, or the balance is corrected by the difference, linked to the call by its
   * adjustment id. What goes down must be there.
   */
  readonly settleDoubt: Command<SettleDoubt, { readonly accountId: string }>;
  /**
   * An operator's correction, once under each `adjustmentId`. What goes down must be there. One that is too large for one operator is
   * pending until another one approves it.
   */
  readonly adjustBalance: Command<AdjustBalance, { readonly accountId: string; readonly isPending: boolean }>;
  /** Makes a pending correction; not by whoever asked for it. */
  readonly approveAdjustment: Command<{ readonly adjustmentId: string }, Decided>;
  /** Ends a pending correction for good; also by whoever asked for it. */
  readonly declineAdjustment: Command<{ readonly adjustmentId: string; readonly reason: string }, Decided>;
}

import type { CashTerms } from '../../domain/cash/state.js';
import type { Command } from '../handling/command.js';

export interface CashMovement {
  readonly providerId: string;
  readonly kind: CashTerms['kind'];
  /** What the provider calls it: one movement a provider, kind and reference, for ever. */
  readonly reference: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly quota: bigint;
  readonly at: Date;
  /** Of the file that says so; null: by hand. */
  readonly evidenceSha256: string | null;
  /** Recorded. */
  readonly reason: string;
}

export interface CashCommands {
  /** Books a fee or a payout of a provider, once. */
  readonly bookCash: Command<CashMovement, { readonly cashId: string }>;
}

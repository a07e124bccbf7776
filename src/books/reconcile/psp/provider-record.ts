import type { z } from 'zod';
import type { CashTerms } from '../../../domain/cash/state.js';
import type { Decimal } from '../../../domain/money/decimal.js';
import type { ColumnNames } from '../tabular/columns.js';

/** What a provider says of one movement of money. */
export interface ProviderRecord {
  /**
   * `reversal`: a refund or a dispute that came back. `unknown`: the provider calls it by a name that
   * we do not know, so that it may be money of a customer. Of fees and payouts `paymentIds` has their own name.
   */
  readonly kind: 'payment' | 'refund' | 'reversal' | 'unknown' | CashTerms['kind'];
  /** What the payment may be called in the ledger (the merchant's number, the provider's own), best first. */
  readonly paymentIds: readonly string[];
  /** The same of a refund. Empty for a refund: the file only has the sum of what was refunded of the payment. */
  readonly refundIds: readonly string[];
  /** Not negative, in `currency`. */
  readonly amount: Decimal;
  /** Upper case. */
  readonly currency: string;
  readonly at: Date;
  /** The file does not say when: `at` is of the payment, and it may lie in any period from then on. */
  readonly isUndated?: boolean;
  /** The provider has it in processing: the money has not moved yet. */
  readonly isPending?: boolean;
  /** What a person is told of it beside the row. */
  readonly note?: string;
}

/** A table of a provider's, known by its header. */
export interface Layout {
  /** As it is called in errors. */
  readonly title: string;
  readonly columns: ColumnNames;
  /** A row with a column for each of these fields is the header. */
  readonly required: readonly string[];
  /** What follows from a row; `[]` for one that moves no money of a customer. */
  readonly schema: z.ZodType<readonly ProviderRecord[]>;
  readonly columnName?: (cell: string) => string;
  /** Cells of a row as they are meant. */
  readonly cells?: (cells: readonly string[]) => readonly string[];
  /** Lines that are no rows: comments, summaries. Made anew for each file. */
  readonly frame?: () => Frame;
}

export interface Frame {
  /** Whether the line is part of the frame and no row. */
  take(cells: readonly string[]): boolean;
  /** A row of the table, by the names of its columns: for the sums at the foot. */
  row?(cellOf: (column: string) => string | undefined): void;
  /** What is wrong with the file as a whole, when it ended. */
  fault(rows: { readonly all: number; readonly payments: number }): string | undefined;
}

export const usableIds = (...ids: readonly (string | null | undefined)[]): readonly string[] => [
  ...new Set(ids.filter((value): value is string => typeof value === 'string')),
];

export const magnitudeOf = ({ unscaled, scale }: Decimal): Decimal => ({
  unscaled: unscaled < 0n ? -unscaled : unscaled,
  scale,
});

/** Which way money went that nobody can name: the amount of a record has no sign. */
export const directionOf = ({ unscaled }: Decimal): string => (unscaled < 0n ? 'money out' : 'money in');

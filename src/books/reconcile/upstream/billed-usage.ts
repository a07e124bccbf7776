import type { z } from 'zod';
import type { Decimal } from '../../../domain/money/decimal.js';
import type { ColumnNames, Places } from '../tabular/columns.js';
import type { Measures, TokenParts, UnitCounts } from './units.js';

/** What a row of an upstream's file says: one call, or (without ids) any number of calls of one model; or what they cost. */
export interface BilledUsage {
  readonly line: number;
  readonly requestId: string | undefined;
  readonly at: Date;
  readonly model: string;
  /** The model is a name for people (`Claude Sonnet 4.5`), not the one that calls are made with. */
  readonly isDisplayName?: boolean;
  /** The row has only a cost: of calls that another file tells of. */
  readonly isCost?: boolean;
  /** 0 where the file does not count them. */
  readonly calls: bigint;
  /** 0 where the file has no tokens. */
  readonly promptTokens: bigint;
  readonly completionTokens: bigint;
  readonly parts: TokenParts;
  readonly units: UnitCounts;
  /** Zero where the file has no costs. */
  readonly costUsd: Decimal;
}

export type UsageRow = Omit<BilledUsage, 'line'>;

/** A table of an upstream's, known by its header. */
export interface UsageLayout {
  /** As it is called in errors. */
  readonly title: string;
  readonly columns: ColumnNames;
  /** A row with a column for each of these fields is the header. */
  readonly required: readonly string[];
  /** Of its days, where it has its own. */
  readonly timezone?: string;
  /** Undefined: the header has nothing that could be compared. */
  measuresIn(places: Places): Measures | undefined;
  /** What follows from a row; `[]` for an empty one. */
  schema(timezone: string, measures: Measures): z.ZodType<readonly UsageRow[]>;
}

/** Of a cost that the file does not tell by model. */
export const ALL_MODELS = '(all models)';

import type { Period } from '../../support/period.js';
import type { ExportedEntry, ExportedPosting } from './entries.js';

/** What the file is of. */
export interface ExportScope {
  readonly period: Period;
  readonly head: bigint;
  readonly timezone: string;
}

/** A way to write the journal down. Every text it returns is whole lines. */
export interface JournalFormat {
  begin(scope: ExportScope): string;
  /** An account that occurs; before any entry. */
  account(name: string): string;
  /** What was on an account before the period; only where that is not zero. `first`: of them all. */
  opening(posting: ExportedPosting, scope: ExportScope, first: boolean): string;
  /** After the last opening posting. */
  afterOpening(): string;
  entry(entry: ExportedEntry, scope: ExportScope): string;
}

/** Dollars with all six places, so that every quota is exact and columns align: 34245000n -> `68.490000`. */
export function fixedUsd(quota: bigint): string {
  const millionths = quota * 2n;
  const magnitude = (millionths < 0n ? -millionths : millionths).toString().padStart(7, '0');
  return `${millionths < 0n ? '-' : ''}${magnitude.slice(0, -6)}.${magnitude.slice(-6)}`;
}

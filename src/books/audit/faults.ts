export type AuditRefusalCode =
  | 'account_not_found'
  | 'figure_not_found'
  | 'position_ahead'
  | 'range_invalid'
  | 'range_too_large'
  | 'month_invalid'
  | 'receipts_off'
  | 'not_signed_yet'
  | 'not_closed'
  | 'behind'
  | 'not_ready';

/** A question that has no answer: nobody of that name, a place that is not reached. Nothing is wrong with the books. */
export class AuditRefused extends Error {
  override readonly name = 'AuditRefused';
  constructor(
    readonly code: AuditRefusalCode,
    message: string,
  ) {
    super(message);
  }
}

/** Two figures that must be one. */
export interface Disagreement {
  /** Which figure, and where: `quota of usage-…@3, position 12`. */
  readonly what: string;
  readonly recorded: string;
  readonly recomputed: string;
}

/** What is recorded is not what comes out when it is computed again: the figure is not told, the difference is. */
export class BooksDisagree extends Error {
  override readonly name = 'BooksDisagree';
  constructor(readonly disagreements: readonly Disagreement[]) {
    const lines = disagreements.map(
      ({ what, recorded, recomputed }) => `  ${what}: recorded ${recorded}, recomputed ${recomputed}`,
    );
    super(`the books do not agree with themselves:\n${lines.join('\n')}`);
  }
}

type Figure = string | bigint | number | null | undefined;

/** Collects differences, so that all of them are told at once. */
export class Comparison {
  private readonly found: Disagreement[] = [];

  same(what: string, recorded: Figure, recomputed: Figure): void {
    if (String(recorded) !== String(recomputed))
      this.found.push({ what, recorded: String(recorded), recomputed: String(recomputed) });
  }

  /** @throws BooksDisagree */
  settle(): void {
    if (this.found.length > 0) throw new BooksDisagree(this.found);
  }
}

import type { Credit, TopUp } from '../../books/audit/credit.js';
import { table } from '../output.js';
import type { Fact } from './facts.js';

/** What is said of a credit beside its amount. */
export const creditFacts = ({ by, note }: Credit): readonly Fact[] => [
  ['by', by],
  ['note', note ?? null],
];

/** A line each. */
export const topUpTable = (topUps: readonly TopUp[]): string =>
  table(
    ['top-up', 'recorded', 'usd', 'quota', 'by', 'note'],
    topUps.map(({ payment_id, recorded_at, amount_usd, quota, by, note }) => ({
      'top-up': payment_id,
      recorded: recorded_at,
      usd: amount_usd,
      quota,
      by,
      note: note ?? null,
    })),
  );

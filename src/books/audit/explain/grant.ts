import { Comparison } from '../faults.js';
import type { HistoryRow, Owner } from '../tables.js';
import { eventsOf, type PlaceView, placeOf } from './event.js';
import { type Balances, balancesAround, type PaymentParts, uncredited } from './payment.js';
import { toldGrant, type ToldLine } from './told.js';

interface GrantStep extends PlaceView, Balances {
  readonly step: 'given' | 'expired' | 'withdrawn';
  /** Signed. */
  readonly quota: bigint;
  readonly reason: string;
  readonly by: string;
  readonly hold_id: string | null;
}

/** Quota that was given, and what of it ended or was taken back. */
export interface GrantExplanation {
  readonly kind: 'grant';
  readonly grant_id: string;
  /** Why it was given. */
  readonly grant_kind: string;
  readonly source: string;
  readonly user: Owner;
  readonly ends_at: string | null;
  /** What was given and did not end. */
  readonly quota: bigint;
  readonly steps: readonly GrantStep[];
  /** For the person whose it is; the lines add up to `quota`. */
  readonly told: readonly ToldLine[];
}

/** The whole stream of a grant. @throws BooksDisagree */
export async function explainGrant(
  { tx, store, user, until }: PaymentParts,
  row: HistoryRow,
): Promise<GrantExplanation> {
  const events = await eventsOf(
    store,
    row.stream,
    until,
    'grant-given',
    'grant-closed',
    'grant-expired',
    'grant-withdrawn',
  );
  const [given] = events;
  if (given?.type !== 'grant-given') throw uncredited(row);
  const comparison = new Comparison();
  const steps: GrantStep[] = [];
  for (const event of events) {
    if (event.type === 'grant-closed') continue;
    const quota = event.type === 'grant-given' ? event.data.quota : -event.data.quota;
    steps.push({
      step: stepNames[event.type],
      ...placeOf(event),
      quota,
      reason: 'reason' in event.data ? event.data.reason : '',
      by: event.data.by,
      hold_id: 'hold_id' in event.data ? event.data.hold_id : null,
      ...(await balancesAround(tx, event, quota, comparison)),
    });
  }
  comparison.settle();
  const { grant_id, kind, source, ends_at = null } = given.data;
  const quota = steps.reduce((sum, step) => sum + step.quota, 0n);
  return {
    kind: 'grant',
    grant_id,
    grant_kind: kind,
    source,
    user,
    ends_at,
    quota,
    steps,
    told: toldGrant(steps),
  };
}

const stepNames = {
  'grant-given': 'given',
  'grant-expired': 'expired',
  'grant-withdrawn': 'withdrawn',
} as const;

import { usdOfQuota } from '../../../domain/money/quota.js';
import type { EventStore } from '../../../eventstore/event-store.js';
import {
  type WholeEvent,
  type WholeEventOf,
  type Queryable,
  schemaOf,
} from '../../../projections/runtime/projection.js';
import { BooksDisagree, Comparison } from '../faults.js';
import { type HistoryRow, journalBalance, type Owner } from '../tables.js';
import { budgetsOf, type CallBudget } from './budgets.js';
import { type ChargeStep, chargeStep } from './charge-step.js';
import { at, eventOf, type PlaceView, placeOf } from './event.js';
import { channelName, publishedList } from './price-list.js';
import { toldCall, sumOf, type ToldLine } from './told.js';
import { whyOf } from './why.js';

interface CorrectionStep extends PlaceView {
  readonly step: 'corrected';
  readonly quota_before: bigint;
  readonly quota: bigint;
  /** Signed: what the account pays more. */
  readonly difference: bigint;
  readonly reason: string;
  readonly by: string;
  readonly balance_before: bigint;
  readonly balance_after: bigint;
}

interface FailureStep extends PlaceView {
  readonly step: 'failed';
  readonly stage: string;
  readonly status: number;
  readonly code: string;
  readonly needed_quota: bigint | null;
  readonly available_quota: bigint | null;
  readonly why: string;
  readonly channel_id: string | null;
  readonly duration_ms: number;
  readonly balance: bigint;
}

/** A call from its request to what it cost, in the order of the log. */
export interface CallExplanation {
  readonly kind: 'call';
  readonly call_id: string;
  readonly request_id: string;
  readonly user: Owner;
  /** Name and mask as they are today; null for a key that the tables do not know. */
  readonly key: { readonly token_id: number; readonly name: string | null; readonly mask: string | null };
  /** In a team, what it was held against beside the account and the key's own limit. */
  readonly budgets: readonly CallBudget[];
  readonly dialect: string;
  readonly endpoint: string;
  readonly model: string;
  readonly streamed: boolean;
  readonly started_at: string;
  readonly steps: readonly (ChargeStep | CorrectionStep | FailureStep)[];
  /** What it cost in the end. */
  readonly quota: bigint;
  readonly usd: string;
  /** The same for the person who pays; the lines add up to `quota`. */
  readonly told: readonly ToldLine[];
}

interface CallParts {
  readonly tx: Queryable;
  readonly store: EventStore;
  readonly user: Owner;
}

/** @throws BooksDisagree when what is recorded is not what its inputs give */
export async function explainCall(parts: CallParts, rows: readonly HistoryRow[]): Promise<CallExplanation> {
  const comparison = new Comparison();
  const steps: CallExplanation['steps'][number][] = [];
  let first: CallEvent | undefined;
  let quota = 0n;
  for (const row of rows) {
    const event = await eventOf(parts.store, row);
    const { balance } = await journalBalance(parts.tx, row.account_id, { position: row.position });
    if (isCall(event)) first ??= event;
    if (event.type === 'consumption-corrected') {
      comparison.same(at(event, 'charge before the correction'), event.data.quota_before, quota);
      comparison.same(
        at(event, 'difference'),
        event.data.difference,
        event.data.quota - event.data.quota_before,
      );
    }
    const step = await stepOf(parts, event, comparison, balance);
    if (!step) continue;
    steps.push(step);
    quota = step.step === 'failed' ? quota : step.quota;
  }
  if (!first) throw unstarted(rows);
  const { call_id, request_id, token_id, dialect, endpoint, model, streamed, started_at } = first.data;
  const budgets = await budgetsOf(parts.store, { token_id, started_at, position: first.position });
  const told = toldCall(steps, budgets);
  comparison.same(`the lines of ${call_id}`, quota, sumOf(told));
  comparison.settle();
  return {
    kind: 'call',
    call_id,
    request_id,
    user: parts.user,
    key: await keyOf(parts.tx, token_id),
    budgets,
    dialect,
    endpoint,
    model,
    streamed,
    started_at,
    steps,
    quota,
    usd: usdOfQuota(quota),
    told,
  };
}

type CallEvent = WholeEventOf<'consumption-recorded' | 'call-abandoned' | 'call-failed'>;

const isCall = (event: WholeEvent): event is CallEvent =>
  ['consumption-recorded', 'call-abandoned', 'call-failed'].includes(event.type);

/** A correction of a call that the log never saw. */
const unstarted = (rows: readonly HistoryRow[]) =>
  new BooksDisagree([
    {
      what: `the call ${rows[0]?.reference ?? ''}`,
      recorded: 'a correction',
      recomputed: 'no charge before it',
    },
  ]);

async function stepOf(
  { tx }: CallParts,
  event: WholeEvent,
  comparison: Comparison,
  balanceAfter: bigint,
): Promise<CallExplanation['steps'][number] | undefined> {
  switch (event.type) {
    case 'consumption-recorded':
    case 'call-abandoned': {
      const list = await publishedList(tx, event.data.price_version);
      const name = await channelName(tx, event.data.channel_id);
      return chargeStep(event, { comparison, list, channelName: name, balanceAfter });
    }
    case 'consumption-corrected': {
      const { quota_before, quota, difference, reason, by } = event.data;
      const balances = { balance_before: balanceAfter + difference, balance_after: balanceAfter };
      return {
        step: 'corrected',
        ...placeOf(event),
        quota_before,
        quota,
        difference,
        reason,
        by,
        ...balances,
      };
    }
    case 'call-failed': {
      const { stage, status, code, needed_quota, available_quota, channel_id, duration_ms } = event.data;
      const why = whyOf(event, balanceAfter);
      const failure = { stage, status, code, needed_quota, available_quota, why, channel_id, duration_ms };
      return { step: 'failed', ...placeOf(event), ...failure, balance: balanceAfter };
    }
    default:
      return undefined;
  }
}

async function keyOf(tx: Queryable, tokenId: number): Promise<CallExplanation['key']> {
  const { rows } = await tx.query<{ token_name: string; key_mask: string }>(
    `SELECT token_name, key_mask FROM ${schemaOf('tokens')}.tokens WHERE token_id = $1`,
    [tokenId],
  );
  return { token_id: tokenId, name: rows[0]?.token_name ?? null, mask: rows[0]?.key_mask ?? null };
}

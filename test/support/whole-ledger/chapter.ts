import { v5 as uuid5 } from 'uuid';
import { adjustmentUuidOf, paymentUuidOf } from '../../../src/commands/handling/identifiers.js';
import type { DomainEvent } from '../../../src/domain/events/catalogue.js';
import { decodeEvent } from '../../../src/domain/events/codec.js';
import { adjustmentStream, ledgerStream, paymentStream, usageStream } from '../../../src/domain/streams.js';
import { streamFor } from '../events.js';
import type { StoredExample } from './stored-events.js';

const NAMESPACE = '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c06';

/** Who a chapter is about. */
export interface Cast {
  readonly ledgerId: string;
  /** Different in every chapter, and from 1 on. */
  readonly chapter: number;
  /** Users and access keys with numbers from here on are nobody else's. */
  readonly above: number;
  /** Version of the next price list. */
  readonly priceVersion: number;
  readonly at: Date;
}

/** By its stored name, with its data as it is stored. */
export interface ChapterEvent {
  readonly stream: string;
  readonly type: string;
  readonly data: StoredExample['data'];
}

/** Examples that all speak of the same people and things, told of others in every chapter, so that they can stand in one log. */
export function tellChapter(examples: readonly StoredExample[], cast: Cast): readonly ChapterEvent[] {
  return examples.map(({ name, data }) => {
    const told = retold(data, cast);
    return { type: name, data: told, stream: streamOf(decodeEvent(name, told), cast) };
  });
}

function streamOf(event: DomainEvent, { at }: Cast): string {
  const { data } = event;
  if ('payment_id' in data) return paymentStream(paymentUuidOf(data.payment_id));
  if ('adjustment_id' in data) return adjustmentStream(adjustmentUuidOf(data.adjustment_id));
  if ('call_id' in data) return usageStream({ ...data, started_at: at.toISOString() });
  return event.type === 'log-accepted' ? ledgerStream : streamFor(event);
}

function retold(data: StoredExample['data'], cast: Cast): StoredExample['data'] {
  const { chapter, at, above } = cast;
  const id = (what: string): string => uuid5(`${what} ${chapter}`, NAMESPACE);
  const codeOf = (what: string): string => id(what).replaceAll('-', '').repeat(2);
  const number = above + chapter;
  const others: Readonly<Record<string, unknown>> = {
    account_id: id('account'),
    user_id: number,
    token_id: number,
    external_user_id: `chapter-${chapter}`,
    key_hash: codeOf('key'),
    payment_id: `pi-chapter-${chapter}`,
    call_id: id('call'),
    hold_id: id('hold'),
    channel_id: `chapter-${chapter}`,
    service_key_id: `${number}`,
    owner: id('owner'),
    ...(typeof data.owner === 'string' && { kind: 'username' }),
    grant_id: id('grant'),
    batch_id: id('batch'),
    cash_id: id('cash'),
    referral_id: id('referral'),
    hashes: [codeOf('code'), codeOf('another code')],
    code_hash: codeOf('code'),
    plan_id: `plan-${chapter}`,
    subscription_id: id('subscription'),
    team_id: id('account'),
    member_id: id('member'),
    budget_id: id('budget'),
    ...('scope' in data && { scope: { kind: 'member', member_id: id('member') } }),
    // Each period of a plan is of an order of its own.
    order_id: `CF${orderPart(data.period)}${String(chapter).padStart(25, '0')}`,
    ...(String(data.refund_id).startsWith('RF') && { refund_id: `RF${String(chapter).padStart(26, '0')}` }),
    flag_id: id('flag'),
    checkout_ref: `checkout-${chapter}`,
    version: cast.priceVersion,
    ledger_id: cast.ledgerId,
    started_at: at.toISOString(),
    // That of the example is the most there can be.
    ...('adjustment_id' in data && { quota: '-1000', adjustment_id: adjustmentOf(data.adjustment_id, id) }),
    ...('role' in data || Object.keys(data).every((key) => OF_OPERATORS.has(key))
      ? { name: `chapter-${chapter}` }
      : {}),
  };
  const known = Object.entries(others).filter(([key]) => key in data && data[key] !== null);
  return { ...data, ...Object.fromEntries(known) };
}

const OF_OPERATORS = new Set(['name', 'reason', 'factor', 'factor_id', 'by']);

const orderPart = (period: unknown): number => (typeof period === 'number' ? period - 1 : 0);

/** A doubt is settled by the name of its call. */
const adjustmentOf = (adjustmentId: unknown, id: (what: string) => string): string =>
  String(adjustmentId).startsWith('doubt:') ? `doubt:${id('call')}` : id('adjustment');

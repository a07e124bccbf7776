import type { CommandMeta, CommandResult } from '../../commands/handling/command.js';
import type { RefundCommands, RefundStanding } from '../../commands/refund/commands.js';
import { isOver } from '../../domain/refund/state.js';
import { findOrder } from '../../projections/order/query.js';
import type { Queryable } from '../../projections/runtime/projection.js';
import { payable, providerOf } from './asking.js';
import type { SettleRefund } from './ports.js';
import type { RefundTurns } from './refund-turns.js';
import {
  type PaymentProviders,
  ProviderUnavailable,
  type RefundOutcome,
  type RefundProvider,
} from './provider.js';

export interface RefundParts {
  readonly db: Queryable;
  readonly refunds: RefundCommands;
  readonly providers: PaymentProviders;
  readonly turns: RefundTurns;
}

type Standing = CommandResult<RefundStanding>;

/**
 * Goes on with a refund from wherever it is: what it takes is booked, then its provider is asked, once. Whoever comes after somebody who died, or
 * heard nothing, asks first what became of it, and asks again under the same id where the provider knows of nothing.
 */
export async function continueRefund(
  parts: RefundParts,
  refundId: string,
  meta: CommandMeta,
): Promise<Standing> {
  const booked = await parts.refunds.bookRefund({ refundId }, meta);
  if (!booked.ok || isOver(booked.value)) return booked;
  return (await parts.turns.alone(refundId, () => askedOnce(parts, refundId, meta))) ?? booked;
}

async function askedOnce(parts: RefundParts, refundId: string, meta: CommandMeta): Promise<Standing> {
  const { refunds } = parts;
  // As it is now that nobody else is at it.
  const booked = await refunds.bookRefund({ refundId }, meta);
  if (!booked.ok || isOver(booked.value)) return booked;
  const asked = await unlessAway(() => askerOf(parts, booked.value));
  // Nobody can be asked but an operator, who says that it was sent.
  if (!asked) return booked;
  if (booked.value.status !== 'requested') {
    const told = await unlessAway(asked.again);
    return told ? concluded(refunds, booked, told, meta) : booked;
  }
  const sent = await refunds.sendRefund({ refundId }, meta);
  // Somebody else is asking.
  if (!sent.ok || sent.replayed) return sent;
  const told = await unlessAway(asked.first);
  return told ? concluded(refunds, sent, told, meta) : sent;
}

/**
 * Where its provider knows what became of it, that counts, and nothing that an operator says; while it is being asked to give back, nobody says
 * that it did not.
 */
export async function settleRefund(
  parts: RefundParts,
  decided: SettleRefund,
  meta: CommandMeta,
): Promise<Standing> {
  const settled = await parts.turns.alone(decided.refundId, () => settledAlone(parts, decided, meta));
  return settled ?? { ok: false, refusal: { code: 'refund_under_way' } };
}

async function settledAlone(
  parts: RefundParts,
  { refundId, decision, reference }: SettleRefund,
  meta: CommandMeta,
): Promise<Standing> {
  const { refunds } = parts;
  const booked = await refunds.bookRefund({ refundId }, meta);
  if (!booked.ok || isOver(booked.value)) return booked;
  const told = await toldBy(parts, booked.value);
  if (told) return concluded(refunds, booked, told, meta);
  return decision === 'sent'
    ? refunds.succeedRefund({ refundId, providerRefund: reference }, meta)
    : refunds.failRefund({ refundId, why: 'not_sent' }, meta);
}

/** Undefined where it knows of no such refund, or cannot be asked. */
async function toldBy(parts: RefundParts, standing: RefundStanding): Promise<RefundOutcome | undefined> {
  const told = await unlessAway(async () => (await askerOf(parts, standing))?.told());
  return told === 'none' ? undefined : told;
}

/** Undefined where the provider cannot be asked: nothing is known then. */
async function unlessAway<Told>(ask: () => Promise<Told>): Promise<Told | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ProviderUnavailable) return undefined;
    throw error;
  }
}

interface Asker {
  readonly first: () => Promise<RefundOutcome>;
  readonly again: () => Promise<RefundOutcome>;
  readonly told: () => Promise<RefundOutcome | 'none'>;
}

/** Undefined for a provider that sends nothing back by itself. Throws ProviderUnavailable. */
async function askerOf(
  { db, providers }: RefundParts,
  { refundId, orderId, providerPayment, currency, amountMinor, ...of }: RefundStanding,
): Promise<Asker | undefined> {
  const sender: RefundProvider | undefined = (await providerOf(providers, of)).refunds;
  if (!sender) return undefined;
  const view = await findOrder(db, orderId);
  if (!view) throw new ProviderUnavailable('the order is not in the tables yet');
  const order = payable(view);
  const refund = { refundId, providerPayment, currency, amountMinor };
  const first = () => sender.send(order, refund);
  const told = () => sender.query(order, refund);
  const again = async () => {
    const found = await told();
    return found === 'none' ? first() : found;
  };
  return { first, again, told };
}

function concluded(
  refunds: RefundCommands,
  standing: Extract<Standing, { ok: true }>,
  outcome: RefundOutcome,
  meta: CommandMeta,
): Promise<Standing> {
  const { refundId } = standing.value;
  switch (outcome.state) {
    case 'succeeded':
      return refunds.succeedRefund({ refundId, providerRefund: outcome.providerRefund }, meta);
    case 'failed':
      return refunds.failRefund({ refundId, why: outcome.why }, meta);
    case 'pending':
      return Promise.resolve(standing);
  }
}

import type { CommandMeta, CommandResult } from '../../commands/handling/command.js';
import type { RefundCommands, RefundStanding } from '../../commands/refund/commands.js';
import { isOver } from '../../domain/refund/state.js';
import { findOrder } from '../../projections/order/query.js';
import type { Queryable } from '../../projections/runtime/projection.js';
import { payable, providerOf } from './asking.js';
import { type Door, through } from './one-door.js';
import type { SettleRefund } from './ports.js';
import type { RefundTurn, RefundTurns } from './refund-turns.js';
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

export interface RecheckParts extends RefundParts {
  readonly commands: Door;
  readonly now: () => Date;
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
  return (await parts.turns.alone(refundId, (turn) => askedOnce(parts, turn, refundId, meta))) ?? booked;
}

async function askedOnce(
  parts: RefundParts,
  turn: RefundTurn,
  refundId: string,
  meta: CommandMeta,
): Promise<Standing> {
  const { refunds } = parts;
  // As it is now that nobody else is at it.
  const booked = await refunds.bookRefund({ refundId }, meta);
  if (!booked.ok || isOver(booked.value)) return booked;
  const asked = await unlessAway(() => askerOf(parts, booked.value, turn));
  // Nobody can be asked but an operator, who says that it was sent.
  if (!asked) return booked;
  if (booked.value.status !== 'requested') {
    const told = await unlessAway(asked.again);
    return told ? concluded(refunds, turn, { standing: booked, told }, meta) : booked;
  }
  const sent = await refunds.sendRefund({ refundId }, meta);
  // Somebody else is asking.
  if (!sent.ok || sent.replayed) return sent;
  const told = await unlessAway(asked.first);
  return told ? concluded(refunds, turn, { standing: sent, told }, meta) : sent;
}

/** Goes on with it; of one that went back the provider is asked too: days later it may say that it did not arrive. */
export async function recheckRefund(
  parts: RecheckParts,
  refundId: string,
  meta: CommandMeta,
): Promise<Standing> {
  const standing = await continueRefund(parts, refundId, meta);
  if (!standing.ok || standing.value.status !== 'succeeded') return standing;
  const told = await toldBy(parts, standing.value);
  if (told?.state !== 'failed') return standing;
  const { orderId, providerPayment, currency, amountMinor } = standing.value;
  const provider = await providerOf(parts.providers, standing.value);
  const sighting = {
    ...{ orderId, providerPayment, merchant: provider.merchant, currency, amountMinor, at: parts.now() },
    ...{ what: 'refund-failed' as const, refundId, why: told.why },
  };
  const seen = await through(parts.commands, provider, [sighting], { by: 'query', strays: 'later', meta });
  return seen?.ok === false ? seen : parts.refunds.bookRefund({ refundId }, meta);
}

const UNDER_WAY = { ok: false, refusal: { code: 'refund_under_way' } } as const;

/**
 * Where its provider knows what became of it, that counts, and nothing that an operator says; while it is being asked to give back, nobody says
 * that it did not.
 */
export async function settleRefund(
  parts: RefundParts,
  decided: SettleRefund,
  meta: CommandMeta,
): Promise<Standing> {
  const settled = await parts.turns.alone(decided.refundId, (turn) =>
    settledAlone(parts, turn, decided, meta),
  );
  return settled ?? UNDER_WAY;
}

async function settledAlone(
  parts: RefundParts,
  turn: RefundTurn,
  { refundId, decision, reference }: SettleRefund,
  meta: CommandMeta,
): Promise<Standing> {
  const { refunds } = parts;
  const booked = await refunds.bookRefund({ refundId }, meta);
  if (!booked.ok || isOver(booked.value)) return booked;
  const told = await toldBy(parts, booked.value);
  if (told) return concluded(refunds, turn, { standing: booked, told }, meta);
  if (decision === 'sent') return refunds.succeedRefund({ refundId, providerRefund: reference }, meta);
  return (await turn.keep()) ? refunds.failRefund({ refundId, why: 'not_sent' }, meta) : UNDER_WAY;
}

/** Undefined where it knows of no such refund, or cannot be asked. */
async function toldBy(parts: RefundParts, standing: RefundStanding): Promise<RefundOutcome | undefined> {
  const told = await unlessAway(async () => (await askerOf(parts, standing, NO_TURN))?.told());
  return told === 'none' ? undefined : told;
}

/** Of whoever only asks what became of it. */
const NO_TURN: RefundTurn = { keep: () => Promise.resolve(false) };

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

/**
 * Undefined for a provider that sends nothing back by itself. Asks for no money once the turn is somebody else's, who may have heard no.
 * Throws ProviderUnavailable.
 */
async function askerOf(
  { db, providers }: RefundParts,
  { refundId, orderId, providerPayment, currency, amountMinor, ...of }: RefundStanding,
  turn: RefundTurn,
): Promise<Asker | undefined> {
  const sender: RefundProvider | undefined = (await providerOf(providers, of)).refunds;
  if (!sender) return undefined;
  const view = await findOrder(db, orderId);
  if (!view) throw new ProviderUnavailable('the order is not in the tables yet');
  const order = payable(view);
  const refund = { refundId, providerPayment, currency, amountMinor };
  const first = async () => {
    if (!(await turn.keep())) throw new ProviderUnavailable('somebody else is asking it about this refund');
    return sender.send(order, refund);
  };
  const told = () => sender.query(order, refund);
  const again = async () => {
    const found = await told();
    return found === 'none' ? first() : found;
  };
  return { first, again, told };
}

/** What was taken comes again only where nobody else can have asked for it meanwhile: what they hear may be that it went back. */
async function concluded(
  refunds: RefundCommands,
  turn: RefundTurn,
  { standing, told }: { readonly standing: Extract<Standing, { ok: true }>; readonly told: RefundOutcome },
  meta: CommandMeta,
): Promise<Standing> {
  const { refundId } = standing.value;
  switch (told.state) {
    case 'succeeded':
      return refunds.succeedRefund({ refundId, providerRefund: told.providerRefund }, meta);
    case 'failed':
      return (await turn.keep()) ? refunds.failRefund({ refundId, why: told.why }, meta) : standing;
    case 'pending':
      return standing;
  }
}

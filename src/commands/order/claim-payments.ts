import { claimDecider } from '../../domain/claim/decide.js';
import type { ClaimState } from '../../domain/claim/state.js';
import type { Order, OrderEvent } from '../../domain/order/state.js';
import { claimStream } from '../../domain/streams.js';
import { load, type Loaded } from '../handling/load.js';
import { type PlannedWrite, writeOf } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { loadOrder } from './load-order.js';

export type ClaimPorts = Pick<
  CommandDependencies,
  'store' | 'keyring' | 'ordersPaidBy' | 'now' | 'claimGraceMs'
>;

/** `taken`: the payment is another order's. `under-way`: another order is about to have it, or whoever claimed it for that one died. */
export type Claims =
  | { readonly kind: 'claimed'; readonly writes: readonly PlannedWrite[] }
  | { readonly kind: 'taken' | 'under-way' };

interface ProviderPayment {
  readonly providerId: string;
  readonly payment: string;
}

const OWNER = 'order:';

/** What claims the payments that are credited, in the same write: a payment is for one order, whoever saw it for which order at once. */
export async function claimPayments(
  ports: ClaimPorts,
  { order_id: orderId, provider_id: providerId }: Pick<Order['terms'], 'order_id' | 'provider_id'>,
  events: readonly OrderEvent[],
): Promise<Claims> {
  const writes: PlannedWrite[] = [];
  for (const { type, data } of events) {
    if (type !== 'order-paid') continue;
    const paid = { providerId, payment: data.provider_payment };
    const claim = await loadClaim(ports, paid);
    const holder = await holderOf(ports, paid, claim.state);
    if (holder !== undefined && holder !== orderId) return { kind: 'taken' };
    const stale = isOver(ports, claim);
    const decision = claimDecider.decide(
      { type: 'reserve', kind: 'request', owner: `${OWNER}${orderId}`, requestHash: null, stale },
      claim.state,
    );
    if (decision.kind === 'refused') return { kind: 'under-way' };
    writes.push(writeOf(claim, decision.events));
  }
  return { kind: 'claimed', writes };
}

/** The order that a payment was credited to; undefined where it was to none. */
export async function payerOrder(ports: ClaimPorts, paid: ProviderPayment): Promise<string | undefined> {
  return holderOf(ports, paid, (await loadClaim(ports, paid)).state);
}

function loadClaim({ store, keyring }: ClaimPorts, { providerId, payment }: ProviderPayment) {
  const key = keyring.hashClaim('request', JSON.stringify(['order-payment', providerId, payment]));
  return load(store, claimStream('request', key), claimDecider);
}

/** Payments that were credited before they were claimed are found by the read models, and by the log behind them. */
async function holderOf(
  ports: ClaimPorts,
  paid: ProviderPayment,
  claim: ClaimState,
): Promise<string | undefined> {
  const claimant = claim?.owner.slice(OWNER.length);
  if (claimant !== undefined && (await isPaidBy(ports, claimant, paid))) return claimant;
  for (const candidate of await ports.ordersPaidBy(paid.payment))
    if (await isPaidBy(ports, candidate, paid)) return candidate;
  return undefined;
}

async function isPaidBy(
  ports: ClaimPorts,
  orderId: string,
  { providerId, payment }: ProviderPayment,
): Promise<boolean> {
  const { state } = await loadOrder(ports, orderId);
  return state?.terms.provider_id === providerId && state.paid?.provider_payment === payment;
}

/** Where a store keeps each write apart, a claim can be there without its order's part. Nobody is about to write that any more. */
const isOver = ({ now, claimGraceMs }: ClaimPorts, { lastRecordedAt }: Loaded<ClaimState>): boolean =>
  lastRecordedAt !== undefined && now().getTime() - lastRecordedAt.getTime() >= claimGraceMs;

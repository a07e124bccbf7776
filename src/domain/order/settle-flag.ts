import { accept, type Decision, refuse, replay } from '../decider.js';
import { type FlagDecision, isTooLarge, type Order, type OrderEvent, type OrderFlag } from './state.js';

/** An operator decides about money that does not fit. */
export interface SettleFlag {
  readonly type: 'settle';
  readonly flagId: string;
  /** `credit`: it is taken for what the order asks, in proportion where it is another amount. */
  readonly decision: FlagDecision;
  readonly reason: string;
  /** The largest credit, in quota, that one operator's word is enough for. Undefined: any. */
  readonly alone: bigint | undefined;
  readonly by: string;
}

export function settleFlag(command: SettleFlag, order: Order): Decision<OrderEvent> {
  const { flagId, decision, reason, by } = command;
  const flag = order.flags.get(flagId);
  if (!flag) return refuse({ code: 'order_flag_not_found' });
  if (flag.decision === decision) return replay();
  if (flag.decision) return refuse({ code: 'order_flag_settled' });
  const { order_id, account_id } = order.terms;
  const settled = {
    type: 'order-flag-settled',
    data: { order_id, account_id, flag_id: flagId, decision, reason, by },
  } as const;
  if (decision !== 'credit' || flag.said.kind === 'uncreditable') return accept<OrderEvent>(settled);
  if (isOwn(command, order, flag.said)) return refuse({ code: 'order_flag_own' });
  // Its provider has said so meanwhile.
  const isSeen = order.paid?.provider_payment === flag.said.provider_payment;
  if (flag.said.kind === 'unconfirmed' && isSeen) return accept<OrderEvent>(settled);
  // One credit an order; and what another currency is worth, nobody said.
  if (order.paid || flag.said.kind === 'currency') return refuse({ code: 'order_flag_uncreditable' });
  const { provider_payment, amount_minor, currency, paid_at, evidence_sha256 } = flag.said;
  return accept<OrderEvent>(settled, {
    type: 'order-paid',
    data: {
      ...{ order_id, account_id, provider_payment, amount_minor, currency, paid_at, evidence_sha256 },
      seen_by: 'operator',
      by,
    },
  });
}

/** Who recorded money does not say alone that it is credited where it is much. */
const isOwn = ({ alone, by }: SettleFlag, { terms }: Order, said: OrderFlag['said']): boolean =>
  said.by === by &&
  said.seen_by === 'operator' &&
  (said.kind === 'unconfirmed' || isTooLarge(alone, terms, said.amount_minor));

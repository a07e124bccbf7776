import { randomUUID } from 'node:crypto';
import type { OrderCommands } from '../../commands/order/commands.js';
import type { RefundCommands } from '../../commands/refund/commands.js';
import type { EventStore } from '../../eventstore/event-store.js';
import type { OpenTexts } from '../../support/personal-data-vault.js';
import type { PaymentTerms } from '../../domain/setting/payments.js';
import { areCodesOpen } from '../../projections/code/query.js';
import { countFlags, listFlags } from '../../projections/order/flag-list.js';
import { countOrders, findOrder, listOrders } from '../../projections/order/query.js';
import { countRefunds, findRefund, listRefunds, refundIdsOf } from '../../projections/refund/query.js';
import type { OrderView } from '../../projections/order/view.js';
import type { Queryable } from '../../projections/runtime/projection.js';
import { accountOrders } from './account-orders.js';
import { ask } from './asking.js';
import type { ProviderDesk } from './configuration.js';
import type { PaymentInbox } from './inbox.js';
import { type NotificationParts, receive } from './notifications.js';
import { evidenceOf } from './one-door.js';
import type { OperatorOrders, PaymentDesk, RefundDesk, SeenByOperator } from './ports.js';
import type { PaymentClaims } from './claims.js';
import type { PaymentProviders } from './provider.js';
import type { PaymentSchedule } from './schedule.js';
import type { RefundTurns } from './refund-turns.js';
import { continueRefund, recheckRefund, settleRefund } from './refunds.js';
import { traceOrder } from './trace.js';

export interface DeskParts extends Pick<NotificationParts, 'onVerdict' | 'onFault'> {
  /** Whose texts are readable. */
  readonly db: Queryable;
  readonly store: Pick<EventStore, 'readStream'>;
  readonly openTexts: OpenTexts;
  readonly commands: OrderCommands;
  readonly refunds: RefundCommands;
  readonly turns: RefundTurns;
  readonly providers: PaymentProviders;
  readonly claims: PaymentClaims;
  readonly inbox: PaymentInbox;
  readonly schedule: PaymentSchedule;
  readonly terms: () => Promise<PaymentTerms>;
  readonly configuration: ProviderDesk;
  readonly waitFor: (position: bigint) => Promise<boolean>;
  readonly now: () => Date;
}

const NOT_FOUND = { ok: false, refusal: { code: 'order_not_found' } } as const;

/** Orders, for the shell. */
export function createPaymentDesk(parts: DeskParts): PaymentDesk {
  const { db, providers, terms, schedule, now } = parts;
  return {
    terms,
    methods: async () => providers.offered(Object.keys((await terms()).currencies)),
    takesCodes: () => areCodesOpen(db, now()),
    of: (account) => accountOrders(parts, account),
    probe: (token) => parts.configuration.probe(token),
    notify: (providerId, request) => receive(parts, providerId, request),
    returned: async (orderId) => {
      const order = await findOrder(db, orderId);
      if (!order || !(await schedule.mayAsk(orderId, now()))) return;
      const asked = await ask(parts, order, 'query', { actor: 'system', requestId: randomUUID() });
      if (asked.ok) await parts.waitFor(asked.position);
    },
    refunds: refundDesk(parts),
    operators: operatorOrders(parts),
  };
}

const refundDesk = (parts: DeskParts): RefundDesk => ({
  list: (filter, page) => listRefunds(parts.db, filter, page),
  count: (filter, most) => countRefunds(parts.db, filter, most),
  find: (refundId) => findRefund(parts.db, refundId),
  commands: {
    request: async (asked, meta) => {
      const requested = await parts.refunds.requestRefund(asked, meta);
      if (!requested.ok) return requested;
      const standing = await continueRefund(parts, requested.value.refundId, meta);
      return standing.ok ? { ...standing, replayed: requested.replayed } : standing;
    },
    goOn: (refundId, meta) => recheckRefund(parts, refundId, meta),
    settle: (decided, meta) => settleRefund(parts, decided, meta),
  },
});

function operatorOrders(parts: DeskParts): OperatorOrders {
  const { db, commands } = parts;
  return {
    list: (filter, page) => listOrders(db, filter, page),
    count: (filter, most) => countOrders(db, filter, most),
    find: (orderId) => findOrder(db, orderId),
    trace: (orderId) => traceOrder({ ...parts, refundsOf: (id) => refundIdsOf(db, id) }, orderId),
    flags: (filter, page) => listFlags(db, filter, page),
    countFlags: (filter, most) => countFlags(db, filter, most),
    providers: parts.configuration,
    commands: {
      recheck: async (orderId, meta) => {
        const order = await findOrder(db, orderId);
        return order ? ask(parts, order, 'query', meta) : NOT_FOUND;
      },
      record: async (seen, meta) => {
        const order = await findOrder(db, seen.orderId);
        return order
          ? commands.applySighting(await byOperator(parts.providers, order, seen), meta)
          : NOT_FOUND;
      },
      settle: (decided, meta) => commands.settleOrderFlag(decided, meta),
      settleStray: (decided, meta) => commands.settleStray(decided, meta),
    },
  };
}

/** Where the money came in, the operator knows: it is to us, for whichever provider the order was placed with. */
async function byOperator(
  providers: PaymentProviders,
  { orderId, providerId, providerRevision }: OrderView,
  seen: SeenByOperator,
): Promise<Parameters<OrderCommands['applySighting']>[0]> {
  const merchant = (await providers.find(providerId, providerRevision))?.merchant ?? providerId;
  const sighting = {
    orderId,
    providerPayment: seen.reference,
    merchant,
    currency: seen.currency,
    amountMinor: seen.amountMinor,
    at: seen.at,
    what: 'paid',
  } as const;
  const evidenceSha256 = seen.evidenceSha256 ?? evidenceOf(sighting);
  return { sighting, providerId, merchant, seenBy: 'operator', evidenceSha256 };
}

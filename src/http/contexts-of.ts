import type { AccountOrders, PaymentDesk, RefundDesk } from '../reactions/payments/ports.js';
import type { ApiParts, Asked, Contexts, PersonContext, Terms } from './area-contexts.js';
import { type NotedPosition, notingPositions } from './noted-positions.js';
import { ownCommands } from './people/own-commands.js';

const personContext = (
  { people, readModels, settings }: ApiParts,
  { meta, now, person, address, agent, language }: Asked,
): PersonContext => ({ people, readModels, settings, meta, now, person, address, agent, language });

const refundsOf = ({ refunds }: PaymentDesk, noted: NotedPosition): RefundDesk => ({
  ...refunds,
  commands: notingPositions(refunds.commands, noted),
});

/** What is not in the context of an area cannot be reached from its endpoints. */
export function contextsOf(parts: ApiParts): Contexts {
  const { commands, readModels, receipts, own, payments, people, settings } = parts;
  const terms: Terms = {
    terms: () => payments.terms(),
    methods: () => payments.methods(),
    takesCodes: () => payments.takesCodes(),
  };
  const ordersOf = (account: Parameters<PaymentDesk['of']>[0], noted: NotedPosition): AccountOrders => {
    const orders = payments.of(account);
    return { ...orders, commands: notingPositions(orders.commands, noted) };
  };
  const ofPerson = (asked: Asked) => personContext(parts, asked);
  return {
    external: ({ meta, now, noted, file, authorize, language, returnOrigins }) => ({
      handOver: (handover) => people.handOver(handover),
      returnOrigins,
      payments: terms,
      ordersOf: (account) => ordersOf(account, noted),
      refunds: refundsOf(payments, noted),
      commands: notingPositions(commands, noted),
      readModels,
      receipts,
      settings,
      meta,
      now,
      file,
      authorize,
      language,
    }),
    auth: (asked) => ({ ...ofPerson(asked), visitSecret: asked.visitSecret }),
    user: (asked) => ({
      ...ofPerson(asked),
      readModels: {
        waitFor: (position, timeoutMs) => readModels.waitFor(position, timeoutMs),
        catalogue: () => readModels.catalogue(),
      },
      payments: terms,
      own: asked.person && {
        orders: ordersOf(asked.person, asked.noted),
        reads: own(asked.person),
        commands: ownCommands(notingPositions(commands, asked.noted), asked.person),
        alerts: parts.ownAlerts(asked.person),
      },
    }),
    admin: ({ meta, now, operator, address, agent, noted, file }) => ({
      commands: notingPositions(commands, noted),
      readModels,
      orders: { ...payments.operators, commands: notingPositions(payments.operators.commands, noted) },
      refunds: refundsOf(payments, noted),
      explain: (id) => parts.audit.explain(id),
      people,
      admin: parts.admin,
      settings,
      meta,
      now,
      operator,
      address,
      agent,
      file,
    }),
    audit: ({ now, file }) => ({ audit: parts.audit, finance: parts.finance, receipts, settings, now, file }),
    open: () => ({ open: parts.open, settings }),
  };
}

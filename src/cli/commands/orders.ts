import type { Command } from 'commander';
import { listOrders } from '../../projections/order/query.js';
import { refundIdsOf } from '../../projections/refund/query.js';
import { openedRows } from '../../projections/runtime/opened-rows.js';
import { PaymentInbox } from '../../reactions/payments/inbox.js';
import { traceOrder, type TraceStep } from '../../reactions/payments/trace.js';
import type { Foundation } from '../../compose/ledger.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { commandsBesideService, operatorMeta } from '../operator.js';
import { type Row, table, toJson } from '../output.js';

interface RedriveOptions {
  readonly reason: string;
  readonly by: string;
}

/** `counterfoil orders trace|redrive` */
export function addOrderCommands(program: Command): void {
  const group = program.command('orders').description('what became of the money of an order');
  group
    .command('trace <id>')
    .description(
      'show what came of an order, by its id or by what its provider calls its checkout or payment',
    )
    .option('--json', 'print JSON')
    .action((id: string, options: { readonly json?: boolean }) => {
      const context = createContext();
      return withFoundation(context, async (foundation) => {
        const { database, keyring, store, vault } = foundation;
        const order = await existing(foundation, id);
        const inbox = new PaymentInbox(database.pool, keyring);
        const steps = await traceOrder(
          {
            ...{ store, inbox, openTexts: vault.openTexts },
            refundsOf: (orderId) => refundIdsOf(database.pool, orderId),
          },
          order.orderId,
        );
        context.terminal.out(options.json ? toJson({ order, steps }) : table(COLUMNS, steps.map(rowOf)));
        const credited = order.credited
          ? `${order.credited.amountUsd} USD credited, ${order.credited.balanceAfter} quota after it`
          : 'not credited';
        context.terminal.err(`${order.orderId} of ${order.externalUserId}: ${order.stage}, ${credited}`);
      });
    });
  group
    .command('redrive <id>')
    .description('credit what was paid for an order and is not credited yet; it is credited once')
    .requiredOption('--reason <text>', 'why, 1 to 500 characters')
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action((id: string, options: RedriveOptions) => {
      const meta = operatorMeta(options);
      const context = createContext();
      return withFoundation(context, async (foundation) => {
        const { orderId } = await existing(foundation, id);
        const result = await commandsBesideService(foundation).creditOrder({ orderId }, meta);
        if (!result.ok) throw new UsageError(`nothing was changed: ${toJson(result.refusal)}`);
        const { isCredited, openFlags } = result.value;
        const waits = openFlags.length > 0 ? `; waits for somebody: ${openFlags.join(', ')}` : '';
        const said = isCredited
          ? result.replayed
            ? 'had been credited before'
            : 'credited'
          : 'nothing to credit';
        context.terminal.err(`${orderId}: ${said}, log position ${result.position}${waits}`);
      });
    });
}

async function existing({ database, vault }: Foundation, id: string) {
  const [order] = await listOrders(openedRows(database.pool, vault.openTexts), { id }, { limit: 1 });
  if (!order) throw new UsageError(`no order has the id ${id}, nor has a checkout or a payment`);
  return order;
}

const COLUMNS = ['at', 'what', 'position', 'details'];

const rowOf = ({ at, kind, what, position, details }: TraceStep): Row => ({
  at: at.toISOString(),
  what: kind === 'event' ? what : `notification ${what}`,
  position: position === null ? null : position.toString(),
  details: Object.entries(details)
    .map(([name, value]) => `${name}=${value}`)
    .join(' '),
});

import { type Command, Option } from 'commander';
import { reversalReasons } from '../../commands/payment/commands.js';
import { amountText, minorOfText } from '../../domain/money/currency.js';
import { findOrder } from '../../projections/order/query.js';
import { listRefunds, type RefundView } from '../../projections/refund/query.js';
import { openedRows } from '../../projections/runtime/opened-rows.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { commandsBesideService, operatorMeta } from '../operator.js';
import { type Row, table, toJson } from '../output.js';

interface RequestOptions {
  readonly amount?: string;
  readonly reason: string;
  readonly by: string;
}

interface ReverseOptions {
  readonly why: (typeof reversalReasons)[number];
  readonly by: string;
}

interface ListOptions {
  readonly order?: string;
  readonly open?: boolean;
  readonly json?: boolean;
}

const MOST = 200;

/** `counterfoil refunds list|request|reverse` */
export function addRefundCommands(program: Command): void {
  const group = program.command('refunds').description('money of orders that goes back at its provider');
  group
    .command('list')
    .description('show refunds, the newest first')
    .option('--order <id>', 'of one order')
    .option('--open', 'those that are not over')
    .option('--json', 'print JSON')
    .action(({ order: orderId, open, json }: ListOptions) => {
      const context = createContext();
      return withFoundation(context, async ({ database, vault }) => {
        const db = openedRows(database.pool, vault.openTexts);
        const refunds = await listRefunds(db, { orderId, ...(open && { state: 'open' }) }, { limit: MOST });
        context.terminal.out(json ? toJson(refunds) : table(COLUMNS, refunds.map(rowOf)));
      });
    });
  group
    .command('reverse <payment> <refund>')
    .description("credit again what a refund of a front end's own payment took, once: its money came back")
    .addOption(new Option('--why <reason>', 'what happened').choices(reversalReasons).makeOptionMandatory())
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action(reverse);
  group
    .command('request <order>')
    .description(
      'ask for it; the running service takes it from the account, and asks the provider, in a minute or two',
    )
    .option('--amount <decimal>', 'in units of what was paid; all that is left where it is absent')
    .requiredOption('--reason <text>', 'why, 1 to 500 characters')
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action((orderId: string, options: RequestOptions) => {
      const meta = operatorMeta(options);
      const context = createContext();
      return withFoundation(context, async (foundation) => {
        const order = await findOrder(foundation.database.pool, orderId);
        if (!order) throw new UsageError(`there is no order ${orderId}`);
        const amountMinor =
          options.amount === undefined ? undefined : minorOfText(options.amount, order.currency);
        if (options.amount !== undefined && amountMinor === undefined)
          throw new UsageError(`${options.amount} is no amount of ${order.currency}`);
        const commands = commandsBesideService(foundation);
        const { reason } = options;
        const requested = await commands.requestRefund({ orderId, amountMinor, reason }, meta);
        if (!requested.ok) throw new UsageError(`nothing was changed: ${toJson(requested.refusal)}`);
        const { refundId, currency, amountMinor: minor } = requested.value;
        context.terminal.out(refundId);
        context.terminal.err(
          `${refundId}: ${amountText(minor, currency)} ${currency} asked for, log position ${requested.position}`,
        );
      });
    });
}

async function reverse(paymentId: string, refundId: string, options: ReverseOptions): Promise<void> {
  const { why } = options;
  const context = createContext();
  await withFoundation(context, async (foundation) => {
    const meta = operatorMeta({ by: options.by, reason: why });
    const reversed = await commandsBesideService(foundation).reverseRefund(
      { paymentId, refundId, why },
      meta,
    );
    if (!reversed.ok) throw new UsageError(`nothing was changed: ${toJson(reversed.refusal)}`);
    const { replayed, position, value } = reversed;
    context.terminal.err(
      replayed
        ? `${refundId} had been reversed before`
        : `${refundId}: ${value.quota} quota again, log position ${position}`,
    );
  });
}

const COLUMNS = ['refund', 'order', 'user', 'status', 'amount', 'requested', 'failure'];

const rowOf = (refund: RefundView): Row => ({
  refund: refund.refundId,
  order: refund.orderId,
  user: refund.externalUserId,
  status: refund.status,
  amount: `${amountText(refund.amountMinor, refund.currency)} ${refund.currency}`,
  requested: refund.requestedAt.toISOString(),
  failure: refund.why,
});

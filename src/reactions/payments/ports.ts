import type { CommandMeta, CommandResult } from '../../commands/handling/command.js';
import type {
  FlaggedStray,
  OrderStanding,
  PlaceOrder,
  SettleOrderFlag,
  SettleStray,
} from '../../commands/order/commands.js';
import type { RequestRefund, RefundStanding } from '../../commands/refund/commands.js';
import type { OrderPrice } from '../../domain/order/price.js';
import type { PaymentTerms } from '../../domain/setting/payments.js';
import type { FlagFilter, OrderFlagView } from '../../projections/order/flag-list.js';
import type { OrderFilter, OrderView } from '../../projections/order/view.js';
import type { RefundFilter, RefundView } from '../../projections/refund/query.js';
import type { ProviderDesk } from './configuration.js';
import type { HttpAnswer, OfferedMethod, RawRequest } from './provider.js';
import type { TraceStep } from './trace.js';

export interface OrderPage {
  /** A place of the log. */
  readonly before?: bigint | undefined;
  readonly limit: number;
}

export interface NewOrder {
  /** As it was asked for. */
  readonly asked: PlaceOrder['asked'];
  readonly plan?: PlaceOrder['plan'];
  readonly offered: OfferedMethod;
  readonly price: OrderPrice;
}

/** What asking the provider came to. `unknown`: it could not be asked; `nothing`: it knows of no payment. */
export type Found = 'paid' | 'pending' | 'nothing' | 'unknown';

export interface Checked {
  readonly orderId: string;
  readonly found: Found;
}

export type OwnOrderFilter = Pick<OrderFilter, 'status' | 'from' | 'until'>;

/** Orders of one account: no argument leads to those of another one. */
export interface AccountOrders {
  list(page: OrderPage, filter?: OwnOrderFilter): Promise<readonly OrderView[]>;
  /** Counted up to `most` and one. */
  count(most: number, filter?: OwnOrderFilter): Promise<number>;
  find(orderId: string): Promise<OrderView | undefined>;
  readonly commands: {
    /** Places it and opens its checkout. Throws ProviderUnavailable where there is none yet: the repetition opens it. */
    place(order: NewOrder, meta: CommandMeta): Promise<CommandResult<{ readonly orderId: string }>>;
    /** Asks the provider now: somebody says that they paid. */
    check(orderId: string, meta: CommandMeta): Promise<CommandResult<Checked>>;
    cancel(orderId: string, meta: CommandMeta): Promise<CommandResult<{ readonly orderId: string }>>;
  };
}

/** Money that an operator saw on an account. */
export interface SeenByOperator {
  readonly orderId: string;
  /** Of the bank. */
  readonly reference: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly at: Date;
  readonly evidenceSha256: string | undefined;
}

/** An operator's word on a refund that no provider can be asked about. */
export interface SettleRefund {
  readonly refundId: string;
  readonly decision: 'sent' | 'not-sent';
  /** Of the transfer. */
  readonly reference: string | null;
}

/** Refunds at providers. */
export interface RefundDesk {
  list(filter: RefundFilter, page: OrderPage): Promise<readonly RefundView[]>;
  count(filter: RefundFilter, most: number): Promise<number>;
  find(refundId: string): Promise<RefundView | undefined>;
  readonly commands: {
    /** Books it and asks the provider, as far as that can be reached. */
    request(asked: RequestRefund, meta: CommandMeta): Promise<CommandResult<RefundStanding>>;
    /** From wherever it is. */
    goOn(refundId: string, meta: CommandMeta): Promise<CommandResult<RefundStanding>>;
    settle(decided: SettleRefund, meta: CommandMeta): Promise<CommandResult<RefundStanding>>;
  };
}

/** What the shell asks of orders. */
export interface PaymentDesk {
  terms(): Promise<PaymentTerms>;
  methods(): Promise<readonly OfferedMethod[]>;
  /** Whether there are codes that could be used: where there are none nobody is asked for one. */
  takesCodes(): Promise<boolean>;
  of(account: { readonly accountId: string; readonly externalUserId: string }): AccountOrders;
  /** What whoever asks for our own address from outside must read. */
  probe(token: string): string;
  /** What a provider sent; undefined where there is no such provider. */
  notify(providerId: string, request: RawRequest): Promise<HttpAnswer | undefined>;
  /** Somebody comes back from a checkout. That says nothing of money: the provider is asked. */
  returned(orderId: string): Promise<void>;
  readonly refunds: RefundDesk;
  readonly operators: OperatorOrders;
}

export interface OperatorOrders {
  list(filter: OrderFilter, page: OrderPage): Promise<readonly OrderView[]>;
  count(filter: OrderFilter, most: number): Promise<number>;
  find(orderId: string): Promise<OrderView | undefined>;
  /** All that is known of an order, in the order in which it was known. */
  trace(orderId: string): Promise<readonly TraceStep[]>;
  flags(filter: FlagFilter, page: OrderPage): Promise<readonly OrderFlagView[]>;
  countFlags(filter: FlagFilter, most: number): Promise<number>;
  readonly providers: ProviderDesk;
  readonly commands: {
    recheck(orderId: string, meta: CommandMeta): Promise<CommandResult<Checked>>;
    record(seen: SeenByOperator, meta: CommandMeta): Promise<CommandResult<OrderStanding>>;
    settle(decided: SettleOrderFlag, meta: CommandMeta): Promise<CommandResult<OrderStanding>>;
    settleStray(decided: SettleStray, meta: CommandMeta): Promise<CommandResult<FlaggedStray>>;
  };
}

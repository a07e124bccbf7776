import { z } from 'zod';
import type { OrderView } from '../../../projections/order/view.js';
import type { AccountOrders, PaymentDesk } from '../../../reactions/payments/ports.js';
import type { AreaContexts } from '../../area-contexts.js';
import { cursorData, cursorInput, cursorPage } from '../../cursor.js';
import { accepted, type BoundEndpoint, endpoint, type FailureRow, projected } from '../../endpoint.js';
import { invalidRequest } from '../../failure.js';
import { nameText } from '../../fields.js';
import type { Access } from '../../middleware/auth.js';
import { refused } from '../../refusals.js';
import { complaints } from '../../validation.js';
import { amountInput, presentOptions, pricedOrThrow } from './options.js';
import { providerAway, unlessAway } from './provider-away.js';
import { exampleOrder, exampleQuote, optionsData, orderData, presentOrder } from './schema.js';

/** Whose orders, and how they are asked for: the person of an account of their own, a front end of its users. */
export interface OrderWay<In extends 'user' | 'external'> {
  readonly area: In;
  /** Under the area. */
  readonly path: string;
  readonly optionsPath: string;
  /** Of the path: what names the account, if anything does. */
  readonly input: z.ZodRawShape;
  readonly reads: Access;
  readonly writes: Access;
  readonly failures: readonly FailureRow[];
  readonly operationIds: Readonly<Record<'options' | 'place' | 'list' | 'show' | 'check' | 'cancel', string>>;
  ordersOf(input: Readonly<Record<string, unknown>>, context: AreaContexts[In]): Promise<AccountOrders>;
  deskOf(context: AreaContexts[In]): Pick<PaymentDesk, 'terms' | 'methods' | 'takesCodes'>;
}

const currency = nameText(1, 3).meta({ examples: ['CNY'] });

/** What is asked of orders, the same for everybody who may ask. */
export function orderEndpoints<In extends 'user' | 'external'>(way: OrderWay<In>): readonly BoundEndpoint[] {
  return [optionsOf(way), placeOf(way), listOf(way), showOf(way), checkOf(way), cancelOf(way)];
}

const optionsOf = <In extends 'user' | 'external'>(way: OrderWay<In>) =>
  endpoint({
    method: 'get',
    area: way.area,
    path: way.optionsPath,
    access: way.reads,
    operationId: way.operationIds.options,
    summary: 'Show how money can be paid in, and what it buys',
    description: 'With `currency` and `amount` also what that amount buys.',
    input: z.object({ ...way.input, currency: currency.optional(), amount: amountInput.optional() }),
    data: optionsData,
    refusals: [],
    example: {
      data: {
        preset_basis: 'pay',
        open_most: 3,
        hourly_most: 10,
        methods: [{ method: 'test', provider_id: 'test', currencies: ['CNY'] }],
        currencies: [
          {
            currency: 'CNY',
            decimals: 2,
            rate: '7.10',
            min: '1.00',
            max: '50000.00',
            presets: [exampleQuote],
          },
        ],
        quote: null,
        takes_codes: false,
      },
    },
    handle: async (input, context: AreaContexts[In]) => {
      const desk = way.deskOf(context);
      const [terms, methods, takesCodes] = await Promise.all([
        desk.terms(),
        desk.methods(),
        desk.takesCodes(),
      ]);
      const { currency: asked, amount } = input as { currency?: string; amount?: string };
      const quoted = asked !== undefined && amount !== undefined ? { currency: asked, amount } : undefined;
      return { data: { ...presentOptions(terms, methods, quoted), takes_codes: takesCodes } };
    },
  });

const placeOf = <In extends 'user' | 'external'>(way: OrderWay<In>) =>
  endpoint({
    method: 'post',
    area: way.area,
    path: way.path,
    access: way.writes,
    operationId: way.operationIds.place,
    summary: 'Order a top-up',
    description:
      'The price is fixed now: a later change of rates changes no order. With an `Idempotency-Key` a repetition answers the same order, and opens its checkout where the provider could not be reached.',
    input: z.object({ ...way.input, method: nameText(1, 64), currency, amount: amountInput }),
    exactNumbers: ['amount'],
    data: orderData,
    refusals: [
      'account_not_found',
      'account_erased',
      'orders_open_most',
      'orders_hourly_most',
      'idempotency_conflict',
    ],
    failures: [...way.failures, providerAway],
    example: { request: { method: 'test', currency: 'CNY', amount: '500' }, data: exampleOrder },
    handle: async (input, context: AreaContexts[In]) => {
      const asked = input;
      const desk = way.deskOf(context);
      const [terms, methods] = await Promise.all([desk.terms(), desk.methods()]);
      const offered = methods.find(({ method }) => method === asked.method);
      if (!offered)
        throw notOneOf(
          'method',
          methods.map(({ method }) => method),
        );
      if (!offered.currencies.includes(asked.currency)) throw notOneOf('currency', offered.currencies);
      const order = {
        asked: { method: asked.method, currency: asked.currency, amount: asked.amount },
        offered,
        price: pricedOrThrow(terms, asked.currency, asked.amount),
      };
      const orders = await way.ordersOf(input, context);
      const { value, position, replayed } = accepted(
        await unlessAway(() => orders.commands.place(order, context.meta)),
      );
      await projected(context, position);
      return { data: presentOrder(await standing(orders, value.orderId)), replayed };
    },
  });

const listOf = <In extends 'user' | 'external'>(way: OrderWay<In>) =>
  endpoint({
    method: 'get',
    area: way.area,
    path: way.path,
    access: way.reads,
    operationId: way.operationIds.list,
    summary: 'List orders',
    description: 'The newest first, also those that came to nothing.',
    input: z.object({ ...way.input, ...cursorInput }),
    data: z.object({ orders: z.array(orderData), ...cursorData }),
    refusals: [],
    example: { data: { orders: [exampleOrder], next_cursor: null, total: 1, total_capped: false } },
    handle: async (input, context: AreaContexts[In]) => {
      const orders = await way.ordersOf(input, context);
      const { rows, page } = await cursorPage(
        input as { cursor?: bigint; limit: number },
        ({ position }: OrderView) => position,
        (some) => orders.list(some),
        (most) => orders.count(most),
      );
      return { data: { orders: rows.map(presentOrder), ...page } };
    },
  });

const idField = nameText(1, 200).meta({ description: '`order_id`' });

const showOf = <In extends 'user' | 'external'>(way: OrderWay<In>) =>
  endpoint({
    method: 'get',
    area: way.area,
    path: `${way.path}/{id}`,
    access: way.reads,
    operationId: way.operationIds.show,
    summary: 'Show an order',
    description: 'Placed, paid, credited: it is credited by itself, whoever looks and whoever does not.',
    input: z.object({ ...way.input, id: idField }),
    data: orderData,
    refusals: ['order_not_found'],
    example: { data: exampleOrder },
    handle: async (input, context: AreaContexts[In]) => {
      const orders = await way.ordersOf(input, context);
      return { data: presentOrder(await standing(orders, idOf(input))) };
    },
  });

const checkOf = <In extends 'user' | 'external'>(way: OrderWay<In>) =>
  endpoint({
    method: 'post',
    area: way.area,
    path: `${way.path}/{id}/check`,
    access: way.writes,
    operationId: way.operationIds.check,
    summary: 'Ask the provider whether an order was paid',
    description:
      '“I have paid”: what it says is credited at once. The provider is asked once in three seconds; in between the order is answered as it is.',
    input: z.object({ ...way.input, id: idField }),
    bodyOptional: true,
    data: z.object({
      found: z.enum(['paid', 'pending', 'nothing', 'unknown']).meta({
        description: '`nothing`: the provider knows of no payment; `unknown`: it could not be asked',
      }),
      order: orderData,
    }),
    refusals: ['order_not_found'],
    failures: way.failures,
    example: { data: { found: 'nothing', order: exampleOrder } },
    handle: async (input, context: AreaContexts[In]) => {
      const orders = await way.ordersOf(input, context);
      const { value, position } = accepted(await orders.commands.check(idOf(input), context.meta));
      await projected(context, position);
      return { data: { found: value.found, order: presentOrder(await standing(orders, value.orderId)) } };
    },
  });

const cancelOf = <In extends 'user' | 'external'>(way: OrderWay<In>) =>
  endpoint({
    method: 'post',
    area: way.area,
    path: `${way.path}/{id}/cancel`,
    access: way.writes,
    operationId: way.operationIds.cancel,
    summary: 'Cancel an order',
    description: 'The provider is asked first. Money that comes afterwards is credited all the same.',
    input: z.object({ ...way.input, id: idField }),
    bodyOptional: true,
    data: orderData,
    refusals: ['order_not_found', 'order_paid'],
    failures: way.failures,
    example: {
      data: { ...exampleOrder, status: 'cancelled', stage: 'cancelled', checkout: null, can_cancel: false },
    },
    handle: async (input, context: AreaContexts[In]) => {
      const orders = await way.ordersOf(input, context);
      const { value, position } = accepted(await orders.commands.cancel(idOf(input), context.meta));
      await projected(context, position);
      return { data: presentOrder(await standing(orders, value.orderId)) };
    },
  });

const idOf = (input: unknown): string => (input as { readonly id: string }).id;

const notOneOf = (field: string, allowed: readonly string[]) =>
  invalidRequest([{ field, ...complaints.oneof(allowed) }]);

async function standing(orders: AccountOrders, orderId: string): Promise<OrderView> {
  const order = await orders.find(orderId);
  if (!order) throw refused({ code: 'order_not_found' });
  return order;
}

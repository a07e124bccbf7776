import { createCommands } from '../../../src/commands/create-commands.js';
import type { Commands } from '../../../src/commands/commands.js';
import { openPayments, type Payments } from '../../../src/compose/payments.js';
import { type OrderPrice, priceOrder } from '../../../src/domain/order/price.js';
import { firstPaymentTerms } from '../../../src/domain/setting/payments.js';
import { createPostgresEventStore } from '../../../src/eventstore/postgres/postgres-event-store.js';
import type { OrderView } from '../../../src/projections/order/view.js';
import { payAtTest, type TestAct } from '../../../src/providers/testpay/paying.js';
import { TEST } from '../../../src/providers/testpay/test-provider.js';
import { payable } from '../../../src/reactions/payments/asking.js';
import { OrderHealing } from '../../../src/reactions/payments/healing.js';
import type { HttpAnswer, RawRequest } from '../../../src/reactions/payments/provider.js';
import { createTestPayments } from '../../../src/stores/test-payments.js';
import { createRealLedger, type RealLedger } from '../../http/support/real-ledger.js';
import { PATIENCE_MS } from '../../support/eventually.js';

const meta = { actor: 'service-key:1', requestId: 'r' };
const terms = { ...firstPaymentTerms, open_most: 100, hourly_most: 1_000 };

interface Payer {
  readonly accountId: string;
  readonly externalUserId: string;
  readonly price: OrderPrice;
  readonly asked: { readonly method: string; readonly currency: string; readonly amount: string };
}

/** A ledger with orders, and a clock that goes on when it is told to. */
export interface OrdersWorld {
  readonly ledger: RealLedger;
  readonly payments: Payments;
  /** Another process on the same log and database. */
  readonly other: Payments;
  /** Of this process, as it was begun by the last `begin`. */
  readonly healing: () => OrderHealing;
  /** The clock shows the present, and a process begins. */
  begin(): void;
  readonly clock: { aheadMs: number };
  /** Somebody new, and what they may order. */
  payer(): Promise<Payer>;
  placed(offered?: { readonly method: string; readonly providerId: string }): Promise<OrderView>;
  readonly now: () => Date;
  order(orderId: string): Promise<OrderView>;
  /** What somebody does at the test provider. `notify`: who hears of it. */
  act(
    order: OrderView,
    act: TestAct,
    notify?: (request: RawRequest) => Promise<HttpAnswer | undefined>,
  ): Promise<void>;
  settle(): Promise<void>;
  /** Every poll of the schedule, up to its end. */
  heal(): Promise<void>;
  credits(orderId: string): Promise<number>;
  close(): Promise<void>;
}

export async function createOrdersWorld(
  wrap = (commands: Commands): Commands => commands,
  baseUrl = 'https://pay.example.com',
): Promise<OrdersWorld> {
  const ledger = await createRealLedger();
  const clock = { aheadMs: 0 };
  // A machine that is too busy for a connection: it is tried again.
  const onFault = () => undefined;
  const now = () => new Date(Date.now() + clock.aheadMs);
  const otherStore = createPostgresEventStore({ connectionString: ledger.url });
  const open = (commands: Commands): Payments =>
    openPayments({
      ...ledger,
      commands: wrap(commands),
      openTexts: ledger.vault.openTexts,
      defaultSettings: { payments: terms },
      isTest: true,
      givesGrants: true,
      mayReachFrom: () => () => true,
      baseUrl: () => baseUrl,
      now,
      onVerdict: () => undefined,
      onFault,
    });
  const payments = open(createCommands({ ...ledger.dependencies, now }));
  const other = open(createCommands({ ...ledger.dependencies, store: otherStore, now }));
  const begun = () => new OrderHealing({ ...payments.parts, pool: ledger.pool, onFault });
  let healing = begun();
  const settle = async () => {
    await ledger.readModels.waitFor(await ledger.head(), PATIENCE_MS);
  };
  const order = async (orderId: string) => {
    await settle();
    const found = await payments.desk.operators.find(orderId);
    if (!found) throw new Error(`there is no order ${orderId}`);
    return found;
  };
  const secret = Buffer.from(ledger.keyring.hashSecret('test-payments', 'notifications'), 'hex');
  const bank = createTestPayments(ledger.pool);
  let people = 0;
  const payer = async (): Promise<Payer> => {
    const externalUserId = `payer-${++people}`;
    const synced = await ledger.commands.syncAccount({ externalUserId, username: externalUserId }, meta);
    if (!synced.ok) throw new Error(synced.refusal.code);
    await settle();
    const account = await ledger.readModels.account(externalUserId);
    const price = priceOrder(terms, 'CNY', '500');
    if ('fault' in price || !account) throw new Error('there is no price or no account');
    const asked = { method: TEST, currency: 'CNY', amount: '500' };
    return { accountId: account.accountId, externalUserId, price, asked };
  };
  return {
    ledger,
    payments,
    other,
    healing: () => healing,
    begin: () => {
      clock.aheadMs = 0;
      healing = begun();
    },
    clock,
    settle,
    order,
    payer,
    now,
    placed: async ({ method, providerId } = { method: TEST, providerId: TEST }) => {
      const { asked, price, ...account } = await payer();
      const offered = { method, providerId, currencies: ['CNY'] };
      const { commands } = payments.desk.of(account);
      const placed = await commands.place({ asked: { ...asked, method }, offered, price }, meta);
      if (!placed.ok) throw new Error(placed.refusal.code);
      return order(placed.value.orderId);
    },
    act: (placed, act, notify = (request) => payments.desk.notify(TEST, request)) =>
      payAtTest({ bank, secret, now, notify }, payable(placed), act),
    heal: async () => {
      for (const aheadMs of [6, 40, 120, 400, 1_000, 2_000, 4_000, 40_000, 100_000, 300_000]) {
        clock.aheadMs += aheadMs * 1_000;
        await healing.tick();
        await settle();
      }
    },
    credits: async (orderId) => {
      const credits = await ledger.events('payment-credited');
      return credits.filter(({ payment_id }) => payment_id === orderId).length;
    },
    close: async () => {
      await otherStore.close();
      await ledger.close();
    },
  };
}

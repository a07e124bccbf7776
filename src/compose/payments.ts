import type pg from 'pg';
import { amountText } from '../domain/money/currency.js';
import type { OrderCommands } from '../commands/order/commands.js';
import type { RefundCommands } from '../commands/refund/commands.js';
import { type Settings, settingsInForce } from '../domain/setting/settings.js';
import { defaultHttpSettings } from '../http/ports.js';
import type { TestPayments } from '../http/payments/payment-routes.js';
import type { ReadModels } from '../projections/read-models.js';
import { openedRows } from '../projections/runtime/opened-rows.js';
import { createManualProvider, MANUAL } from '../providers/manual/manual-provider.js';
import { payAtTest, testActs } from '../providers/testpay/paying.js';
import { createTestProvider, TEST } from '../providers/testpay/test-provider.js';
import { Alerts } from '../reactions/alerts/alerts.js';
import { PostgresOutbox } from '../reactions/outbox/postgres-outbox.js';
import { createPaymentClaims, endingClaims } from '../reactions/payments/claims.js';
import { ALERT_RECEIVERS } from './reactions.js';
import { payable } from '../reactions/payments/asking.js';
import { createPaymentDesk, type DeskParts } from '../reactions/payments/desk.js';
import { withDisputes } from '../reactions/payments/disputes.js';
import { PaymentInbox } from '../reactions/payments/inbox.js';
import type { PaymentDesk } from '../reactions/payments/ports.js';
import { createProviderDesk } from '../reactions/payments/provider-desk.js';
import { ProviderUnavailable } from '../reactions/payments/provider.js';
import { PostgresRefundTurns } from '../reactions/payments/refund-turns.js';
import { PaymentSchedule } from '../reactions/payments/schedule.js';
import { type Ask, createAsk } from '../providers/asking/ask.js';
import { createPaymentProviderStore } from '../stores/payment-providers.js';
import { createTestPayments } from '../stores/test-payments.js';
import type { Reach } from '../support/reach.js';
import { canBeMade, createPaymentProviders } from './payment-providers.js';
import type { Keyring } from '../support/keyring.js';

export interface PaymentsOptions extends Pick<
  DeskParts,
  'store' | 'openTexts' | 'onVerdict' | 'onFault' | 'now'
> {
  readonly pool: pg.Pool;
  readonly keyring: Keyring;
  readonly commands: OrderCommands & RefundCommands;
  readonly readModels: Pick<ReadModels, 'settings' | 'waitFor'>;
  readonly defaultSettings: Pick<Settings, 'payments'>;
  /** Whether there is the test provider, which takes no money. */
  readonly isTest: boolean;
  /** Where the service is reached. */
  readonly baseUrl: () => string;
  /** Which addresses a provider may be at. */
  readonly mayReachFrom: Reach;
}

/** Orders and who takes their money. */
export interface Payments {
  readonly desk: PaymentDesk;
  readonly testPayments: TestPayments | undefined;
  /** What heals them works with the same. */
  readonly parts: DeskParts;
}

export function openPayments(options: PaymentsOptions): Payments {
  const { pool, keyring, readModels, now } = options;
  const alerts = new Alerts(pool, new PostgresOutbox(pool), ALERT_RECEIVERS);
  const commands = endingClaims(options.commands, alerts);
  const terms = async () =>
    settingsInForce(await readModels.settings(), { payments: options.defaultSettings.payments }).payments;
  const secret = Buffer.from(keyring.hashSecret('test-payments', 'notifications'), 'hex');
  const bank = createTestPayments(pool);
  const configurations = createPaymentProviderStore(pool, keyring);
  const manual = createManualProvider(async () => (await terms()).bank);
  const test = options.isTest
    ? createTestProvider({ bank, secret, baseUrl: options.baseUrl, now })
    : undefined;
  const waitFor = (position: bigint) => readModels.waitFor(position, defaultHttpSettings.projectionWaitMs);
  const providerParts = {
    fixed: test ? [test, manual] : [manual],
    store: configurations,
    ask: createAsk(options.mayReachFrom),
    terms,
    baseUrl: options.baseUrl,
    now,
  };
  const parts: DeskParts = {
    db: openedRows(pool, options.openTexts),
    store: options.store,
    openTexts: options.openTexts,
    refunds: options.commands,
    turns: new PostgresRefundTurns(pool),
    commands: withDisputes(commands, { db: pool, terms, waitFor }),
    providers: createPaymentProviders(providerParts),
    configuration: createProviderDesk({
      store: configurations,
      baseUrl: options.baseUrl,
      taken: [TEST, MANUAL],
      // Our own address, wherever that is.
      visit: visitOwn(createAsk(() => () => true)),
      canBeMade: (revision) => canBeMade(revision, providerParts),
      now,
    }),
    claims: createPaymentClaims(alerts),
    inbox: new PaymentInbox(pool, keyring),
    schedule: new PaymentSchedule(pool),
    terms,
    waitFor,
    now,
    onVerdict: options.onVerdict,
    onFault: options.onFault,
  };
  const desk = createPaymentDesk(parts);
  const paying = {
    bank,
    secret,
    now,
    notify: (request: Parameters<typeof desk.notify>[1]) => desk.notify(TEST, request),
  };
  return { desk, parts, testPayments: test && testPaymentsOn(desk, paying) };
}

const visitOwn = (ask: Ask) => async (url: string) => {
  try {
    return await ask({ method: 'GET', url: new URL(url), headers: {} });
  } catch (error) {
    if (error instanceof ProviderUnavailable) return undefined;
    throw error;
  }
};

const testPaymentsOn = (
  { operators }: Pick<PaymentDesk, 'operators'>,
  paying: Parameters<typeof payAtTest>[0],
): TestPayments => {
  const own = async (orderId: string) => {
    const order = await operators.find(orderId);
    return order?.providerId === TEST ? order : undefined;
  };
  return {
    acts: testActs,
    describe: async (orderId) => {
      const order = await own(orderId);
      return order && `${amountText(order.payMinor, order.currency)} ${order.currency}`;
    },
    act: async (orderId, asked) => {
      const order = await own(orderId);
      const act = testActs.find((each) => each === asked);
      if (!order || !act) return false;
      await payAtTest(paying, payable(order), act);
      return true;
    },
  };
};

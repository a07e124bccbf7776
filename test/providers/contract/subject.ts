import { randomBytes } from 'node:crypto';
import { newOrderId } from '../../../src/commands/order/order-id.js';
import { createPaymentProviders } from '../../../src/compose/payment-providers.js';
import { providerKinds, type ProviderKind } from '../../../src/domain/provider/settings.js';
import { firstPaymentTerms } from '../../../src/domain/setting/payments.js';
import { type Answer, type Ask, createAsk } from '../../../src/providers/asking/ask.js';
import type { OpenedRevision } from '../../../src/reactions/payments/configuration.js';
import type { PayableOrder, PaymentProvider, RawRequest } from '../../../src/reactions/payments/provider.js';
import { startNotified } from '../../support/fakes/notified.js';

export interface PaidAmount {
  readonly amountMinor: bigint;
}

/** A provider, and what stands behind it. */
export interface Subject {
  readonly provider: PaymentProvider;
  /** The same with other keys for what it is told; undefined where nobody tells it anything. */
  readonly stranger: PaymentProvider | undefined;
  /** Its notifications say when they were signed, and are good for five minutes. */
  readonly isTimed: boolean;
  /** What it answers is signed: an altered answer says nothing. */
  readonly answersAreSigned: boolean;
  /** Where it takes an order once: the second opening leads to another page of the same checkout. */
  readonly opensOnce: boolean;
  /** How many checkouts there are of an order. */
  checkouts(orderId: string): number;
  /** As a browser that goes where somebody is sent. */
  visit(url: string | undefined): Promise<void>;
  /** Somebody pays; the provider notifies. */
  pay(order: PayableOrder, how?: PaidAmount): Promise<void>;
  /** All that it gave back of an order. */
  given(order: PayableOrder): bigint;
}

/** Between us and a provider. */
export interface Line {
  /** What becomes of what it answers; undefined: it comes as it is. */
  broken: ((answer: () => Promise<Answer>) => Promise<Answer>) | undefined;
}

export interface Bench {
  readonly line: Line;
  readonly clock: { aheadMs: number };
  readonly now: () => Date;
  /** What was notified, in the order in which it came. */
  readonly sent: RawRequest[];
  /** Every secret that a provider was made with. */
  readonly secrets: ReadonlySet<string>;
  /** Where. */
  readonly notifyBase: string;
  make(
    kind: ProviderKind,
    settings: OpenedRevision['settings'],
    secrets: Readonly<Record<string, string>>,
  ): Promise<PaymentProvider>;
  close(): Promise<void>;
}

/** Providers without a ledger: what they are asked, and what they notify. */
export async function createBench(): Promise<Bench> {
  const clock = { aheadMs: 0 };
  const now = () => new Date(Date.now() + clock.aheadMs);
  const line: Line = { broken: undefined };
  const real = createAsk(() => () => true);
  const ask: Ask = (question) => (line.broken ? line.broken(() => real(question)) : real(question));
  const sent: RawRequest[] = [];
  const known = new Set<string>();
  const notified = await startNotified((request) => {
    sent.push(request);
    return Promise.resolve({ status: 200, type: 'text/plain', body: 'success' });
  });
  return {
    line,
    clock,
    now,
    sent,
    secrets: known,
    notifyBase: notified.base,
    make: (kind, settings, secrets) => {
      for (const secret of Object.values(secrets)) known.add(secret);
      return made({ kind, settings, secrets }, { ask, now, base: notified.base });
    },
    close: notified.close,
  };
}

async function made(
  { kind, settings, secrets }: Pick<OpenedRevision, 'kind' | 'settings' | 'secrets'>,
  { ask, now, base }: { readonly ask: Ask; readonly now: () => Date; readonly base: string },
): Promise<PaymentProvider> {
  const revision = {
    ...{ providerId: kind, revision: 1, kind, secrets, configuredBy: 'operator:ann', configuredAt: now() },
    settings: providerKinds[kind].settings.parse(settings),
  };
  const provider = await createPaymentProviders({
    fixed: [],
    store: { revisions: () => Promise.resolve([revision]) } as never,
    terms: () => Promise.resolve(firstPaymentTerms),
    baseUrl: () => base,
    ask,
    now,
  }).find(kind);
  if (!provider) throw new Error(`there is no ${kind}`);
  return provider;
}

export const ordered = (method: string, now: Date): PayableOrder => ({
  orderId: newOrderId({ now: () => now, randomBytes }),
  method,
  currency: 'CNY',
  payMinor: 50_000n,
  placedAt: now,
  expiresAt: new Date(now.getTime() + 3_600_000),
  checkoutRef: undefined,
});

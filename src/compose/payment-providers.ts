import { type ProviderKind, providerKinds } from '../domain/provider/settings.js';
import type { PaymentTerms } from '../domain/setting/payments.js';
import { MANUAL } from '../providers/manual/manual-provider.js';
import { TEST } from '../providers/testpay/test-provider.js';
import type { Ask } from '../providers/asking/ask.js';
import { createAlipayProvider } from '../providers/alipay/alipay-provider.js';
import { createEpayProvider } from '../providers/epay/epay-provider.js';
import { createWechatProvider } from '../providers/wechat/wechat-provider.js';
import { createStripeProvider } from '../providers/stripe/stripe-provider.js';
import type { OpenedRevision, ProviderStore } from '../reactions/payments/configuration.js';
import { callbackBase, notifyUrlOf } from '../reactions/payments/provider-desk.js';
import type { OfferedMethod, PaymentProvider, PaymentProviders } from '../reactions/payments/provider.js';

export interface ProvidersParts {
  /** Those that have no configuration but the setting. */
  readonly fixed: readonly PaymentProvider[];
  readonly store: ProviderStore;
  readonly ask: Ask;
  readonly terms: () => Promise<PaymentTerms>;
  readonly baseUrl: () => string;
  readonly now: () => Date;
}

type Factory = (revision: OpenedRevision, parts: ProvidersParts) => PaymentProvider;

const addresses = ({ baseUrl }: ProvidersParts, id: string) => ({
  notifyUrl: notifyUrlOf(baseUrl(), id),
  returnUrl: (orderId: string) => `${callbackBase(baseUrl())}/api/payments/return/${orderId}`,
});

const factories: Readonly<Record<ProviderKind, Factory>> = {
  stripe: ({ providerId: id, revision, settings, secrets }, parts) =>
    createStripeProvider({
      id,
      revision,
      settings: providerKinds.stripe.settings.parse(settings),
      secrets: providerKinds.stripe.secrets.parse(secrets),
      ask: parts.ask,
      now: parts.now,
      ...addresses(parts, id),
    }),
  epay: ({ providerId: id, revision, settings, secrets }, parts) =>
    createEpayProvider({
      id,
      revision,
      settings: providerKinds.epay.settings.parse(settings),
      secrets: providerKinds.epay.secrets.parse(secrets),
      ask: parts.ask,
      now: parts.now,
      ...addresses(parts, id),
    }),
  alipay: ({ providerId: id, revision, settings, secrets }, parts) =>
    createAlipayProvider({
      id,
      revision,
      settings: providerKinds.alipay.settings.parse(settings),
      secrets: providerKinds.alipay.secrets.parse(secrets),
      ask: parts.ask,
      now: parts.now,
      ...addresses(parts, id),
    }),
  wechat: ({ providerId: id, revision, settings, secrets }, parts) =>
    createWechatProvider({
      id,
      revision,
      settings: providerKinds.wechat.settings.parse(settings),
      secrets: providerKinds.wechat.secrets.parse(secrets),
      ask: parts.ask,
      now: parts.now,
      notifyUrl: addresses(parts, id).notifyUrl,
    }),
};

/** Whether keys are keys, before they are kept. */
export function canBeMade(revision: OpenedRevision, parts: ProvidersParts): boolean {
  try {
    factories[revision.kind](revision, parts);
    return true;
  } catch {
    return false;
  }
}

/** Those that are fixed, and those that operators configured: a revision never changes, so that it is made once. */
export function createPaymentProviders(parts: ProvidersParts): PaymentProviders {
  const { fixed, store, terms } = parts;
  const made = new Map<string, PaymentProvider>();
  const makeOf = (configured: OpenedRevision): PaymentProvider => {
    const key = `${configured.providerId}:${configured.revision}`;
    const provider = made.get(key) ?? factories[configured.kind](configured, parts);
    made.set(key, provider);
    return provider;
  };
  const revisions = async (id: string): Promise<readonly PaymentProvider[]> => {
    const own = fixed.filter((provider) => provider.id === id);
    return own.length > 0 ? own : (await store.revisions(id)).map(makeOf);
  };
  return {
    revisions,
    find: async (id, revision) =>
      (await revisions(id)).find((each) => revision === undefined || each.revision === revision),
    all: async () => {
      const configured = await Promise.all(
        (await store.list()).map(({ providerId }) => revisions(providerId)),
      );
      return [...fixed, ...configured.flatMap(([newest]) => newest ?? [])];
    },
    offered: async (currencies) => {
      const { bank } = await terms();
      const transfers = bank?.currencies.filter((currency) => currencies.includes(currency)) ?? [];
      return [
        ...(fixed.some(({ id }) => id === TEST) ? [{ method: TEST, providerId: TEST, currencies }] : []),
        ...(await configuredMethods(store, currencies)),
        ...(transfers.length > 0 ? [{ method: 'bank', providerId: MANUAL, currencies: transfers }] : []),
      ];
    },
  };
}

/** A method that two providers have is the first one's, by name. */
async function configuredMethods(
  store: ProviderStore,
  currencies: readonly string[],
): Promise<readonly OfferedMethod[]> {
  const methods = new Map<string, OfferedMethod>();
  for (const { providerId, kind, settings, isEnabled } of await store.list())
    for (const { method, in: taken } of isEnabled ? methodsOf(kind, settings) : []) {
      const shared = taken.filter((currency) => currencies.includes(currency));
      if (shared.length > 0 && !methods.has(method))
        methods.set(method, { method, providerId, currencies: shared });
    }
  return [...methods.values()];
}

function methodsOf(
  kind: ProviderKind,
  settings: unknown,
): readonly { method: string; in: readonly string[] }[] {
  switch (kind) {
    case 'stripe':
      return [{ method: 'stripe', in: providerKinds.stripe.settings.parse(settings).currencies }];
    case 'epay':
      return providerKinds.epay.settings.parse(settings).methods.map((method) => ({ method, in: ['CNY'] }));
    case 'alipay':
      return [{ method: 'alipay', in: ['CNY'] }];
    case 'wechat':
      return [{ method: 'wxpay', in: ['CNY'] }];
  }
}

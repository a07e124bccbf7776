import { z } from 'zod';
import { providerIdField, providerKindNames } from '../../../../domain/provider/settings.js';
import type { ProviderListed } from '../../../../reactions/payments/configuration.js';
import type { AdminContext } from '../../../area-contexts.js';
import { type BoundEndpoint, endpoint } from '../../../endpoint.js';
import { invalidRequest } from '../../../failure.js';
import { seconds } from '../../../present.js';
import { refused } from '../../../refusals.js';
import { complaints } from '../../../validation.js';

const providerData = z
  .object({
    provider_id: z.string(),
    kind: z.enum(providerKindNames),
    revision: z.int().meta({ description: 'orders keep to the one that they were placed under' }),
    enabled: z
      .boolean()
      .meta({ description: 'whether it is offered; its orders are verified and healed in any case' }),
    settings: z.record(z.string(), z.unknown()),
    notify_url: z.string().meta({ description: 'what the provider is to notify' }),
    configured_by: z.string(),
    configured_at: z.int().meta({ description: 'unix seconds' }),
  })
  .meta({ id: 'PaymentProvider' });

const example = {
  provider_id: 'stripe',
  kind: 'stripe' as const,
  revision: 1,
  enabled: true,
  settings: { account: 'acct_1Test', currencies: ['USD'], api_url: 'https://api.stripe.com' },
  notify_url: 'https://api.example.com/api/payments/notify/stripe',
  configured_by: 'operator:alice',
  configured_at: 1795219200,
};

const present = ({ orders }: Pick<AdminContext, 'orders'>, provider: ProviderListed) => ({
  provider_id: provider.providerId,
  kind: provider.kind,
  revision: provider.revision,
  enabled: provider.isEnabled,
  settings: provider.settings,
  notify_url: orders.providers.notifyUrl(provider.providerId),
  configured_by: provider.configuredBy,
  configured_at: seconds(provider.configuredAt),
});

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/payment-providers',
  access: 'payments:read',
  operationId: 'adminListPaymentProviders',
  summary: 'List payment providers',
  description: 'The newest configuration of each. Secrets are sealed and never shown.',
  input: z.object({}),
  data: z.object({ providers: z.array(providerData) }),
  refusals: [],
  example: { data: { providers: [example] } },
  handle: async (_, context) => {
    const providers = await context.orders.providers.list();
    return { data: { providers: providers.map((provider) => present(context, provider)) } };
  },
});

const configure = endpoint({
  method: 'put',
  area: 'admin',
  path: '/payment-providers/{provider_id}',
  access: 'providers:write',
  freshProof: true,
  operationId: 'adminConfigurePaymentProvider',
  summary: 'Configure a payment provider',
  description:
    'Makes a new revision where anything differs; orders go on being verified by the one that they were placed under. A secret that is not given stays as it was, for the same kind and `api_url` alone. A new provider is not offered before it is enabled.',
  input: z.object({
    provider_id: providerIdField,
    kind: z.enum(providerKindNames),
    settings: z.record(z.string(), z.unknown()),
    secrets: z.record(z.string(), z.string().max(8_000)).optional(),
  }),
  data: providerData,
  refusals: [],
  example: {
    request: {
      kind: 'stripe',
      settings: { account: 'acct_1Test', currencies: ['USD'] },
      secrets: { secret_key: 'sk_test_example0', webhook_secret: 'whsec_example0' },
    },
    data: { ...example, enabled: false },
  },
  handle: async ({ provider_id: providerId, kind, settings, secrets = {} }, context) => {
    const by = context.meta.actor;
    const configured = await context.orders.providers.configure({ providerId, kind, settings, secrets, by });
    if (!configured.ok)
      throw invalidRequest(
        configured.faults.map(({ field, message }) => ({ field, ...complaints.type('无效', message) })),
      );
    return { data: present(context, configured.provider) };
  },
});

const enable = (verb: 'enable' | 'disable') =>
  endpoint({
    method: 'post',
    area: 'admin',
    path: `/payment-providers/{provider_id}/${verb}`,
    access: 'providers:write',
    freshProof: true,
    operationId: verb === 'enable' ? 'adminEnablePaymentProvider' : 'adminDisablePaymentProvider',
    summary: verb === 'enable' ? 'Offer a payment provider' : 'Offer a payment provider no more',
    description: 'Orders that were placed with it are verified, healed and credited in any case.',
    input: z.object({ provider_id: providerIdField }),
    bodyOptional: true,
    data: providerData,
    refusals: ['payment_provider_not_found'],
    example: { data: { ...example, enabled: verb === 'enable' } },
    handle: async ({ provider_id: providerId }, context) => {
      const provider = await context.orders.providers.enable(providerId, verb === 'enable');
      if (!provider) throw refused({ code: 'payment_provider_not_found' });
      return { data: present(context, provider) };
    },
  });

const selfTest = endpoint({
  method: 'post',
  area: 'admin',
  path: '/payment-providers/self-test',
  access: 'providers:write',
  operationId: 'adminTestPaymentAddress',
  summary: 'Ask for the address that providers notify',
  description:
    'This service asks for its own address as PUBLIC_URL has it. Open `url` from another network too: the text must be the same. `redirected`: providers follow no redirect, so PUBLIC_URL must be where it leads.',
  input: z.object({}),
  bodyOptional: true,
  data: z.object({
    url: z.string(),
    verdict: z.enum(['reached', 'redirected', 'other-answer', 'not-reached']),
    status: z.int().nullable(),
  }),
  refusals: [],
  example: {
    data: {
      url: 'https://api.example.com/api/payments/self-test/0f3b',
      verdict: 'reached',
      status: 200,
    },
  },
  handle: async (_, { orders }) => ({ data: await orders.providers.selfTest() }),
});

export const providerEndpoints: readonly BoundEndpoint[] = [
  list,
  selfTest,
  configure,
  enable('enable'),
  enable('disable'),
];

import { z } from 'zod';
import { providerName } from '../../../../domain/login/events.js';
import type { IdentityProvider } from '../../../../domain/setting/identity-providers.js';
import type { AdminContext } from '../../../area-contexts.js';
import { accepted, type BoundEndpoint, catalogueChanged, endpoint } from '../../../endpoint.js';
import { text } from '../../../fields.js';
import type { ListedProvider } from '../../../operators/identity-providers.js';

const kind = z.enum(['oidc', 'github']);
const provider = z.object({
  name: z.string(),
  kind,
  label: z.string(),
  issuer: z.string(),
  client_id: z.string(),
  redirect_uri: z.string().meta({ description: 'to be entered at the service' }),
});
const shown = {
  name: 'company',
  kind: 'oidc' as const,
  label: 'Company',
  issuer: 'https://accounts.example.com',
  client_id: 'counterfoil',
  redirect_uri: 'https://portal.example.com/portal/callback/company',
};

const present = ({ name, kind: of, label, issuer, client_id, redirectUri }: ListedProvider) => ({
  name,
  kind: of,
  label,
  issuer,
  client_id,
  redirect_uri: redirectUri,
});

async function shownAll({ admin }: AdminContext) {
  return { providers: (await admin.identityProviders.list()).map(present) };
}

const providersData = z.object({ providers: z.array(provider) });
const example = { data: { providers: [shown] } };

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/identity-providers',
  access: 'settings:read',
  operationId: 'adminListIdentityProviders',
  summary: 'List the services people sign in with',
  description: 'Without our secrets there, which are told to nobody.',
  input: z.object({}),
  data: providersData,
  refusals: [],
  example,
  handle: async (_, context) => ({ data: await shownAll(context) }),
});

/** The whole setting is written, as whoever looks at it in Acts reads it. */
async function change(context: AdminContext, value: readonly IdentityProvider[]) {
  const changing = { key: 'identity_providers', value } as const;
  const { position, replayed } = accepted(await context.commands.changeSetting(changing, context.meta));
  await catalogueChanged(context, position);
  await context.admin.identityProviders.forgetOthers(value);
  return { data: await shownAll(context), replayed };
}

const save = endpoint({
  method: 'put',
  area: 'admin',
  path: '/identity-providers/{name}',
  access: 'sign-in:write',
  freshProof: true,
  operationId: 'adminSaveIdentityProvider',
  summary: 'Set up a service people sign in with',
  description:
    'OpenID Connect by discovery, or GitHub. The service is asked before anything is saved. Without `client_secret` the one before stays, for the same address and client alone. The name stands in addresses and in the log.',
  input: z.object({
    name: z
      .string()
      .refine((name) => providerName.safeParse(name).success, 'a-z, 0-9, -; the first a letter'),
    kind,
    label: text(1, 40),
    issuer: text(1, 300).meta({ description: '`https://accounts.example.com`, `https://github.com`' }),
    client_id: text(1, 300),
    client_secret: text(1, 1_000).optional(),
  }),
  data: providersData,
  refusals: ['setting_invalid'],
  failures: [
    [400, 'provider_secret_missing', '请填写客户端密钥：地址或客户端 ID 已变更时必须重新填写'],
    [400, 'provider_unfit', '无法使用该登录服务'],
  ],
  example: {
    request: {
      kind: 'oidc',
      label: 'Company',
      issuer: 'https://accounts.example.com',
      client_id: 'counterfoil',
      client_secret: 'example-secret',
    },
    ...example,
  },
  handle: async ({ client_secret: secret, ...rest }, context) =>
    change(context, await context.admin.identityProviders.withProvider({ ...rest, secret })),
});

const remove = endpoint({
  method: 'delete',
  area: 'admin',
  path: '/identity-providers/{name}',
  access: 'sign-in:write',
  freshProof: true,
  operationId: 'adminRemoveIdentityProvider',
  summary: 'Take back a service people sign in with',
  description:
    'Nobody signs in with it any more; who it is linked to stays linked, should it be set up again.',
  input: z.object({ name: text(1, 32) }),
  bodyOptional: true,
  data: providersData,
  refusals: [],
  failures: [[404, 'provider_not_found', '不支持该登录方式']],
  example: { data: { providers: [] } },
  handle: async ({ name }, context) => change(context, await context.admin.identityProviders.without(name)),
});

export const identityProviderEndpoints: readonly BoundEndpoint[] = [list, save, remove];

import { z } from 'zod';
import { originOfUrl } from '../../../../support/origins.js';
import { endpoint } from '../../../endpoint.js';
import { externalUserIdField, nameText, webAddressField } from '../../../fields.js';
import { invalidRequest } from '../../../failure.js';
import { complaints } from '../../../validation.js';

/** A path of the Portal and nothing else: no other host can be meant by it. */
const PAGE = /^(?!.*\/\.)\/portal(?:\/[\w.~-]+)*(?:\?[\w.~%&=+-]*)?$/;

const DEFAULT_SECONDS = 60;
const MOST_SECONDS = 300;

const input = z.object({
  external_user_id: externalUserIdField,
  page: nameText(1, 300)
    .refine((page) => PAGE.test(page), {
      params: complaints.type('应为 Portal 内的路径', 'must be a path of the Portal'),
    })
    .optional()
    .meta({ description: 'where in the Portal to begin', examples: ['/portal/settings'] }),
  return_url: webAddressField
    .optional()
    .meta({ description: 'where the Portal leads back to; the service key must list its origin' }),
  locale: z.enum(['zh', 'en']).optional().meta({ description: 'the language of the Portal' }),
  ttl_seconds: z.int().min(1).max(MOST_SECONDS).default(DEFAULT_SECONDS),
});

const foreign = () =>
  invalidRequest([
    {
      field: 'return_url',
      rule: 'type',
      text: {
        zh: '该网址的源未登记在服务密钥上',
        en: 'is of an origin that the service key does not list',
      },
    },
  ]);

export const sessionEndpoint = endpoint({
  method: 'post',
  path: '/session',
  access: 'sessions',
  operationId: 'createSession',
  summary: 'Hand a user over to the Portal',
  description:
    'Answers an address to send the browser to: whoever opens it first is signed in as that user, for eight hours, and cannot change password, address or factors. Its code works once and only for `ttl_seconds`; it stands behind `#`, which browsers send to no server.',
  input,
  data: z.object({
    url: z.string(),
    expires_at: z.int().meta({ description: 'unix seconds' }),
  }),
  refusals: ['account_not_found', 'account_erased'],
  example: {
    request: {
      external_user_id: 'test_user_001',
      page: '/portal/settings',
      return_url: 'https://shop.example.com/account',
      locale: 'zh',
      ttl_seconds: 60,
    },
    data: { url: 'https://ai.example.com/portal/enter#k3Zs…', expires_at: 1795219260 },
  },
  handle: async (
    {
      external_user_id: externalUserId,
      page = '/portal',
      return_url: returnUrl,
      locale,
      ttl_seconds: seconds,
    },
    { handOver, meta, returnOrigins },
  ) => {
    if (returnUrl !== undefined && !returnOrigins.includes(originOfUrl(returnUrl) ?? '')) throw foreign();
    const { url, expiresAt } = await handOver({
      externalUserId,
      via: meta.actor,
      page,
      returnUrl: returnUrl ?? null,
      language: locale ?? null,
      forMs: seconds * 1_000,
    });
    return { data: { url, expires_at: Math.floor(expiresAt.getTime() / 1_000) } };
  },
});

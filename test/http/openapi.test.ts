import { relayRoutes } from '../../src/relay/dialects/all.js';
import { relayShapes } from '../../src/relay/dialects/shapes.js';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fullPath } from '../../src/http/areas.js';
import { adminEndpoints } from '../../src/http/routes/admin/route.js';
import { type HttpServer, startHttpServer } from './support/http-server.js';

const LIMITS = { minUsd: '0.01', maxUsd: '1000' };

let server: HttpServer;
beforeAll(async () => {
  server = await startHttpServer({});
});
afterAll(() => server.close());

interface Operation {
  operationId: string;
  parameters?: { name?: string; in?: string; required?: boolean; schema?: unknown }[];
  requestBody?: {
    content: Record<string, { schema: { required: string[]; properties: Record<string, unknown> } }>;
  };
  responses: Record<
    string,
    { content?: Record<string, { examples?: Record<string, unknown>; example?: unknown }> }
  >;
}

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

describe('/openapi.json', () => {
  interface Document {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
  }
  // Asked for once: on a slow machine a connection that waited for the test before it is closed when the next one takes it.
  let loaded: Promise<{ body: unknown }> | undefined;
  const load = async () => (await (loaded ??= server.raw('/openapi.json'))).body as Document;

  it('tells of every endpoint of the relay, under a name of its own, and of nothing that is not there', async () => {
    const told = relayRoutes.map(({ endpoint }) => endpoint.document.operationId);
    expect(new Set(told).size).toBe(told.length);
    const text = JSON.stringify(await load());
    for (const { endpoint } of relayRoutes.filter(({ when }) => !when))
      expect(text).toContain(`"operationId":"${endpoint.document.operationId}"`);
    const { components } = JSON.parse(text) as { components: { schemas: object } };
    const wanted = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
    expect([...new Set(wanted)].filter((name) => !Object.hasOwn(components.schemas, name as string))).toEqual(
      [],
    );
    expect(Object.keys(relayShapes).filter((name) => !wanted.includes(name))).toEqual([]);
  });

  it('is OpenAPI 3.1 and describes every endpoint of the contract and of the relay', async () => {
    const { openapi, paths } = await load();
    expect(openapi).toBe('3.1.0');
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(operations.filter((each) => !each.includes(' /api/admin/')).sort()).toEqual([
      'delete /api/auth/identities/{id}',
      'delete /api/auth/passkeys/{id}',
      'delete /api/auth/sessions/{id}',
      'delete /api/auth/totp',
      'delete /api/user/external/token',
      'delete /api/user/external/{external_user_id}/team/members/{member}',
      'delete /api/user/keys/{id}',
      'delete /api/user/self',
      'delete /api/user/team/members/{member}',
      'delete /v1/responses/{id}',
      'get /api/audit/diff',
      'get /api/audit/events',
      'get /api/audit/explain',
      'get /api/audit/export',
      'get /api/audit/history',
      'get /api/audit/receipts/{figure}',
      'get /api/audit/users/{external_user_id}/balance',
      'get /api/audit/users/{external_user_id}/balance-proof',
      'get /api/audit/users/{external_user_id}/statement',
      'get /api/auth/identities',
      'get /api/auth/me',
      'get /api/auth/passkeys',
      'get /api/auth/providers',
      'get /api/auth/sessions',
      'get /api/auth/sign-ins',
      'get /api/auth/totp',
      'get /api/log/token',
      'get /api/outbox',
      'get /api/pricing',
      'get /api/pricing/estimate',
      'get /api/status',
      'get /api/usage/token',
      'get /api/user/alerts',
      'get /api/user/balance',
      'get /api/user/balance/proof',
      'get /api/user/billing',
      'get /api/user/billing/stats',
      'get /api/user/billing/{id}',
      'get /api/user/external/models',
      'get /api/user/external/payments',
      'get /api/user/external/topup/{payment_id}',
      'get /api/user/external/users',
      'get /api/user/external/{external_user_id}',
      'get /api/user/external/{external_user_id}/balance-proof',
      'get /api/user/external/{external_user_id}/grants',
      'get /api/user/external/{external_user_id}/logs',
      'get /api/user/external/{external_user_id}/memberships',
      'get /api/user/external/{external_user_id}/orders',
      'get /api/user/external/{external_user_id}/orders/{id}',
      'get /api/user/external/{external_user_id}/orders/{id}/refunds',
      'get /api/user/external/{external_user_id}/plans',
      'get /api/user/external/{external_user_id}/receipts/{figure}',
      'get /api/user/external/{external_user_id}/referral',
      'get /api/user/external/{external_user_id}/stats',
      'get /api/user/external/{external_user_id}/subscription',
      'get /api/user/external/{external_user_id}/team',
      'get /api/user/external/{external_user_id}/topup/options',
      'get /api/user/grants',
      'get /api/user/keys',
      'get /api/user/logs',
      'get /api/user/logs/export',
      'get /api/user/logs/{id}',
      'get /api/user/logs/{id}/receipt',
      'get /api/user/memberships',
      'get /api/user/models',
      'get /api/user/plans',
      'get /api/user/proofs',
      'get /api/user/referral',
      'get /api/user/self',
      'get /api/user/statements',
      'get /api/user/statements/{month}',
      'get /api/user/subscription',
      'get /api/user/team',
      'get /api/user/topups',
      'get /api/user/topups/options',
      'get /api/user/topups/{id}',
      'get /api/user/usage',
      'get /api/user/verify-email',
      'get /api/v1/credits',
      'get /api/v1/generation',
      'get /api/v1/key',
      'get /user/balance',
      'get /v1/dashboard/billing/subscription',
      'get /v1/dashboard/billing/usage',
      'get /v1/models',
      'get /v1/models/{model}',
      'get /v1/responses/{id}',
      'get /v1/responses/{id}/input_items',
      'get /v1/usage',
      'get /v1beta/models',
      'get /v1beta/models/{model}',
      'patch /api/auth/passkeys/{id}',
      'patch /api/user/external/token',
      'patch /api/user/keys/{id}',
      'patch /api/user/self',
      'post /api/audit/reconcile/psp',
      'post /api/audit/reconcile/upstream',
      'post /api/auth/email',
      'post /api/auth/email/confirm',
      'post /api/auth/handover',
      'post /api/auth/identities',
      'post /api/auth/identities/start',
      'post /api/auth/login',
      'post /api/auth/login/second-factor',
      'post /api/auth/logout',
      'post /api/auth/oidc/{provider}/callback',
      'post /api/auth/oidc/{provider}/register',
      'post /api/auth/oidc/{provider}/start',
      'post /api/auth/passkey',
      'post /api/auth/passkey/options',
      'post /api/auth/passkeys',
      'post /api/auth/passkeys/options',
      'post /api/auth/password',
      'post /api/auth/password/forgot',
      'post /api/auth/password/reset',
      'post /api/auth/recovery-codes',
      'post /api/auth/renew',
      'post /api/auth/sessions/end-others',
      'post /api/auth/step-up',
      'post /api/auth/token',
      'post /api/auth/totp',
      'post /api/auth/totp/confirm',
      'post /api/user/alerts/test',
      'post /api/user/external/session',
      'post /api/user/external/sync',
      'post /api/user/external/sync/batch',
      'post /api/user/external/token',
      'post /api/user/external/token/reset',
      'post /api/user/external/topup',
      'post /api/user/external/topup/refund',
      'post /api/user/external/topup/refund/reverse',
      'post /api/user/external/{external_user_id}/orders',
      'post /api/user/external/{external_user_id}/orders/{id}/cancel',
      'post /api/user/external/{external_user_id}/orders/{id}/check',
      'post /api/user/external/{external_user_id}/orders/{id}/refunds',
      'post /api/user/external/{external_user_id}/plans/{plan_id}/orders',
      'post /api/user/external/{external_user_id}/redeem',
      'post /api/user/external/{external_user_id}/subscription/cancel',
      'post /api/user/keys',
      'post /api/user/keys/ephemeral',
      'post /api/user/keys/{id}/reset',
      'post /api/user/memberships/{team}/keys',
      'post /api/user/plans/{plan_id}/orders',
      'post /api/user/redeem',
      'post /api/user/referral/code',
      'post /api/user/register',
      'post /api/user/resend-verification',
      'post /api/user/subscription/cancel',
      'post /api/user/topups',
      'post /api/user/topups/{id}/cancel',
      'post /api/user/topups/{id}/check',
      'post /api/user/verify-email',
      'post /v1/audio/speech',
      'post /v1/audio/transcriptions',
      'post /v1/audio/translations',
      'post /v1/chat/completions',
      'post /v1/completions',
      'post /v1/embeddings',
      'post /v1/images/edits',
      'post /v1/images/generations',
      'post /v1/messages',
      'post /v1/messages/count_tokens',
      'post /v1/moderations',
      'post /v1/rerank',
      'post /v1/responses',
      'post /v1/responses/compact',
      'post /v1/responses/input_tokens',
      'post /v1/responses/{id}/cancel',
      'post /v1beta/models/{model}:batchEmbedContents',
      'post /v1beta/models/{model}:countTokens',
      'post /v1beta/models/{model}:embedContent',
      'post /v1beta/models/{model}:generateContent',
      'post /v1beta/models/{model}:streamGenerateContent',
      'put /api/user/alerts',
      'put /api/user/external/{external_user_id}/team',
      'put /api/user/external/{external_user_id}/team/keys/{token_id}',
      'put /api/user/external/{external_user_id}/team/keys/{token_id}/budget',
      'put /api/user/external/{external_user_id}/team/members/{member}',
      'put /api/user/external/{external_user_id}/team/members/{member}/budget',
      'put /api/user/team',
      'put /api/user/team/keys/{token_id}',
      'put /api/user/team/keys/{token_id}/budget',
      'put /api/user/team/members/{member}',
      'put /api/user/team/members/{member}/budget',
    ]);
    expect(operations.filter((each) => each.includes(' /api/admin/')).sort()).toEqual(
      adminEndpoints(LIMITS)
        .map((each) => `${each.method} ${fullPath(each)}`)
        .sort(),
    );
  });

  it('says of numbers that are always whole that they are integers', async () => {
    const text = JSON.stringify(await load());
    const numbers = [...text.matchAll(/\{"type":"number"[^{}]*\}/g)].map((match) => match[0]);
    expect(numbers.length).toBeGreaterThan(5);
    expect(numbers.filter((each) => /"(const|enum)":/.test(each))).toEqual([]);
    const { paths } = await load();
    const query = paths['/api/user/external/{external_user_id}/logs']?.get?.parameters ?? [];
    expect(query.find(({ name }) => name === 'page')?.schema).toEqual({
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
    });
  });

  it('names the bodies of the external API and says what stands beside the models', async () => {
    const { components, paths } = (await load()) as Awaited<ReturnType<typeof load>> & {
      components: { schemas: Record<string, unknown> };
    };
    const names = [
      'User',
      'SyncedUser',
      'TopUp',
      'Refund',
      'Token',
      'IssuedToken',
      'Stats',
      'LogPage',
      'LogRow',
    ];
    expect(Object.keys(components.schemas)).toEqual(expect.arrayContaining(names));
    expect(paths['/api/user/external/{external_user_id}']?.get?.responses['200']).toMatchObject({
      content: { 'application/json': { schema: { properties: { data: reference('User') } } } },
    });
    expect(components.schemas).toMatchObject({
      LogPage: { properties: { logs: { type: 'array', items: reference('LogRow') } } },
      Stats: {
        properties: {
          user_info: {
            properties: {
              balance_capacity: {
                properties: { _summary: reference('CapacitySummary') },
                additionalProperties: reference('ModelCapacity'),
              },
            },
          },
        },
      },
    });
  });

  it('lists the codes of each failure of an endpoint', async () => {
    const { paths } = await load();
    expect(paths['/api/user/external/topup']?.post?.responses['409']).toMatchObject({
      content: {
        'application/json': {
          schema: {
            allOf: [
              reference('Failure'),
              { properties: { code: { enum: ['payment_conflict', 'balance_ceiling', 'account_erased'] } } },
            ],
          },
        },
      },
    });
  });

  it('takes its shapes from the schemas that validate', async () => {
    const { paths } = await load();
    const schema = paths['/api/user/external/topup']?.post?.requestBody?.content['application/json']?.schema;
    expect(schema?.required).toEqual(['external_user_id', 'amount_usd', 'payment_id']);
    expect(schema?.properties).toMatchObject({
      external_user_id: { type: 'string', minLength: 1, maxLength: 100 },
      amount_usd: { type: ['number', 'string'], minimum: 0.01, maximum: 1000000 },
      payment_id: { maxLength: 200 },
    });
    const sync = paths['/api/user/external/sync']?.post?.requestBody?.content['application/json']?.schema;
    expect(sync?.required).toEqual(['external_user_id', 'username']);
    expect(sync?.properties.login_type).toEqual({
      type: 'string',
      enum: ['email', 'wechat', 'alipay', 'sms'],
    });
    const parameters = paths['/api/user/external/{external_user_id}/logs']?.get?.parameters ?? [];
    expect(
      parameters
        .filter(({ in: place }) => place)
        .map(({ name, in: place, required }) => [name, place, required]),
    ).toEqual([
      ['external_user_id', 'path', true],
      ...[
        'start_date',
        'end_date',
        'username',
        'model_name',
        'type',
        'token_id',
        'min_position',
        'page',
        'page_size',
      ].map((name) => [name, 'query', false]),
    ]);
  });

  it('is the one in docs/, which `npm run generate:openapi` writes', async () => {
    const written = await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
    expect(JSON.parse(written)).toEqual(await load());
  });

  it('names the refusals with their texts', async () => {
    const { paths } = await load();
    const conflicts =
      paths['/api/user/external/topup']?.post?.responses['409']?.content?.['application/json']?.examples;
    expect(conflicts?.payment_conflict).toMatchObject({
      value: { success: false, code: 'payment_conflict', message: '支付单号已被使用，且内容不一致' },
    });
  });

  it('has unique operation ids and only references that resolve', async () => {
    const document = await load();
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((each) => each.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) {
      const target = reference
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document);
      expect([reference, typeof target]).toEqual([reference, 'object']);
    }
  });
});

describe('/docs', () => {
  it('is a page without inline script whose every file comes from this host', async () => {
    const page = await server.raw('/docs');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/https?:|unsafe-eval|\*/);
    expect(page.text).not.toMatch(/<script>|https?:\/\/|\son\w+=/);
    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(files).toHaveLength(4);
    for (const file of files) {
      const reply = await server.raw(file);
      expect([file, reply.status, reply.headers.get('x-content-type-options')]).toEqual([
        file,
        200,
        'nosniff',
      ]);
      expect(reply.text.length).toBeGreaterThan(100);
    }
  });

  it('loads the document from here and asks no other host to validate it', async () => {
    const { text } = await server.raw('/docs/initializer.js');
    expect(text).toContain("url: '/openapi.json'");
    expect(text).toContain('validatorUrl: null');
  });

  it('serves nothing but its own files', async () => {
    expect((await server.raw('/docs/..%2f..%2fpackage.json')).status).toBe(404);
    expect((await server.raw('/docs/index.html')).status).toBe(404);
  });
});

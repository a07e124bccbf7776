import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type CommandCall, done, fakeReadModels, recordingCommands, someAccount } from './support/fakes.js';
import { type HttpServer, startHttpServer } from './support/http-server.js';

// Every rule of every field, as the contract has it. What is refused never reaches a command.

let server: HttpServer;
let calls: CommandCall[];
beforeAll(async () => {
  const recording = recordingCommands(() =>
    done({ userId: 1, isNew: true, tokenId: 7, quota: 1n, quotaLimit: null }),
  );
  calls = recording.calls;
  const readModels = fakeReadModels({
    payment: async (paymentId) => ({
      paymentId,
      externalUserId: 'u1',
      amountUsd: '1',
      quota: 500000n,
      balanceAfter: 500000n,
      note: null,
      creditedAt: new Date(0),
      receivedAt: null,
      refunds: [],
    }),
    tokens: async () => [
      {
        tokenId: 7,
        accountId: someAccount.accountId,
        tokenName: 'k',
        keyMask: 'sk-aaaa...bbbb',
        disabled: false,
        limits: { expires_at: null, quota_limit: null, models: [], allow_ips: [], group: null },
        usedQuota: 0n,
      },
    ],
  });
  server = await startHttpServer({ commands: recording.commands, readModels });
});
afterAll(() => server.close());
beforeEach(() => void calls.splice(0));

const sync = { external_user_id: 'u1', username: 'name' };
const topup = { external_user_id: 'u1', amount_usd: 1, payment_id: 'p1' };
const refund = { payment_id: 'p1', refund_id: 'r1' };
const token = { external_user_id: 'u1', token_name: 'k' };
const reference = { external_user_id: 'u1', token_id: 7 };
const nul = 'a\u0000b';

type Row = [body: Record<string, unknown>, field: string, rule: string];

const rules: Record<string, { base: Record<string, unknown>; rows: Row[] }> = {
  'POST /sync': {
    base: sync,
    rows: [
      [{ external_user_id: undefined }, 'external_user_id', 'required'],
      [{ external_user_id: null }, 'external_user_id', 'required'],
      [{ external_user_id: '' }, 'external_user_id', 'required'],
      [{ external_user_id: 5 }, 'external_user_id', 'type'],
      [{ external_user_id: 'x'.repeat(101) }, 'external_user_id', 'max'],
      [{ external_user_id: nul }, 'external_user_id', 'type'],
      [{ external_user_id: '\ud800' }, 'external_user_id', 'type'],
      [{ external_user_id: 'two\nlines' }, 'external_user_id', 'type'],
      ...[
        '.',
        '..',
        '../../etc/passwd',
        'a/./b',
        'a\\b',
        '%2e',
        'a%2Fb',
        '%5c',
        ' a',
        'a ',
        '\u3000a',
        'a\tb',
      ].map((id): Row => [{ external_user_id: id }, 'external_user_id', 'type']),
      ...['models', 'payments', 'topup', 'users'].map((id): Row => [
        { external_user_id: id },
        'external_user_id',
        'type',
      ]),
      [{ username: 'a\u001b[31mb' }, 'username', 'type'],
      [{ display_name: 'a\tb' }, 'display_name', 'type'],
      [{ external_data: 'a\u0007b' }, 'external_data', 'type'],
      [{ username: undefined }, 'username', 'required'],
      [{ username: '' }, 'username', 'required'],
      [{ username: '名'.repeat(51) }, 'username', 'max'],
      [{ username: ['a'] }, 'username', 'type'],
      [{ display_name: '名'.repeat(101) }, 'display_name', 'max'],
      [{ email: 'no-address' }, 'email', 'email'],
      [{ email: 'a b@c.de' }, 'email', 'email'],
      [{ email: `${'x'.repeat(95)}@abc.de` }, 'email', 'max'],
      [{ email: true }, 'email', 'type'],
      [{ phone: '1'.repeat(21) }, 'phone', 'max'],
      [{ phone: 13800000000 }, 'phone', 'type'],
      [{ wechat_openid: 'x'.repeat(101) }, 'wechat_openid', 'max'],
      [{ wechat_unionid: 'x'.repeat(101) }, 'wechat_unionid', 'max'],
      [{ alipay_userid: 'x'.repeat(101) }, 'alipay_userid', 'max'],
      [{ login_type: 'telegram' }, 'login_type', 'oneof'],
      [{ login_type: 1 }, 'login_type', 'oneof'],
      [{ aff_code: 'x'.repeat(33) }, 'aff_code', 'max'],
      [{ external_data: '数'.repeat(21846) }, 'external_data', 'max'],
      [{ external_data: { a: 1 } }, 'external_data', 'type'],
    ],
  },
  'POST /topup': {
    base: topup,
    rows: [
      [{ external_user_id: '' }, 'external_user_id', 'required'],
      [{ payment_id: undefined }, 'payment_id', 'required'],
      [{ payment_id: '' }, 'payment_id', 'required'],
      [{ payment_id: 'p'.repeat(201) }, 'payment_id', 'max'],
      [{ payment_id: 'p\r\n1' }, 'payment_id', 'type'],
      [{ payment_id: 7 }, 'payment_id', 'type'],
      [{ amount_usd: undefined }, 'amount_usd', 'required'],
      [{ amount_usd: null }, 'amount_usd', 'required'],
      [{ amount_usd: '' }, 'amount_usd', 'required'],
      [{ amount_usd: 0 }, 'amount_usd', 'min'],
      [{ amount_usd: -5 }, 'amount_usd', 'min'],
      [{ amount_usd: 0.009999 }, 'amount_usd', 'min'],
      [{ amount_usd: 1e-7 }, 'amount_usd', 'min'],
      [{ amount_usd: 1000000.000001 }, 'amount_usd', 'max'],
      [{ amount_usd: 1e30 }, 'amount_usd', 'max'],
      [{ amount_usd: '1e30' }, 'amount_usd', 'max'],
      [{ amount_usd: 1.0000001 }, 'amount_usd', 'type'],
      [{ amount_usd: 'NaN' }, 'amount_usd', 'type'],
      [{ amount_usd: 'Infinity' }, 'amount_usd', 'type'],
      [{ amount_usd: '-Infinity' }, 'amount_usd', 'type'],
      [{ amount_usd: '0x10' }, 'amount_usd', 'type'],
      [{ amount_usd: '1,000' }, 'amount_usd', 'type'],
      [{ amount_usd: ' 1' }, 'amount_usd', 'type'],
      [{ amount_usd: '1; DROP TABLE payments' }, 'amount_usd', 'type'],
      [{ amount_usd: true }, 'amount_usd', 'type'],
      [{ amount_usd: [1] }, 'amount_usd', 'type'],
      [{ amount_usd: { usd: 1 } }, 'amount_usd', 'type'],
    ],
  },
  'POST /topup/refund': {
    base: refund,
    rows: [
      [{ payment_id: '' }, 'payment_id', 'required'],
      [{ refund_id: undefined }, 'refund_id', 'required'],
      [{ refund_id: 'r'.repeat(201) }, 'refund_id', 'max'],
      [{ amount_usd: 0 }, 'amount_usd', 'min'],
      [{ amount_usd: -1 }, 'amount_usd', 'min'],
      [{ amount_usd: 1e30 }, 'amount_usd', 'max'],
      [{ amount_usd: 'all' }, 'amount_usd', 'type'],
      [{ reason: 'x'.repeat(501) }, 'reason', 'max'],
      [{ reason: 'a\u009bb' }, 'reason', 'type'],
    ],
  },
  'POST /token': {
    base: token,
    rows: [
      [{ token_name: undefined }, 'token_name', 'required'],
      [{ token_name: '' }, 'token_name', 'required'],
      [{ token_name: 'n'.repeat(101) }, 'token_name', 'max'],
      [{ expires_in_days: -1 }, 'expires_in_days', 'min'],
      [{ expires_in_days: 3651 }, 'expires_in_days', 'max'],
      [{ expires_in_days: 1.5 }, 'expires_in_days', 'type'],
      [{ expires_in_days: '30' }, 'expires_in_days', 'type'],
      [{ quota_limit: 0 }, 'quota_limit', 'min'],
      [{ quota_limit: 1e30 }, 'quota_limit', 'max'],
      [{ quota_limit: 0.5 }, 'quota_limit', 'type'],
      [{ models: 'gpt-4' }, 'models', 'type'],
      [{ models: [4] }, 'models.0', 'type'],
      [{ models: Array.from({ length: 501 }, () => 'm') }, 'models', 'max'],
      [{ allow_ips: ['10.0.0.0/33'] }, 'allow_ips.0', 'type'],
      [{ allow_ips: ['300.1.1.1'] }, 'allow_ips.0', 'type'],
      [{ allow_ips: ['127.0.0.1', 'localhost'] }, 'allow_ips.1', 'type'],
      [{ group: 'g'.repeat(65) }, 'group', 'max'],
    ],
  },
  'PATCH /token': {
    base: reference,
    rows: [
      [{ token_id: undefined }, 'token_id', 'required'],
      [{ token_id: '7' }, 'token_id', 'type'],
      [{ token_id: 0 }, 'token_id', 'required'],
      [{ token_id: 1e30 }, 'token_id', 'max'],
      [{ token_name: '' }, 'token_name', 'required'],
      [{ status: 3 }, 'status', 'oneof'],
      [{ status: true }, 'status', 'oneof'],
      [{ expires_in_days: 3651 }, 'expires_in_days', 'max'],
      [{ quota_limit: -1 }, 'quota_limit', 'min'],
      [{ quota_limit: 'all' }, 'quota_limit', 'type'],
    ],
  },
  'POST /token/reset': {
    base: reference,
    rows: [
      [{ external_user_id: undefined }, 'external_user_id', 'required'],
      [{ token_id: -1.5 }, 'token_id', 'type'],
    ],
  },
  'DELETE /token': {
    base: reference,
    rows: [
      [{ external_user_id: 'x'.repeat(101) }, 'external_user_id', 'max'],
      [{ token_id: "7' OR 1=1" }, 'token_id', 'type'],
    ],
  },
};

describe.each(Object.entries(rules))('%s refuses', (route, { base, rows }) => {
  const [method = '', path = ''] = route.split(' ');

  it.each(
    rows.map(([body, field, rule]) => [JSON.stringify(body)?.slice(0, 60), field, rule, body] as const),
  )('%s: %s breaks %s', async (_, field, rule, body) => {
    const reply = await server.call(method, path, { ...base, ...body });
    expect([reply.status, reply.body.code, reply.body.success]).toEqual([400, 'invalid_request', false]);
    expect(reply.body.errors).toEqual([{ field, rule, message: expect.stringMatching(/\S/) }]);
    expect(reply.body.message).toBe(`请求参数错误: ${field} ${reply.body.errors[0].message}`);
    expect(calls).toEqual([]);
  });

  it('several faults at once, one error a field', async () => {
    const reply = await server.call(method, path, {});
    expect(reply.body.errors.length).toBeGreaterThanOrEqual(2);
    expect(reply.body.errors.every((error: { rule: string }) => error.rule === 'required')).toBe(true);
  });
});

describe('GET /{id}/logs refuses', () => {
  it.each([
    ['page=x', 'page', 'type'],
    ['page=1.5', 'page', 'type'],
    ['page=1e3', 'page', 'type'],
    ['page=99999999999999999999', 'page', 'type'],
    ['page=1&page=2', 'page', 'type'],
    ['page_size=many', 'page_size', 'type'],
    ['token_id=abc', 'token_id', 'type'],
  ])('%s: %s breaks %s', async (query, field, rule) => {
    const reply = await server.call('GET', `/u1/logs?${query}`);
    expect([reply.status, reply.body.errors?.map((e: Row) => e)]).toEqual([
      400,
      [{ field, rule, message: expect.any(String) }],
    ]);
  });
});

describe('accepted', () => {
  const emoji = '😀';
  it.each<[string, Record<string, unknown>]>([
    ['limits count code points: 50 emoji', { username: emoji.repeat(50) }],
    ['100 characters of any script', { external_user_id: emoji.repeat(100), display_name: '名'.repeat(100) }],
    ['null counts as absent', { email: null, phone: null, login_type: null, external_data: null }],
    ['empty clears', { email: '', phone: '', display_name: '', aff_code: '' }],
    ['64 KiB of external data', { external_data: '数'.repeat(21845) }],
    [
      'SQL and paths are only text',
      { username: "'; DROP TABLE users;--", external_user_id: "/etc/passwd?x=' OR 1=1#" },
    ],
    ['unknown keys', { nonsense: { deep: [1, 2] }, constructor: 'x' }],
  ])('POST /sync: %s', async (_, body) => {
    const reply = await server.call('POST', '/sync', { ...sync, ...body });
    expect([reply.status, calls.length]).toEqual([200, 1]);
  });

  it('absent and null fields do not reach the command, empty ones do', async () => {
    await server.call('POST', '/sync', { ...sync, email: null, phone: '' });
    expect(calls[0]?.input).toEqual({ externalUserId: 'u1', username: 'name', phone: '' });
  });

  it.each([
    ['10', '10'],
    ['10.0', '10'],
    ['68.49', '68.49'],
    ['2.01', '2.01'],
    ['0.01', '0.01'],
    ['1e-2', '0.01'],
    ['0.1e1', '1'],
    ['1E3', '1000'],
    ['1000000', '1000000'],
    ['0.123456', '0.123456'],
    ['999999.999999', '999999.999999'],
    ['1.10000000000000000000', '1.1'],
    ['"68.49"', '68.49'],
    ['"10.00"', '10'],
  ])('POST /topup: amount_usd %s is exactly %s', async (written, amountUsd) => {
    const body = `{"external_user_id":"u1", "payment_id":"p1","amount_usd": ${written} }`;
    const reply = await server.call('POST', '/topup', body);
    expect([reply.status, calls[0]?.input]).toEqual([
      200,
      { externalUserId: 'u1', paymentId: 'p1', amountUsd },
    ]);
  });

  it('the last of repeated members counts, as for any JSON reader', async () => {
    const body = '{"external_user_id":"u1","payment_id":"p1","amount_usd":1,"amount_usd":2.5}';
    await server.call('POST', '/topup', body);
    expect(calls[0]?.input.amountUsd).toBe('2.5');
  });

  it.each([
    [undefined, 365],
    [0, 365],
    [1, 1],
    [3650, 3650],
  ])('POST /token: expires_in_days %s is %d', async (sent, days) => {
    await server.call('POST', '/token', { ...token, expires_in_days: sent });
    expect(calls[0]?.input).toEqual({
      externalUserId: 'u1',
      tokenName: 'k',
      expiresInDays: days,
      quotaLimit: null,
      models: [],
      allowIps: [],
      group: null,
    });
  });

  it('POST /token: limits of every kind', async () => {
    await server.call('POST', '/token', {
      ...token,
      quota_limit: 9007199254740991,
      models: ['gpt-4'],
      allow_ips: ['10.0.0.0/8', '::1', '2001:db8::/32'],
      group: 'vip',
    });
    expect(calls[0]?.input).toMatchObject({
      quotaLimit: 9007199254740991n,
      models: ['gpt-4'],
      allowIps: ['10.0.0.0/8', '::1', '2001:db8::/32'],
      group: 'vip',
    });
  });

  it('PATCH /token: absent keeps, empty takes away', async () => {
    await server.call('PATCH', '/token', { ...reference, status: 2 });
    expect(calls[0]?.input).toMatchObject({
      tokenId: 7,
      enabled: false,
      quotaLimit: undefined,
      group: undefined,
    });
    await server.call('PATCH', '/token', { ...reference, status: 1, quota_limit: '', group: '', models: [] });
    expect(calls[1]?.input).toMatchObject({ enabled: true, quotaLimit: null, group: null, models: [] });
  });
});

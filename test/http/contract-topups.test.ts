import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRealLedger, type RealLedger } from './support/real-ledger.js';
import { type HttpServer, startHttpServer } from './support/http-server.js';

// POST /topup and /topup/refund over HTTP, on PostgreSQL.

let ledger: RealLedger;
let server: HttpServer;
beforeAll(async () => {
  ledger = await createRealLedger();
  server = await startHttpServer({ commands: ledger.commands, readModels: ledger.readModels });
  for (const id of ['payer', 'other', 'hundred', 'refunds', 'poor', 'rich', 'won', 'named'])
    await server.call('POST', '/sync', { external_user_id: id, username: id });
});
afterAll(async () => {
  await server.close();
  await ledger.close();
});

const topup = (user: string, amount: unknown, payment: unknown) =>
  server.call('POST', '/topup', { external_user_id: user, amount_usd: amount, payment_id: payment });
const refund = (body: object) => server.call('POST', '/topup/refund', body);
const quotaOf = async (id: string): Promise<number> =>
  (await server.call('GET', `/${id}`)).body.data.current_quota as number;

describe('POST /topup', () => {
  it.each([
    ['10', 5000000],
    ['68.49', 34245000],
    ['2.01', 1005000],
    ['0.01', 5000],
    ['"68.49"', 34245000],
    ['1e-2', 5000],
    ['0.000001e4', 5000],
    ['0.010002', 5001],
  ])('%s dollars are %d quota', async (written, quota) => {
    const before = await quotaOf('payer');
    const body = `{"external_user_id":"payer","payment_id":"table-${written.replaceAll('"', 's')}","amount_usd":${written}}`;
    const reply = await server.call('POST', '/topup', body);
    expect([reply.status, reply.body]).toEqual([
      200,
      {
        success: true,
        message: '充值成功',
        data: {
          amount_usd: Number(written.replaceAll('"', '')),
          quota_added: quota,
          current_quota: before + quota,
          current_balance: (before + quota) / 500000,
          payment_id: `table-${written.replaceAll('"', 's')}`,
        },
      },
    ]);
    expect(await quotaOf('payer')).toBe(before + quota);
  });

  it('again gives the first answer, says so, and credits nothing, whatever came between', async () => {
    const first = await topup('payer', 68.49, 'pi_3MtwBwLkdIwHu7ix28a3tqPa');
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    await topup('payer', 1, 'between');
    const before = await ledger.head();
    for (const amount of [68.49, '68.49', '68.490000']) {
      const again = await topup('payer', amount, 'pi_3MtwBwLkdIwHu7ix28a3tqPa');
      expect([again.status, again.text]).toEqual([200, first.text]);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
    }
    expect(await ledger.head()).toBe(before);
  });

  it.each([
    ['amount', 'payer', 5.01, 'amount_usd'],
    ['user', 'other', 5, 'external_user_id'],
  ])('with another %s is a conflict that names the field', async (_, user, amount, field) => {
    await topup('payer', 5, 'conflict');
    const before = await ledger.head();
    const reply = await topup(user, amount, 'conflict');
    expect([reply.status, reply.body]).toEqual([
      409,
      {
        success: false,
        message: '支付单号已被使用，且内容不一致',
        code: 'payment_conflict',
        request_id: reply.headers.get('x-request-id'),
        details: { field },
      },
    ]);
    expect(await ledger.head()).toBe(before);
  });

  it('credits once of a hundred at once, and gives all the same answer', async () => {
    const replies = await Promise.all(Array.from({ length: 100 }, () => topup('hundred', 68.49, 'once')));
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(replies[0]?.body.data).toMatchObject({ current_quota: 34245000, current_balance: 68.49 });
    expect(replies.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
    expect(await quotaOf('hundred')).toBe(34245000);
    const credits = await ledger.events('payment-credited');
    expect(credits.filter(({ payment_id: id }) => id === 'once')).toHaveLength(1);
  });

  it('for an unknown user is a 404 and leaves the payment id free', async () => {
    const reply = await topup('nobody', 5, 'unknown-user');
    expect([reply.status, reply.body.code, reply.body.message]).toEqual([
      404,
      'account_not_found',
      '用户不存在',
    ]);
    expect((await topup('payer', 5, 'unknown-user')).status).toBe(200);
  });

  it('never lets a balance beyond what JSON numbers hold', async () => {
    // The ceiling is half of 2^53 quota, nine billion dollars: a service with high limits gets there.
    const generous = await startHttpServer({
      commands: ledger.commands,
      readModels: ledger.readModels,
      settings: { topupLimits: { minUsd: '0.01', maxUsd: '20000000000' } },
    });
    try {
      const pay = (amount: string, payment: string) =>
        generous.call('POST', '/topup', {
          external_user_id: 'rich',
          amount_usd: amount,
          payment_id: payment,
        });
      const full = await pay('9007199254.740992', 'rich-1');
      expect(full.text).toContain('"current_quota":4503599627370496,"current_balance":9007199254.740992');
      const over = await pay('0.01', 'rich-2');
      expect([over.status, over.body.code, over.body.details]).toEqual([
        409,
        'balance_ceiling',
        { max: 4503599627370496 },
      ]);
    } finally {
      await generous.close();
    }
  });

  it('takes any payment id of 1 to 200 code points that no other payment has', async () => {
    const ids = [
      "pay'; DELETE FROM payments;--",
      '../../x',
      '微信支付-😀',
      'x'.repeat(200),
      '😀'.repeat(200),
      '0',
      ' ',
    ];
    for (const id of ids) {
      const reply = await topup('payer', 0.01, id);
      expect([id, reply.status, reply.body.data?.payment_id]).toEqual([id, 200, id]);
    }
  });

  it('that is refused changes nothing', async () => {
    const before = [await ledger.head(), await quotaOf('payer')];
    const bodies = [
      ...[0, -1, 1e30, '1e30', 'NaN', 1.0000001, null, true, [], {}, '10 USD'].map((amount_usd) => ({
        amount_usd,
      })),
      ...['', null, 5, 'p'.repeat(201), 'a\u0000b', '\ud800'].map((payment_id) => ({ payment_id })),
      ...['', null, 5, 'u'.repeat(101), 'a\u0000b'].map((external_user_id) => ({ external_user_id })),
    ];
    for (const body of bodies) {
      const reply = await server.call('POST', '/topup', {
        external_user_id: 'payer',
        amount_usd: 1,
        payment_id: 'never',
        ...body,
      });
      expect([JSON.stringify(body).slice(0, 40), reply.status]).toEqual([
        JSON.stringify(body).slice(0, 40),
        400,
      ]);
      expect(reply.body.message).toMatch(/^请求参数错误: /);
    }
    expect([await ledger.head(), await quotaOf('payer')]).toEqual(before);
  });
});

describe('POST /topup/refund', () => {
  it('gives back part, then the rest, never more, each once', async () => {
    await topup('refunds', 68.49, 'r-pay');
    const part = await refund({ payment_id: 'r-pay', refund_id: 'r1', amount_usd: 8.49, reason: 'goodwill' });
    expect([part.status, part.body]).toEqual([
      200,
      {
        success: true,
        message: '退款成功',
        data: {
          payment_id: 'r-pay',
          refund_id: 'r1',
          amount_usd: 8.49,
          quota_deducted: 4245000,
          remaining_usd: 60,
          current_quota: 30000000,
          current_balance: 60,
        },
      },
    ]);
    const again = await refund({
      payment_id: 'r-pay',
      refund_id: 'r1',
      amount_usd: 8.49,
      reason: 'goodwill',
    });
    expect([again.body.data.current_quota, again.headers.get('idempotency-replayed')]).toEqual([
      30000000,
      'true',
    ]);
    const other = await refund({ payment_id: 'r-pay', refund_id: 'r1', amount_usd: 1 });
    expect([other.status, other.body.code, other.body.details]).toEqual([
      409,
      'refund_conflict',
      { field: 'amount_usd' },
    ]);
    const more = await refund({ payment_id: 'r-pay', refund_id: 'r2', amount_usd: 60.01 });
    expect([more.status, more.body.code, more.body.details]).toEqual([
      409,
      'refund_exceeds_payment',
      { remaining_usd: 60 },
    ]);
    const rest = await refund({ payment_id: 'r-pay', refund_id: 'r3' });
    expect(rest.body.data).toMatchObject({ amount_usd: 60, remaining_usd: 0, current_quota: 0 });
    expect(await quotaOf('refunds')).toBe(0);
  });

  it('of an unknown payment is a 404', async () => {
    const reply = await refund({ payment_id: 'no-such', refund_id: 'r' });
    expect([reply.status, reply.body.code, reply.body.message]).toEqual([
      404,
      'payment_not_found',
      '支付单不存在',
    ]);
  });
});

describe('a refund under a name of the ledger', () => {
  it('is refused with words, and nothing stops', async () => {
    await topup('named', 10, 'n-pay');
    const body = { payment_id: 'n-pay', amount_usd: 1, reason: 'x' };
    const { status, body: said } = await refund({ ...body, refund_id: 'reversed:r1' });
    expect([status, said.code, said.details]).toEqual([409, 'refund_conflict', { field: 'refund_id' }]);
    expect((await server.call('GET', '/topup/n-pay')).body.data).toMatchObject({ refunded_usd: 0 });
    expect((await refund({ ...body, refund_id: 'refund:1' })).status).toBe(200);
  });
});

describe('POST /topup/refund/reverse', () => {
  it('credits again what a dispute took that was won, once', async () => {
    await topup('won', 10, 'w-pay');
    await refund({ payment_id: 'w-pay', refund_id: 'dp_1', amount_usd: 4, reason: 'disputed' });
    const body = { payment_id: 'w-pay', refund_id: 'dp_1', why: 'dispute_won' };
    const first = await server.call('POST', '/topup/refund/reverse', body);
    expect([first.status, first.body.data]).toEqual([
      200,
      {
        ...{ payment_id: 'w-pay', refund_id: 'dp_1', amount_usd: 4 },
        ...{ quota_restored: 2_000_000, current_quota: 5_000_000, current_balance: 10 },
      },
    ]);
    const again = await server.call('POST', '/topup/refund/reverse', body);
    expect([again.body.data, again.headers.get('idempotency-replayed')]).toEqual([first.body.data, 'true']);
    const { body: shown } = await server.call('GET', '/topup/w-pay');
    expect(shown.data).toMatchObject({ refunded_usd: 0, remaining_usd: 10 });
    expect(shown.data.timeline.slice(-2)).toMatchObject([
      { type: 'refunded', refund_id: 'dp_1', amount_usd: 4, quota: -2_000_000, reason: 'disputed' },
      { type: 'refund_reversed', refund_id: 'dp_1', amount_usd: 4, quota: 2_000_000, reason: 'dispute_won' },
    ]);
    for (const [change, status] of [
      [{ refund_id: 'dp_2' }, 404],
      [{ payment_id: 'nobody' }, 404],
      [{ why: 'because' }, 400],
    ] as const)
      expect((await server.call('POST', '/topup/refund/reverse', { ...body, ...change })).status).toBe(
        status,
      );
  });
});

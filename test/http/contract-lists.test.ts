import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { paymentData, paymentsData } from '../../src/http/routes/external/payments/schema.js';
import { createRealLedger, type RealLedger } from './support/real-ledger.js';
import { type HttpServer, startHttpServer } from './support/http-server.js';

// What a front end asks for to compare its own books: one payment, all payments, all users.

let ledger: RealLedger;
let server: HttpServer;
const users = ['ann', 'bob', 'cid'];
beforeAll(async () => {
  ledger = await createRealLedger();
  server = await startHttpServer({ commands: ledger.commands, readModels: ledger.readModels });
  for (const id of users) await server.call('POST', '/sync', { external_user_id: id, username: id });
  for (const [index, id] of [...users, ...users].entries())
    await topup(id, index + 1, `p${index}`, index === 0 ? { note: 'order 1' } : {});
});
afterAll(async () => {
  await server.close();
  await ledger.close();
});

const topup = (user: string, amount: number, payment: string, more = {}) =>
  server.call('POST', '/topup', { external_user_id: user, amount_usd: amount, payment_id: payment, ...more });

const payments = async (query: string) => {
  const { status, body } = await server.call('GET', `/payments${query}`);
  expect(status).toBe(200);
  return paymentsData.parse(body.data);
};

describe('GET /topup/{payment_id}', () => {
  it('tells what became of a payment, step by step', async () => {
    await topup('ann', 10, 'stats');
    await server.call('POST', '/topup/refund', {
      payment_id: 'stats',
      refund_id: 'r1',
      amount_usd: 4,
      reason: 'late',
    });
    const { body } = await server.call('GET', '/topup/stats');
    const payment = paymentData.parse(body.data);
    expect(payment).toMatchObject({
      payment_id: 'stats',
      external_user_id: 'ann',
      amount_usd: 10,
      quota_added: 5_000_000,
      refunded_usd: 4,
      remaining_usd: 6,
      note: null,
    });
    expect(payment.timeline).toEqual([
      { type: 'received', at: payment.received_at },
      {
        type: 'credited',
        at: payment.credited_at,
        amount_usd: 10,
        quota: 5_000_000,
        current_quota: 7_500_000,
      },
      {
        type: 'refunded',
        at: expect.any(String),
        amount_usd: 4,
        quota: -2_000_000,
        current_quota: 5_500_000,
        refund_id: 'r1',
        reason: 'late',
      },
    ]);
    await server.call('POST', '/topup/refund', { payment_id: 'stats', refund_id: 'r2' });
    expect((await server.call('GET', '/topup/stats')).body.data).toMatchObject({
      refunded_usd: 10,
      remaining_usd: 0,
    });
  });

  it('tells when the top-up was received: the first request of many, before it was credited', async () => {
    const before = Date.now();
    await topup('ann', 10, 'often');
    const first = paymentData.parse((await server.call('GET', '/topup/often')).body.data);
    await topup('ann', 10, 'often');
    const again = paymentData.parse((await server.call('GET', '/topup/often')).body.data);
    expect(again).toEqual(first);
    expect(Date.parse(first.received_at ?? '')).toBeGreaterThanOrEqual(before);
    const [listed] = (await payments('?payment_id=often')).payments;
    expect(listed?.received_at).toBe(first.received_at);
  });

  it('of a payment that was never credited is a 404', async () => {
    const { status, body } = await server.call('GET', '/topup/never');
    expect([status, body.code, body.message]).toEqual([404, 'payment_not_found', '支付单不存在']);
  });
});

describe('GET /payments', () => {
  it('lists each payment once, page by page, in the order in which they were credited', async () => {
    const seen: string[] = [];
    let after = 0;
    for (;;) {
      const page = await payments(`?after=${after}&limit=2`);
      seen.push(...page.payments.map(({ payment_id }) => payment_id));
      if (page.next_after === null) break;
      after = page.next_after;
    }
    expect(seen.slice(0, 6)).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5']);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('goes on with what was credited since', async () => {
    const { last } = await payments('?limit=200');
    expect((await payments(`?after=${last}`)).payments).toEqual([]);
    await topup('bob', 1, 'later');
    expect((await payments(`?after=${last}`)).payments).toMatchObject([{ payment_id: 'later' }]);
  });

  it('of one user, and the one with an id that no address can carry', async () => {
    await topup('cid', 1, '..');
    const ofCid = await payments('?external_user_id=cid');
    expect(ofCid.payments.map(({ payment_id }) => payment_id)).toEqual(['p2', 'p5', '..']);
    expect((await payments('?payment_id=..')).payments).toHaveLength(1);
    expect((await payments('?payment_id=p0')).payments[0]).toMatchObject({
      note: 'order 1',
      refunded_usd: 0,
    });
    expect((await payments('?external_user_id=nobody')).payments).toEqual([]);
  });

  it.each(['after=-1', 'after=x', 'limit=0', 'limit=201', 'payment_id=a%00'])(
    'refuses ?%s',
    async (query) => {
      expect((await server.call('GET', `/payments?${query}`)).status).toBe(400);
    },
  );
});

describe('GET /users', () => {
  it('lists each user once, page by page, without anything personal', async () => {
    const first = (await server.call('GET', '/users?limit=2')).body.data;
    const second = (await server.call('GET', `/users?limit=2&after=${first.next_after}`)).body.data;
    const rows = [...first.users, ...second.users];
    expect(rows.map(({ external_user_id }: { external_user_id: string }) => external_user_id)).toEqual(users);
    expect(second.next_after).toBeNull();
    expect(Object.keys(rows[0])).not.toContain('email');
  });
});

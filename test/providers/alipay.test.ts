import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { memberText, signedRequest } from '../../src/providers/alipay/sign.js';
import { sightingsOf } from '../../src/providers/alipay/trade.js';
import { createOrdersWorld, type OrdersWorld } from '../reactions/payments/orders-world.js';
import { APP_ID, pemOf, SELLER_ID, startFakeAlipay } from '../support/fakes/fake-alipay.js';
import { startNotified } from '../support/fakes/notified.js';

let world: OrdersWorld;
let alipay: Awaited<ReturnType<typeof startFakeAlipay>>;
let notified: Awaited<ReturnType<typeof startNotified>>;

beforeAll(async () => {
  notified = await startNotified((request, path) =>
    world.payments.desk.notify(path.split('/').at(-1) ?? '', request),
  );
  world = await createOrdersWorld(undefined, notified.base);
  alipay = await startFakeAlipay(() => world.now());
  for (const product of ['page', 'qr']) {
    const { providers } = world.payments.desk.operators;
    const configured = await providers.configure({
      providerId: `alipay-${product}`,
      kind: 'alipay',
      settings: {
        ...{ app_id: APP_ID, seller_id: SELLER_ID, product },
        ...{ alipay_public_key: alipay.alipayKey, api_url: alipay.url },
      },
      secrets: { private_key: alipay.merchantKey },
      by: 'operator:ann',
    });
    expect(configured).toMatchObject({ ok: true });
    await providers.enable(`alipay-${product}`, true);
  }
});
afterAll(async () => {
  await alipay.close();
  await notified.close();
  await world.close();
});
beforeEach(() => {
  world.begin();
  for (const name of Object.keys(alipay.faults)) Reflect.deleteProperty(alipay.faults, name);
});

async function placed(product = 'page') {
  const order = await world.placed({ method: 'alipay', providerId: `alipay-${product}` });
  if (product === 'page') await alipay.visit(order.checkout?.url ?? '');
  const { orderId: id, accountId } = order;
  const balance = async () => {
    await world.settle();
    return world.ledger.dependencies.balanceOf(accountId);
  };
  return { order, id, balance, stage: async () => (await world.order(id)).stage };
}

describe.each(['page', 'qr'])('Alipay by %s', (product) => {
  it('is paid and credited once, notified three times and finished later', async () => {
    alipay.faults.duplicate = 3;
    const { order, id, stage } = await placed(product);
    expect(alipay.trades.get(id)).toMatchObject({ total_amount: '500.00' });
    expect(product === 'qr' ? order.checkout?.qr : order.checkout?.url).toContain(
      product === 'qr' ? 'https://qr.alipay.com/' : 'alipay.trade.page.pay',
    );
    await alipay.pay(id);
    await alipay.finish(id);
    expect(await stage()).toBe('credited');
    expect(await world.credits(id)).toBe(1);
    expect((await world.order(id)).flags).toEqual([]);
    expect(new Set(alipay.answers.slice(-6).map(({ body }) => body))).toEqual(new Set(['success']));
  });
});

describe('Alipay', () => {
  it('has an order that nobody looked at expire, and one that is closed pay nothing', async () => {
    const order = await world.placed({ method: 'alipay', providerId: 'alipay-page' });
    world.clock.aheadMs += 31 * 60_000;
    await world.healing().tick();
    expect((await world.order(order.orderId)).stage).toBe('expired');
    world.begin();
    const { order: open, id, stage } = await placed();
    const meta = { actor: 'service-key:1', requestId: 'r' };
    expect(await world.payments.desk.of(open).commands.cancel(id, meta)).toMatchObject({ ok: true });
    expect(alipay.trades.get(id)?.status).toBe('TRADE_CLOSED');
    expect(await stage()).toBe('cancelled');
  });

  it('of another amount or seller is flagged, and of another application not believed', async () => {
    const { id } = await placed();
    await alipay.pay(id, { total_amount: '1.00' });
    expect((await world.order(id)).flags).toEqual([{ kind: 'amount', decision: null }]);
    expect(alipay.answers.at(-1)).toEqual({ status: 200, body: 'success' });
    const { id: other } = await placed();
    await alipay.pay(other, { seller_id: '2088000000000002' });
    expect((await world.order(other)).flags).toEqual([{ kind: 'merchant', decision: null }]);
    await alipay.pay(other, { app_id: '2021000000000002' });
    expect(alipay.answers.at(-1)).toEqual({ status: 400, body: 'fail' });
    await alipay.pay(other, { body: 'one&total_amount=500.00' });
    expect(alipay.answers.at(-1)).toEqual({ status: 400, body: 'fail' });
    expect([await world.credits(id), await world.credits(other)]).toEqual([0, 0]);
  });

  it('gives back what was given back in all, and no more when it is told again', async () => {
    const { id, balance } = await placed();
    await alipay.pay(id);
    const whole = await balance();
    alipay.faults.duplicate = 2;
    await alipay.refund(id, '250.00');
    expect(await balance()).toBe(whole / 2n);
    await alipay.refund(id, '500.00');
    expect(await balance()).toBe(0n);
    expect((await world.order(id)).flags).toEqual([]);
  });

  it('is not configured with keys that are none', async () => {
    const configured = await world.payments.desk.operators.providers.configure({
      providerId: 'alipay-bad',
      kind: 'alipay',
      settings: { app_id: APP_ID, seller_id: SELLER_ID, alipay_public_key: 'x'.repeat(200) },
      secrets: { private_key: 'y'.repeat(200) },
      by: 'operator:ann',
    });
    expect(configured).toMatchObject({ ok: false, faults: [{ field: 'secrets' }] });
  });
});

describe('what is signed with RSA2', () => {
  it('is the text of Alipay’s documents: by name, with sign_type, without what is empty', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const signed = signedRequest(
      {
        ...{ version: '1.0', timestamp: '2014-07-24 03:07:50', sign_type: 'RSA2', notify_url: '' },
        ...{ method: 'alipay.mobile.public.menu.add', charset: 'GBK', app_id: '2014072300007148' },
        biz_content: '{"button":[{"actionParam":"ZFB_HFCZ"}]}',
      },
      privateKey,
    );
    const text =
      'app_id=2014072300007148&biz_content={"button":[{"actionParam":"ZFB_HFCZ"}]}&charset=GBK&method=alipay.mobile.public.menu.add&sign_type=RSA2&timestamp=2014-07-24 03:07:50&version=1.0';
    const key = createPublicKey(pemOf(publicKey));
    expect(verify('RSA-SHA256', Buffer.from(text), key, Buffer.from(signed['sign'] ?? '', 'base64'))).toBe(
      true,
    );
  });

  it.each([
    ['{"a_response":{"x":"}\\"{"},"sign":"s"}', '{"x":"}\\"{"}'],
    ['{"sign":"s","a_response":{"x":{"y":1}}}', '{"x":{"y":1}}'],
    ['{"error_response":{"code":"40002"}}', undefined],
    ['{"a_response":{"x":1', undefined],
  ])('of an answer is its member as it came: %s', (answer, expected) => {
    expect(memberText(answer, 'a_response')).toBe(expected);
  });
});

describe('what Alipay says of a trade', () => {
  const said = {
    trade_no: 't',
    out_trade_no: 'o',
    total_amount: '5.00',
    send_pay_date: '2026-11-30 14:05:09',
  };
  const now = new Date(0);

  it.each([
    ['WAIT_BUYER_PAY', ['pending']],
    ['TRADE_SUCCESS', ['paid']],
    ['TRADE_FINISHED', ['paid']],
    ['TRADE_CLOSED', ['paid', 'refunded']],
    ['ELSE', []],
  ])('%s', (trade_status, expected) => {
    const seen = sightingsOf({ ...said, trade_status }, 'us', now);
    expect(seen.map(({ what }) => what)).toEqual(expected);
  });

  it('is in time of China, and closed where nobody paid', () => {
    const [paid] = sightingsOf({ ...said, trade_status: 'TRADE_SUCCESS' }, 'us', now);
    expect(paid).toMatchObject({ at: new Date('2026-11-30T06:05:09Z'), amountMinor: 500n, merchant: 'us' });
    const closed = { ...said, send_pay_date: undefined, trade_status: 'TRADE_CLOSED' };
    expect(sightingsOf(closed, 'us', now)).toMatchObject([{ what: 'closed' }]);
  });
});

describe('a refund at Alipay', () => {
  const meta = { actor: 'operator:ann', requestId: 'r' };
  const refund = async (orderId: string, amountMinor?: bigint) => {
    const said = await world.payments.desk.refunds.commands.request(
      { orderId, amountMinor, reason: 'asked for it' },
      meta,
    );
    if (!said.ok) throw new Error(said.refusal.code);
    return said.value;
  };

  it('of which it says to ask again is asked for again, under the same number', async () => {
    const { id } = await placed();
    await alipay.pay(id);
    alipay.faults.busy = true;
    const { refundId, status } = await refund(id, 20_000n);
    expect(status).toBe('sent');
    delete alipay.faults.busy;
    expect(await world.payments.desk.refunds.commands.goOn(refundId, meta)).toMatchObject({
      value: { status: 'succeeded' },
    });
    expect(alipay.refunds.get(refundId)).toBe('200.00');
  });

  it('that went back is not given again for a no to a repetition', async () => {
    const { id, balance } = await placed();
    await alipay.pay(id);
    alipay.faults.late = true;
    const { refundId, status } = await refund(id, 50_000n);
    delete alipay.faults.late;
    expect(status).toBe('succeeded');
    expect(alipay.refunds.get(refundId)).toBe('500.00');
    expect(await balance()).toBe(0n);
  });

  it('that is refused for good gives again what it took; said by somebody else it is not believed', async () => {
    const { id, balance } = await placed();
    await alipay.pay(id);
    await alipay.finish(id);
    const whole = await balance();
    alipay.faults.forge = true;
    const { refundId, status } = await refund(id, 20_000n);
    expect(status).toBe('sent');
    delete alipay.faults.forge;
    expect(await world.payments.desk.refunds.commands.goOn(refundId, meta)).toMatchObject({
      value: { status: 'failed' },
    });
    expect(await balance()).toBe(whole);
  });
});

import { createCipheriv, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isFromWechat, openBox } from '../../src/providers/wechat/sign.js';
import { sightingsOf } from '../../src/providers/wechat/trade.js';
import { createOrdersWorld, type OrdersWorld } from '../reactions/payments/orders-world.js';
import * as fake from '../support/fakes/fake-wechat.js';
import { startNotified } from '../support/fakes/notified.js';

const meta = { actor: 'operator:ann', requestId: 'r' };

let world: OrdersWorld;
let wechat: Awaited<ReturnType<typeof fake.startFakeWechat>>;
let notified: Awaited<ReturnType<typeof startNotified>>;

const configure = (changed: object = {}) =>
  world.payments.desk.operators.providers.configure({
    ...{ providerId: 'wechat', kind: 'wechat', by: 'operator:ann' },
    settings: {
      ...{ mchid: fake.MCHID, appid: fake.APPID, merchant_serial: fake.MERCHANT_SERIAL },
      ...{ platform_serial: fake.PLATFORM_SERIAL, platform_public_key: wechat.platformKey },
      api_url: wechat.url,
      ...changed,
    },
    secrets: { private_key: wechat.merchantKey, api_v3_key: fake.API_V3_KEY },
  });

beforeAll(async () => {
  notified = await startNotified((request, path) =>
    world.payments.desk.notify(path.split('/').at(-1) ?? '', request),
  );
  world = await createOrdersWorld(undefined, notified.base);
  wechat = await fake.startFakeWechat(() => world.now());
  expect(await configure()).toMatchObject({ ok: true });
  await world.payments.desk.operators.providers.enable('wechat', true);
});
afterAll(async () => {
  for (const each of [wechat, notified, world]) await each.close();
});
beforeEach(() => {
  world.begin();
  for (const name of Object.keys(wechat.faults)) Reflect.deleteProperty(wechat.faults, name);
});

async function placed() {
  const order = await world.placed({ method: 'wxpay', providerId: 'wechat' });
  const { orderId: id, accountId } = order;
  const balance = async () => {
    await world.settle();
    return world.ledger.dependencies.balanceOf(accountId);
  };
  return { order, id, balance, stage: async () => (await world.order(id)).stage };
}

const lastAnswer = () => wechat.answers.at(-1);

describe('WeChat Pay', () => {
  it('is paid by a code and credited once, notified three times', async () => {
    wechat.faults.duplicate = 3;
    const { order, id, stage } = await placed();
    expect(order.checkout?.qr).toBe(`weixin://wxpay/bizpayurl?pr=${id}`);
    expect(wechat.trades.get(id)).toMatchObject({ total: 50_000 });
    await wechat.pay(id);
    expect(await stage()).toBe('credited');
    expect(await world.credits(id)).toBe(1);
    expect(wechat.answers.slice(-3).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(lastAnswer()?.body).toContain('"SUCCESS"');
  });

  it('of another amount or merchant is flagged', async () => {
    const { id, stage } = await placed();
    await wechat.pay(id, { amount: { total: 49_999, currency: 'CNY' } });
    expect(await stage()).toBe('opened');
    expect((await world.order(id)).flags).toMatchObject([{ kind: 'amount' }]);
    const other = await placed();
    await wechat.pay(other.id, { mchid: '1900000002' });
    expect((await world.order(other.id)).flags).toMatchObject([{ kind: 'merchant' }]);
  });

  it('closes an order that is cancelled, and says nothing of refunds that is not asked for', async () => {
    const { order, id } = await placed();
    const of = world.payments.desk.of(order);
    expect(await of.commands.cancel(id, meta)).toMatchObject({ ok: true });
    expect(wechat.trades.get(id)?.state).toBe('CLOSED');
    const paid = await placed();
    await wechat.pay(paid.id);
    const before = await paid.balance();
    await wechat.tellOfRefund(paid.id);
    expect(lastAnswer()?.status).toBe(200);
    expect(await paid.balance()).toBe(before);
  });

  it('is not configured with keys that are none', async () => {
    expect(await configure({ platform_public_key: 'x'.repeat(200) })).toMatchObject({ ok: false });
    expect(await configure({ mchid: 'ann' })).toMatchObject({ ok: false });
  });
});

describe('a refund at WeChat Pay', () => {
  const refund = async (orderId: string, amountMinor?: bigint) => {
    const asked = { orderId, amountMinor, reason: 'asked for it' };
    const said = await world.payments.desk.refunds.commands.request(asked, meta);
    if (!said.ok) throw new Error(said.refusal.code);
    return said.value;
  };
  const goOn = (refundId: string) => world.payments.desk.refunds.commands.goOn(refundId, meta);

  it('that is under way is asked about until it is done', async () => {
    const { id } = await placed();
    await wechat.pay(id);
    wechat.faults.slow = true;
    const { refundId, status } = await refund(id, 20_000n);
    expect(status).toBe('sent');
    delete wechat.faults.slow;
    expect(await goOn(refundId)).toMatchObject({ value: { status: 'succeeded' } });
  });

  it('that is refused for good gives again what it took', async () => {
    const { id, balance } = await placed();
    await wechat.pay(id);
    const whole = await balance();
    wechat.faults.poor = true;
    expect(await refund(id, 20_000n)).toMatchObject({ status: 'failed' });
    expect(await balance()).toBe(whole);
  });
});

describe('what WeChat Pay says of an order', () => {
  const said = { mchid: fake.MCHID, out_trade_no: 'CF1', trade_state: 'NOTPAY' };
  const paid = { transaction_id: '4200', amount: { total: 100 }, success_time: '2026-11-30T10:00:00+08:00' };
  it.each([
    ['NOTPAY', []],
    ['PAYERROR', []],
    ['USERPAYING', ['pending']],
    ['CLOSED', ['closed']],
    ['REVOKED', ['closed']],
    ['SUCCESS', ['paid']],
    ['REFUND', ['paid']],
    ['ELSE', []],
  ])('%s', (trade_state, what) => {
    const seen = sightingsOf({ ...said, ...paid, trade_state }, new Date(0));
    expect(seen.map((each) => each.what)).toEqual(what);
    if (what[0] === 'paid')
      expect(seen).toMatchObject([{ amountMinor: 100n, at: new Date('2026-11-30T02:00:00Z') }]);
  });

  it('is signed with the key of its number, over every byte, within five minutes', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const body = Buffer.from('{"a":1}');
    const signature = sign('RSA-SHA256', Buffer.from('1700000000\nn\n{"a":1}\n'), privateKey);
    const headers = {
      ...{ 'wechatpay-timestamp': '1700000000', 'wechatpay-nonce': 'n', 'wechatpay-serial': 'PUB_KEY_ID_1' },
      'wechatpay-signature': signature.toString('base64'),
    };
    const key = { serial: 'PUB_KEY_ID_1', key: publicKey };
    const at = (seconds: number) => new Date(seconds * 1_000);
    expect(isFromWechat(headers, body, key, at(1_700_000_300))).toBe(true);
    for (const [changed, bytes, seconds] of [
      [{}, body, 1_700_000_301],
      [{}, body, 1_699_999_699],
      [{}, Buffer.from('{"a":2}'), 1_700_000_000],
      [{ 'wechatpay-nonce': 'm' }, body, 1_700_000_000],
      [{ 'wechatpay-serial': 'PUB_KEY_ID_2' }, body, 1_700_000_000],
      [{ 'wechatpay-signature': 'WECHATPAY/SIGNTEST/abc' }, body, 1_700_000_000],
      [{ 'wechatpay-signature': undefined }, body, 1_700_000_000],
    ] as const)
      expect(isFromWechat({ ...headers, ...changed }, bytes, key, at(seconds))).toBe(false);
  });

  it('is opened with our key alone, and whole', () => {
    const [key, nonce] = ['k'.repeat(32), 'n'.repeat(12)];
    const sealing = createCipheriv('aes-256-gcm', key, nonce);
    sealing.setAAD(Buffer.from('a'));
    const bytes = Buffer.concat([sealing.update('text'), sealing.final(), sealing.getAuthTag()]);
    const box = { ciphertext: bytes.toString('base64'), nonce, associated_data: 'a' };
    expect(openBox(key, box)).toBe('text');
    expect(openBox('x'.repeat(32), box)).toBeUndefined();
    expect(openBox(key, { ...box, associated_data: 'b' })).toBeUndefined();
    expect(openBox(key, { ...box, ciphertext: bytes.subarray(0, 10).toString('base64') })).toBeUndefined();
  });
});

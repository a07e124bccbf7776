import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createAlipayProvider } from '../../src/providers/alipay/alipay-provider.js';
import type { Ask } from '../../src/providers/asking/ask.js';
import { createEpayProvider } from '../../src/providers/epay/epay-provider.js';
import { rsaSigner } from '../../src/providers/epay/sign.js';
import { createStripeProvider } from '../../src/providers/stripe/stripe-provider.js';
import { createWechatProvider } from '../../src/providers/wechat/wechat-provider.js';
import { type PayableOrder, ProviderUnavailable } from '../../src/reactions/payments/provider.js';

// What a provider answered to another question, or did not sign, says nothing: a name that is signed beside what is not would lend it its word.

const now = () => new Date('2026-11-30T06:00:00Z');
const ours = generateKeyPairSync('rsa', { modulusLength: 2048 });
const theirs = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pemOf = (key: KeyObject): string =>
  key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }).toString();

const order: PayableOrder = {
  ...{ orderId: 'TU1', method: 'wxpay', currency: 'CNY', payMinor: 50_000n },
  ...{ placedAt: now(), expiresAt: new Date(now().getTime() + 600_000), checkoutRef: 'cs_1' },
};
const refund = { refundId: 'RF1', providerPayment: 'P1', currency: 'CNY', amountMinor: 20_000n };

/** Answers every question with this. */
const saying =
  (said: object | string, headers: Readonly<Record<string, string>> = {}): Ask =>
  () =>
    Promise.resolve({ status: 200, text: typeof said === 'string' ? said : JSON.stringify(said), headers });

const parts = { revision: 1, notifyUrl: 'https://a.example/n', returnUrl: () => 'https://a.example/r', now };

describe('Epay 2', () => {
  const signer = rsaSigner(theirs.privateKey, ours.publicKey);
  const signed = (said: Readonly<Record<string, string>>) => ({
    ...said,
    sign: signer.sign(said),
    sign_type: 'RSA',
  });
  const epay = (ask: Ask) =>
    createEpayProvider({
      ...{ ...parts, id: 'epay', ask },
      settings: {
        ...{ api_url: 'http://epay.example', version: 'v2', pid: '1001', methods: ['wxpay'] },
        platform_public_key: pemOf(theirs.publicKey),
      },
      secrets: { key: pemOf(ours.privateKey) },
    });
  const unpaid = { code: '0', pid: '1001', trade_no: 'P1', out_trade_no: 'TU1', money: '500.00' };

  it.each([
    ['data', { data: { status: '1', trade_status: 'TRADE_SUCCESS' } }],
    ['a list', { trade_status: ['TRADE_SUCCESS'], status: ['1'] }],
  ])('is not believed what stands unsigned beside what it signed: %s', async (_, unsigned) => {
    expect(await epay(saying({ ...signed(unpaid), ...unsigned })).query(order)).toEqual([]);
    const { refunds } = epay(saying({ ...signed({ code: '0', out_refund_no: 'RF1' }), ...unsigned }));
    expect(await refunds?.query(order, refund)).toEqual({ state: 'pending' });
  });

  it('of another refund says nothing of this one', async () => {
    const { refunds } = epay(
      saying(signed({ code: '0', out_refund_no: 'RF2', refund_no: 'R2', status: '1' })),
    );
    await expect(refunds?.query(order, refund)).rejects.toThrow(ProviderUnavailable);
  });
});

describe('Alipay', () => {
  const alipay = (method: string, said: object) => {
    const member = JSON.stringify({ code: '10000', msg: 'Success', ...said });
    const signature = sign('RSA-SHA256', Buffer.from(member), theirs.privateKey).toString('base64');
    return createAlipayProvider({
      ...{ ...parts, id: 'alipay', ask: saying(`{"${method}_response":${member},"sign":"${signature}"}`) },
      settings: {
        ...{ app_id: '2021000000000001', seller_id: '2088000000000001', product: 'page' },
        ...{ alipay_public_key: pemOf(theirs.publicKey), api_url: 'https://alipay.example/gateway.do' },
      },
      secrets: { private_key: pemOf(ours.privateKey) },
    });
  };

  it('of another refund says nothing of this one', async () => {
    const query = alipay('alipay_trade_fastpay_refund_query', {
      ...{ out_request_no: 'RF2', refund_status: 'REFUND_SUCCESS' },
    });
    await expect(query.refunds?.query(order, refund)).rejects.toThrow(ProviderUnavailable);
    const sent = alipay('alipay_trade_refund', { out_trade_no: 'TU2', fund_change: 'Y' });
    await expect(sent.refunds?.send(order, refund)).rejects.toThrow(ProviderUnavailable);
  });
});

describe('WeChat Pay', () => {
  it('of another refund says nothing of this one', async () => {
    const body = JSON.stringify({ refund_id: 'W2', out_refund_no: 'RF2', status: 'SUCCESS' });
    const [seconds, nonce] = [String(now().getTime() / 1_000), randomUUID()];
    const signature = sign('RSA-SHA256', Buffer.from(`${seconds}\n${nonce}\n${body}\n`), theirs.privateKey);
    const wechat = createWechatProvider({
      ...{ ...parts, id: 'wechat' },
      ask: saying(body, {
        ...{
          'wechatpay-timestamp': seconds,
          'wechatpay-nonce': nonce,
          'wechatpay-serial': 'PUB_KEY_ID_0001',
        },
        'wechatpay-signature': signature.toString('base64'),
      }),
      settings: {
        ...{
          mchid: '1900000001',
          appid: 'wx00000000',
          merchant_serial: '0A0B0C0D',
          platform_serial: 'PUB_KEY_ID_0001',
        },
        ...{ platform_public_key: pemOf(theirs.publicKey), api_url: 'https://wechat.example' },
      },
      secrets: { private_key: pemOf(ours.privateKey), api_v3_key: 'a'.repeat(32) },
    });
    await expect(wechat.refunds?.query(order, refund)).rejects.toThrow(ProviderUnavailable);
    await expect(wechat.refunds?.send(order, refund)).rejects.toThrow(ProviderUnavailable);
  });
});

describe('Stripe', () => {
  const stripe = (ask: Ask) =>
    createStripeProvider({
      ...{ ...parts, id: 'stripe', ask },
      settings: { account: 'acct_1', currencies: ['USD'], api_url: 'https://stripe.example' },
      secrets: { secret_key: 'sk_test_00000000', webhook_secret: 'whsec_00000000' },
    });
  const session = {
    ...{ id: 'cs_2', client_reference_id: 'TU1', status: 'complete', payment_status: 'paid' },
    ...{ amount_total: 50_000, currency: 'cny', livemode: false, created: 1, payment_intent: 'pi_1' },
  };

  it('of a session that something else of the account opened says nothing: a payment link takes any reference from its address', async () => {
    const linked = { data: [session], has_more: false };
    expect(await stripe(saying(linked)).list?.(now())).toEqual([]);
    const ours = { data: [{ ...session, metadata: { order_id: 'TU1' } }], has_more: false };
    expect(await stripe(saying(ours)).list?.(now())).toMatchObject([{ orderId: 'TU1', what: 'paid' }]);
  });
});

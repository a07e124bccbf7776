import { amountText } from '../../../src/domain/money/currency.js';
import { createManualProvider } from '../../../src/providers/manual/manual-provider.js';
import { payAtTest } from '../../../src/providers/testpay/paying.js';
import { createTestProvider } from '../../../src/providers/testpay/test-provider.js';
import type { TestBank, TestPayment, TestRefund } from '../../../src/providers/testpay/bank.js';
import * as alipays from '../../support/fakes/fake-alipay.js';
import { startFakeEpay } from '../../support/fakes/fake-epay.js';
import { startFakeStripe } from '../../support/fakes/fake-stripe.js';
import * as wechats from '../../support/fakes/fake-wechat.js';
import { listening, type Said } from './said.js';
import { type Bench, createBench, type Subject } from './subject.js';

export interface StartedSubject {
  readonly bench: Bench;
  readonly subject: Subject;
  /** What it said, in all that it was asked and told. */
  readonly said: Said['words'];
  close(): Promise<void>;
}

const plain = { isTimed: false, answersAreSigned: false, opensOnce: false, visit: () => Promise.resolve() };
const minorOf = (money: string | undefined): bigint => BigInt((money ?? '0').replace('.', ''));
const visited = (visit: (url: string) => Promise<void>) => async (url: string | undefined) => {
  if (url !== undefined) await visit(url);
};

async function stripe(bench: Bench): Promise<[Subject, () => Promise<void>]> {
  const fake = await startFakeStripe(bench.now);
  fake.notifyAt(bench.notifyBase);
  const settings = { account: fake.account, currencies: ['CNY'], api_url: fake.url };
  const secrets = { secret_key: fake.secretKey, webhook_secret: fake.webhookSecret };
  const sessionOf = (orderId: string) =>
    [...fake.sessions.values()].filter((each) => each.client_reference_id === orderId);
  const subject: Subject = {
    ...plain,
    provider: await bench.make('stripe', settings, secrets),
    stranger: await bench.make('stripe', settings, { ...secrets, webhook_secret: 'whsec_ofsomebodyelse' }),
    isTimed: true,
    checkouts: (orderId) => sessionOf(orderId).length,
    pay: ({ checkoutRef = '' }, how) => fake.pay(checkoutRef, how && { amount: Number(how.amountMinor) }),
    given: ({ orderId }) =>
      BigInt(sessionOf(orderId)[0]?.payment_intent?.latest_charge?.amount_refunded ?? 0),
  };
  return [subject, () => fake.close()];
}

const epay =
  (version: 'v1' | 'v2') =>
  async (bench: Bench): Promise<[Subject, () => Promise<void>]> => {
    const fake = await startFakeEpay(bench.now);
    const isV1 = version === 'v1';
    const settings = { api_url: fake.url, version, pid: fake.pid, methods: ['wxpay'] };
    const make = (key: string, platform: string) =>
      bench.make('epay', isV1 ? settings : { ...settings, platform_public_key: platform }, { key });
    const subject: Subject = {
      ...plain,
      provider: await make(isV1 ? fake.key : fake.merchantKey, fake.platformKey),
      stranger: await make(isV1 ? 'another-test-key' : fake.merchantKey, fake.merchantKey),
      answersAreSigned: !isV1,
      opensOnce: !isV1,
      checkouts: (orderId) => (fake.orders.has(orderId) ? 1 : 0),
      visit: visited((url) => fake.visit(url)),
      pay: ({ orderId }, how) => fake.pay(orderId, how && { money: amountText(how.amountMinor, 'CNY') }),
      given: ({ orderId }) =>
        [...fake.refunds.values()]
          .filter((each) => each.orderId === orderId)
          .reduce((sum, { money }) => sum + minorOf(money), 0n),
    };
    return [subject, () => fake.close()];
  };

const alipay =
  (product: 'page' | 'qr') =>
  async (bench: Bench): Promise<[Subject, () => Promise<void>]> => {
    const fake = await alipays.startFakeAlipay(bench.now);
    const settings = {
      ...{ app_id: alipays.APP_ID, seller_id: alipays.SELLER_ID, product, api_url: fake.url },
      alipay_public_key: fake.alipayKey,
    };
    const secrets = { private_key: fake.merchantKey };
    const stranger = { ...settings, alipay_public_key: fake.strangerKey };
    const subject: Subject = {
      ...plain,
      provider: await bench.make('alipay', settings, secrets),
      stranger: await bench.make('alipay', stranger, secrets),
      answersAreSigned: true,
      checkouts: (orderId) => (fake.trades.has(orderId) ? 1 : 0),
      visit: product === 'page' ? visited((url) => fake.visit(url)) : plain.visit,
      pay: ({ orderId }, how) =>
        fake.pay(orderId, how && { total_amount: amountText(how.amountMinor, 'CNY') }),
      given: ({ orderId }) => minorOf(fake.trades.get(orderId)?.refundedFee),
    };
    return [subject, () => fake.close()];
  };

async function wechat(bench: Bench): Promise<[Subject, () => Promise<void>]> {
  const fake = await wechats.startFakeWechat(bench.now);
  const settings = {
    ...{ mchid: wechats.MCHID, appid: wechats.APPID, merchant_serial: wechats.MERCHANT_SERIAL },
    ...{ platform_serial: wechats.PLATFORM_SERIAL, platform_public_key: fake.platformKey, api_url: fake.url },
  };
  const secrets = { private_key: fake.merchantKey, api_v3_key: wechats.API_V3_KEY };
  const stranger = { ...settings, platform_public_key: fake.strangerKey };
  const subject: Subject = {
    ...plain,
    provider: await bench.make('wechat', settings, secrets),
    stranger: await bench.make('wechat', stranger, secrets),
    isTimed: true,
    answersAreSigned: true,
    checkouts: (orderId) => (fake.trades.has(orderId) ? 1 : 0),
    pay: ({ orderId }, how) =>
      fake.pay(orderId, how && { amount: { total: Number(how.amountMinor), currency: 'CNY' } }),
    given: ({ orderId }) =>
      [...fake.refunds.values()]
        .filter((each) => each.orderId === orderId)
        .reduce((sum, { refund }) => sum + BigInt(refund), 0n),
  };
  return [subject, () => fake.close()];
}

function testBank(): TestBank {
  const payments: TestPayment[] = [];
  const refunds: TestRefund[] = [];
  return {
    add: (payment) => Promise.resolve(void payments.push(payment)),
    giveBack: (refund) => Promise.resolve(void refunds.push(refund)),
    refundsOf: (id) => Promise.resolve(refunds.filter(({ orderId }) => orderId === id)),
    of: (id) => Promise.resolve(payments.filter(({ orderId }) => orderId === id)),
    since: (since) => Promise.resolve(payments.filter(({ at }) => at >= since)),
  };
}

async function test(bench: Bench): Promise<[Subject, () => Promise<void>]> {
  const bank = testBank();
  const given = new Map<string, bigint>();
  const [secret, other] = [Buffer.from('a test secret'), Buffer.from('another one')];
  const parts = { bank, baseUrl: () => bench.notifyBase, now: bench.now };
  const noting = {
    ...bank,
    giveBack: (refund: TestRefund) => {
      given.set(refund.orderId, (given.get(refund.orderId) ?? 0n) + refund.amountMinor);
      return bank.giveBack(refund);
    },
  };
  const provider = createTestProvider({ ...parts, bank: noting, secret });
  const notify = (request: Bench['sent'][number]) => {
    bench.sent.push(request);
    return Promise.resolve(undefined);
  };
  const paying = { bank, secret, notify, now: bench.now };
  const subject: Subject = {
    ...plain,
    provider,
    stranger: createTestProvider({ ...parts, secret: other }),
    isTimed: true,
    checkouts: () => 1,
    pay: (order, how) => payAtTest(paying, { ...order, payMinor: how?.amountMinor ?? order.payMinor }, 'pay'),
    given: ({ orderId }) => given.get(orderId) ?? 0n,
  };
  return Promise.resolve([subject, () => Promise.resolve()]);
}

function manual(): Promise<[Subject, () => Promise<void>]> {
  const subject: Subject = {
    ...plain,
    provider: createManualProvider(() => Promise.resolve({ instructions: 'Account 1', currencies: ['CNY'] })),
    stranger: undefined,
    checkouts: () => 1,
    pay: () => Promise.resolve(),
    given: () => 0n,
  };
  return Promise.resolve([subject, () => Promise.resolve()]);
}

const starters = {
  Stripe: stripe,
  'Epay 1': epay('v1'),
  'Epay 2': epay('v2'),
  'Alipay by page': alipay('page'),
  'Alipay by code': alipay('qr'),
  'WeChat Pay': wechat,
  'the test provider': test,
  transfers: manual,
};

export const subjectNames = Object.keys(starters) as readonly (keyof typeof starters)[];

export async function startSubject(name: keyof typeof starters): Promise<StartedSubject> {
  const bench = await createBench();
  const [started, close] = await starters[name](bench);
  const heard = listening();
  const provider = heard.listened(started.provider);
  const subject = { ...started, provider, stranger: started.stranger && heard.listened(started.stranger) };
  return {
    bench,
    subject,
    said: heard.words,
    close: async () => void (await Promise.all([close(), bench.close()])),
  };
}

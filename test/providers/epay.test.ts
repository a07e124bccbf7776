import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { md5Signer } from '../../src/providers/epay/sign.js';
import { payable } from '../../src/reactions/payments/asking.js';
import { createOrdersWorld, type OrdersWorld } from '../reactions/payments/orders-world.js';
import { type FakeEpay, startFakeEpay } from '../support/fakes/fake-epay.js';
import { startNotified } from '../support/fakes/notified.js';

const meta = { actor: 'operator:ann', requestId: 'r' };

let world: OrdersWorld;
let epay: FakeEpay;
let notified: Awaited<ReturnType<typeof startNotified>>;

beforeAll(async () => {
  notified = await startNotified((request, path) => {
    const id = path.split('/').at(-1) ?? '';
    return world.payments.desk.notify(id, request);
  });
  world = await createOrdersWorld(undefined, notified.base);
  epay = await startFakeEpay(() => world.now());
  const { providers } = world.payments.desk.operators;
  for (const version of ['v1', 'v2'] as const) {
    const configured = await providers.configure({
      providerId: `epay-${version}`,
      kind: 'epay',
      settings: {
        api_url: `${epay.url}/`,
        version,
        pid: epay.pid,
        methods: ['alipay', 'wxpay'],
        ...(version === 'v2' && { platform_public_key: epay.platformKey }),
      },
      secrets: { key: version === 'v1' ? epay.key : epay.merchantKey },
      by: 'operator:ann',
    });
    expect(configured).toMatchObject({ ok: true });
    await providers.enable(`epay-${version}`, true);
  }
});
afterAll(async () => {
  await epay.close();
  await notified.close();
  await world.close();
});
beforeEach(() => {
  world.begin();
  for (const name of Object.keys(epay.faults)) delete epay.faults[name as keyof typeof epay.faults];
});

async function placed(version: string) {
  const order = await world.placed({ method: 'wxpay', providerId: `epay-${version}` });
  if (version === 'v1') await epay.visit(order.checkout?.url ?? '');
  return { order, id: order.orderId, stage: async () => (await world.order(order.orderId)).stage };
}

describe.each(['v1', 'v2'])('Epay %s', (version) => {
  it.each([false, true])('is paid and credited, notified three times, by POST: %s', async (post) => {
    Object.assign(epay.faults, { post, duplicate: 3 });
    const { id, stage } = await placed(version);
    expect(epay.orders.get(id)).toMatchObject({ money: '500.00', type: 'wxpay' });
    await epay.pay(id);
    expect(await stage()).toBe('credited');
    expect(await world.credits(id)).toBe(1);
    expect(epay.answers.slice(-3)).toEqual(
      Array.from({ length: 3 }, () => ({ status: 200, body: 'success' })),
    );
  });

  it('is not believed with status 1 of an order that nobody paid', async () => {
    epay.faults.lie = true;
    const { stage } = await placed(version);
    world.clock.aheadMs += 6_000;
    await world.healing().tick();
    expect(await stage()).toBe('opened');
  });

  it('of another amount or merchant is flagged or not believed', async () => {
    const { order, id } = await placed(version);
    await epay.pay(id, { money: '1.00' });
    expect((await world.order(id)).flags).toEqual([{ kind: 'amount', decision: null }]);
    expect(epay.answers.at(-1)).toEqual({ status: 200, body: 'success' });
    await epay.pay(id, { pid: '1002' });
    expect(epay.answers.at(-1)).toEqual({ status: 400, body: 'fail' });
    expect(await world.credits(order.orderId)).toBe(0);
  });
});

describe('Epay', () => {
  it('of a refund that it only took is asked until it is done', async () => {
    const { id } = await placed('v2');
    await epay.pay(id);
    epay.faults.slow = true;
    const { commands } = world.payments.desk.refunds;
    const asked = { orderId: id, amountMinor: 20_000n, reason: 'asked for it' };
    const said = await commands.request(asked, meta);
    if (!said.ok) throw new Error(said.refusal.code);
    expect(said.value.status).toBe('sent');
    delete epay.faults.slow;
    const { refundId } = said.value;
    expect(await commands.goOn(refundId, meta)).toMatchObject({ value: { status: 'succeeded' } });
    expect(epay.refunds.get(refundId)).toEqual({ orderId: id, money: '200.00' });
  });

  it('opens an order again whose opening nobody stored: its number is taken, and its page is the same', async () => {
    const { commands } = world.ledger;
    const { asked, price, externalUserId, accountId } = await world.payer();
    const { providers } = world.payments.parts;
    const provider = await providers.find('epay-v2');
    const of = { externalUserId, asked: { ...asked, method: 'wxpay' }, price };
    const provided = { providerId: 'epay-v2', providerRevision: provider?.revision ?? 0 };
    const key = { ...meta, idempotencyKey: 'opened-by-the-dead' };
    const terms = { ...of, ...provided, forMs: 1_800_000, openMost: 9, hourlyMost: 9 };
    const died = await commands.placeOrder(terms, key);
    if (!died.ok) throw new Error(died.refusal.code);
    const { orderId } = died.value;
    const view = await world.order(orderId);
    // Whoever opens it dies before it is stored.
    await provider?.open(payable(view));
    const offered = { method: 'wxpay', providerId: 'epay-v2', currencies: ['CNY'] };
    const again = await world.payments.desk
      .of({ accountId, externalUserId })
      .commands.place({ asked: terms.asked, offered, price }, key);
    expect(again).toMatchObject({ ok: true, value: { orderId } });
    await epay.visit((await world.order(orderId)).checkout?.url ?? '');
    await epay.pay(orderId);
    expect((await world.order(orderId)).stage).toBe('credited');
    expect(await world.credits(orderId)).toBe(1);
  });

  it('of frozen money has somebody look', async () => {
    const { id } = await placed('v2');
    epay.freeze(id);
    world.clock.aheadMs += 6_000;
    await world.healing().tick();
    expect((await world.order(id)).flags).toEqual([{ kind: 'merchant', decision: null }]);
  });

  it('lists what nobody told of, once an hour', async () => {
    epay.faults.drop = true;
    const { id, stage } = await placed('v1');
    await epay.pay(id);
    await world.ledger.pool.query('TRUNCATE payment_schedule');
    await world.healing().tick();
    expect(await stage()).toBe('credited');
  });

  it('is kept once, however what it signed is written, and whatever stands unsigned beside it', async () => {
    const { id, order } = await placed('v1');
    await epay.pay(id);
    const inbox = async () =>
      (
        await world.ledger.pool.query<{ times: number; verdict: string }>(
          'SELECT times, verdict FROM payment_inbox WHERE $1 = ANY (order_ids) OR verdict = $2 ORDER BY verdict, times',
          [id, 'ignored'],
        )
      ).rows;
    const [told] = await inbox();
    expect(told).toMatchObject({ verdict: 'stored' });
    const notify = async (query: string) => {
      const answer = await fetch(`${epay.orders.get(id)?.notifyUrl}?${query}`);
      expect(answer.status).toBe(200);
    };
    const said = { pid: epay.pid, out_trade_no: id, money: '500.00', trade_status: 'TRADE_SUCCESS' };
    const signature = md5Signer(epay.key).sign(said);
    for (const more of ['', '&sign_type=x', '&sign_type=y', '&a=&b='])
      await notify(`${new URLSearchParams({ ...said, sign: signature }).toString()}${more}`);
    // What we signed ourselves, so that somebody may pay.
    const { searchParams } = new URL(order.checkout?.url ?? '');
    for (const more of ['', '&a=', '&b=']) await notify(`${searchParams.toString()}${more}`);
    await notify(
      [...searchParams]
        .reverse()
        .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
        .join('&'),
    );
    expect(await inbox()).toEqual([{ verdict: 'ignored', times: 4 }, told, { verdict: 'stored', times: 4 }]);
  });

  it('is not configured with keys that are none', async () => {
    const configured = await world.payments.desk.operators.providers.configure({
      providerId: 'epay-bad',
      kind: 'epay',
      settings: { api_url: epay.url, version: 'v2', pid: '1', methods: ['alipay'] },
      secrets: { key: 'no key at all' },
      by: 'operator:ann',
    });
    expect(configured).toMatchObject({ ok: false, faults: [{ field: 'secrets' }] });
  });
});

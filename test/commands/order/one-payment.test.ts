import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accountIdOf, orderUuidOf } from '../../../src/commands/handling/identifiers.js';
import { encodeEvent } from '../../../src/domain/events/codec.js';
import { priceOrder } from '../../../src/domain/order/price.js';
import type { Sighting } from '../../../src/domain/order/sighting.js';
import type { SeenBy } from '../../../src/domain/order/state.js';
import { firstPaymentTerms } from '../../../src/domain/setting/payments.js';
import { orderStream } from '../../../src/domain/streams.js';
import type { EventStore } from '../../../src/eventstore/event-store.js';
import { createCommandWorld } from '../../support/command-world.js';
import { anEvent } from '../../support/events.js';

const meta = { actor: 'operator:ann', requestId: 'r' };
const price = priceOrder(firstPaymentTerms, 'CNY', '500');
if ('fault' in price) throw new Error('there is no price');
const PRICE = price;
const PAYMENT = 'pi_of_the_first';

type World = ReturnType<typeof createCommandWorld>;
interface Placed {
  readonly orderId: string;
  readonly accountId: string;
}

async function placed(world: World, name: string, providerId = 'shop'): Promise<Placed> {
  const synced = await world.commands.syncAccount({ externalUserId: name, username: name }, meta);
  if (!synced.ok) throw new Error(synced.refusal.code);
  const asked = { method: 'alipay', currency: 'CNY', amount: '500' };
  const order = await world.commands.placeOrder(
    {
      ...{ externalUserId: name, asked, price: PRICE, providerId, providerRevision: 1 },
      ...{ forMs: 1_800_000, openMost: 9, hourlyMost: 9 },
    },
    meta,
  );
  if (!order.ok) throw new Error(order.refusal.code);
  return { orderId: order.value.orderId, accountId: accountIdOf(name) };
}

const threeOrders = (world: World) =>
  Promise.all(['first', 'second', 'third'].map((name) => placed(world, name)));

/** What providers say has the revision of the keys that it was seen with. */
function seen(
  { commands }: World,
  orderId: string,
  seenBy: SeenBy,
  { providerId = 'shop', ...more }: Partial<Sighting> & { readonly providerId?: string } = {},
) {
  const sighting = {
    ...{ orderId, providerPayment: PAYMENT, merchant: 'us', currency: 'CNY', amountMinor: 50_000n },
    ...{ at: new Date(0), what: 'paid' as const },
    ...more,
  };
  const revision = seenBy === 'operator' ? {} : { providerRevision: 1 };
  return commands.applySighting(
    { sighting, providerId, merchant: 'us', seenBy, evidenceSha256: 'e5'.repeat(32), ...revision },
    meta,
  );
}

const balances = (world: World, orders: readonly Placed[]) =>
  Promise.all(orders.map(({ accountId }) => world.balanceOf(accountId)));

const appended = async (store: EventStore, orderId: string, accountId: string) => {
  const stream = orderStream(orderUuidOf(orderId));
  const before = await store.readStream(stream, { from: 0n, limit: 10 });
  const data = { order_id: orderId, account_id: accountId, provider_payment: PAYMENT };
  const paid = { ...anEvent('order-paid'), data: { ...anEvent('order-paid').data, ...data } };
  const event = { id: randomUUID(), ...encodeEvent(paid), metadata: { actor: 'old' } };
  await store.append([{ stream, expected: before.at(-1)?.revision ?? 'no-stream', events: [event] }]);
};

describe('a payment of a provider is for one order', () => {
  const way = fc.constantFrom<SeenBy>('operator', 'notification', 'query', 'sweep');
  const arrival = fc.record({ order: fc.constantFrom(0, 1, 2), way });

  it.each(['one after another', 'at once'])(
    'whoever sees it for which, and in which order: %s',
    async (how) => {
      await fc.assert(
        fc.asyncProperty(fc.array(arrival, { minLength: 2, maxLength: 6 }), async (arrivals) => {
          const world = createCommandWorld();
          const orders = await threeOrders(world);
          const tell = ({ order, way: by }: (typeof arrivals)[number]) =>
            seen(world, orders[order]?.orderId ?? '', by);
          if (how === 'at once') await Promise.all(arrivals.map(tell));
          else for (const each of arrivals) await tell(each);
          const had = await balances(world, orders);
          expect(had.filter((balance) => balance !== 0n)).toEqual([PRICE.quota]);
          expect(await world.events('order-paid')).toHaveLength(1);
          // What a provider says is never dropped: for the others it waits among the flags, once an order.
          const told = new Set(arrivals.filter((each) => each.way !== 'operator').map(({ order }) => order));
          const credited = had.findIndex((balance) => balance !== 0n);
          const flags = await world.events('order-flagged');
          expect(flags.map(({ data }) => data)).toEqual(
            expect.arrayContaining(
              [...told]
                .filter((order) => order !== credited)
                .map((order) =>
                  expect.objectContaining({ order_id: orders[order]?.orderId, kind: 'second-payment' }),
                ),
            ),
          );
          expect(flags).toHaveLength([...told].filter((order) => order !== credited).length);
        }),
        { numRuns: 60 },
      );
    },
  );

  it('recorded by hand for another order first: what the provider says is flagged and says why; a person is refused', async () => {
    const world = createCommandWorld();
    const [first, second, third] = await threeOrders(world);
    if (!first || !second || !third) throw new Error('there are three');
    expect(await seen(world, second.orderId, 'operator')).toMatchObject({ ok: true });
    const told = await seen(world, first.orderId, 'notification');
    expect(told).toMatchObject({ ok: true, value: { isCredited: false, openFlags: ['second-payment'] } });
    expect(await world.events('order-flagged')).toMatchObject([{ data: { refusal: 'order_payment_taken' } }]);
    expect(await seen(world, first.orderId, 'query')).toMatchObject({ ok: true, replayed: true });
    expect(await seen(world, third.orderId, 'operator')).toMatchObject({
      refusal: { code: 'order_payment_taken' },
    });
    const flag = (await world.events('order-flagged'))[0]?.data as { readonly flag_id: string };
    const settling = {
      orderId: first.orderId,
      flagId: flag.flag_id,
      decision: 'credit',
      reason: 'mine',
    } as const;
    expect(await world.commands.settleOrderFlag(settling, meta)).toMatchObject({
      refusal: { code: 'order_payment_taken' },
    });
    // The order's own payment is credited all the same.
    await seen(world, first.orderId, 'notification', { providerPayment: 'pi_another' });
    expect(await balances(world, [first, second, third])).toEqual([PRICE.quota, PRICE.quota, 0n]);
  });

  it('and another provider may call another payment so', async () => {
    const world = createCommandWorld();
    const [mine, other] = [await placed(world, 'mine'), await placed(world, 'other', 'market')];
    await seen(world, mine.orderId, 'notification');
    await seen(world, other.orderId, 'notification', { providerId: 'market' });
    expect(await balances(world, [mine, other])).toEqual([PRICE.quota, PRICE.quota]);
  });

  it('also where it was credited before payments were claimed', async () => {
    const world = createCommandWorld();
    const [first, second, third] = await threeOrders(world);
    if (!first || !second || !third) throw new Error('there are three');
    await appended(world.store, first.orderId, first.accountId);
    await world.commands.creditOrder({ orderId: first.orderId }, meta);
    expect(await seen(world, second.orderId, 'operator')).toMatchObject({ ok: false });
    expect(await seen(world, third.orderId, 'notification')).toMatchObject({ value: { isCredited: false } });
    expect(await balances(world, [first, second, third])).toEqual([PRICE.quota, 0n, 0n]);
  });
});

describe('a claim whose order was never written', () => {
  /** As a store that keeps each write apart, where somebody died after the first. */
  async function died() {
    let isDying = false;
    const world = createCommandWorld({
      wrap: (store) => ({
        ...store,
        readStream: (...asked) => store.readStream(...asked),
        append: async (writes) => {
          if (!isDying || writes.length < 2) return store.append(writes);
          await store.append(writes.slice(0, 1));
          return { outcome: 'unavailable', cause: new Error('died') };
        },
      }),
    });
    const [first, second] = await threeOrders(world);
    if (!first || !second) throw new Error('there are three');
    isDying = true;
    await seen(world, second.orderId, 'operator').catch(() => undefined);
    isDying = false;
    expect(await world.events('order-paid')).toEqual([]);
    return { world, first, second };
  }

  it('is waited for, and then another’s', async () => {
    const { world, first } = await died();
    expect(await seen(world, first.orderId, 'notification')).toMatchObject({
      refusal: { code: 'order_payment_taken' },
    });
    world.clock.now = new Date(world.clock.now.getTime() + 60_001);
    expect(await seen(world, first.orderId, 'notification')).toMatchObject({ value: { isCredited: true } });
  });

  it('is nobody’s where a version that claimed nothing credited another order meanwhile', async () => {
    const { world, first, second } = await died();
    await appended(world.store, first.orderId, first.accountId);
    expect(await seen(world, second.orderId, 'operator')).toMatchObject({
      refusal: { code: 'order_payment_taken' },
    });
    world.clock.now = new Date(world.clock.now.getTime() + 60_001);
    expect(await seen(world, second.orderId, 'notification')).toMatchObject({ value: { isCredited: false } });
    await world.commands.creditOrder({ orderId: first.orderId }, meta);
    expect(await balances(world, [first, second])).toEqual([PRICE.quota, 0n]);
  });

  it('is completed by who says it again', async () => {
    const { world, second } = await died();
    expect(await seen(world, second.orderId, 'operator')).toMatchObject({ value: { isCredited: true } });
    expect(await world.balanceOf(second.accountId)).toBe(PRICE.quota);
  });
});

describe('what goes back of a payment that a person found an order for', () => {
  it.each(['of another order', 'of none'])(
    'is taken from that one, though its provider speaks %s',
    async (whose) => {
      const world = createCommandWorld();
      const [named, found] = await threeOrders(world);
      if (!named || !found) throw new Error('there are three');
      const said = whose === 'of none' ? '' : named.orderId;
      await seen(world, found.orderId, 'operator');
      const part = { what: 'refunded', amountMinor: 25_000n } as const;
      expect(await seen(world, said, 'sweep', part)).toMatchObject({ value: { orderId: found.orderId } });
      expect(await world.balanceOf(found.accountId)).toBe(PRICE.quota / 2n);
      await seen(world, said, 'sweep', { what: 'disputed', disputeId: 'dp_1' });
      expect(await balances(world, [named, found])).toEqual([0n, 0n]);
      await seen(world, said, 'sweep', { what: 'dispute-won', disputeId: 'dp_1' });
      expect(await world.balanceOf(found.accountId)).toBe(PRICE.quota / 2n);
    },
  );
});

import { describe, expect, it } from '@jest/globals';
import { createCommands } from '../../../src/commands/create-commands.js';
import type { Commands } from '../../../src/commands/commands.js';
import { typeOfStored } from '../../../src/domain/events/versions.js';
import { priceOrder } from '../../../src/domain/order/price.js';
import { firstPaymentTerms } from '../../../src/domain/setting/payments.js';
import type { EventStore } from '../../../src/eventstore/event-store.js';
import { type CommandWorld, createCommandWorld } from '../../support/command-world.js';

const meta = { actor: 'provider:test', requestId: 'r' };
const found = priceOrder(firstPaymentTerms, 'CNY', '500');
if ('fault' in found) throw new Error('there is no price');
const price = { ...found, bonusQuota: 1_000n };
const ORDERS = 200;

/** Where a process is killed: at the write of an event, before the log has it or after. */
const points = [
  ['order-paid', 'before'],
  ['order-paid', 'after'],
  ['payment-credited', 'before'],
  ['payment-credited', 'after'],
  ['grant-given', 'after'],
] as const;
type Point = (typeof points)[number];

/** A process that is killed at a point: nothing of it goes on, and nobody hears of it. */
function killedAt({ dependencies, store }: CommandWorld, [type, when]: Point) {
  let die: () => void = () => undefined;
  const death = new Promise<'dead'>((resolve) => (die = () => resolve('dead')));
  const dying: EventStore = {
    ...store,
    readAll: (from) => store.readAll(from),
    readStream: (stream, options) => store.readStream(stream, options),
    head: () => store.head(),
    async append(writes) {
      const isMeant = writes.some(({ events }) => events.some((event) => typeOfStored(event.type) === type));
      if (isMeant && when === 'after') await store.append(writes);
      if (!isMeant) return store.append(writes);
      die();
      return new Promise(() => undefined);
    },
  };
  return { commands: createCommands({ ...dependencies, store: dying }), death };
}

async function placed({ commands }: CommandWorld, externalUserId: string): Promise<string> {
  await commands.syncAccount({ externalUserId, username: externalUserId }, meta);
  const asked = { method: 'test', currency: 'CNY', amount: '500' };
  const placing = { externalUserId, asked, price, providerId: 'test', providerRevision: 1 };
  const order = await commands.placeOrder({ ...placing, forMs: 1_800_000, openMost: 9, hourlyMost: 9 }, meta);
  if (!order.ok) throw new Error(order.refusal.code);
  return order.value.orderId;
}

const paid = (commands: Commands, orderId: string) =>
  commands.applySighting(
    {
      sighting: {
        ...{ orderId, providerPayment: `pi_${orderId}`, merchant: 'test', currency: 'CNY' },
        ...{ amountMinor: price.payMinor, at: new Date(0), what: 'paid' },
      },
      ...{ providerId: 'test', merchant: 'test', seenBy: 'notification', evidenceSha256: 'e5'.repeat(32) },
    },
    meta,
  );

describe('a process that is killed while an order is credited', () => {
  it(`leaves ${ORDERS} credits and ${ORDERS} bonuses of ${ORDERS} orders, wherever it is killed`, async () => {
    const world = createCommandWorld({
      // The log of this world is folded for every balance.
      overrides: { balanceOf: () => Promise.resolve(0n) },
    });
    for (let index = 0; index < ORDERS; index += 1) {
      const orderId = await placed(world, `user-${index}`);
      const point = points[index % points.length] ?? points[0];
      const { commands, death } = killedAt(world, point);
      expect(await Promise.race([death, paid(commands, orderId).then(() => 'alive')])).toBe('dead');
      // The provider heard nothing and says it again, or the next sweep finds what is paid and not credited.
      const isSeen = !(point[0] === 'order-paid' && point[1] === 'before');
      const healed =
        isSeen && index % 2 === 0
          ? await world.commands.creditOrder({ orderId }, meta)
          : await paid(world.commands, orderId);
      expect(healed.ok).toBe(true);
      expect(await paid(world.commands, orderId)).toMatchObject({ ok: true, replayed: true });
    }
    const log = (await world.log()).map(({ type }) => typeOfStored(type));
    const countOf = (type: string) => log.filter((each) => each === type).length;
    expect({
      paid: countOf('order-paid'),
      credits: countOf('payment-credited'),
      bonuses: countOf('grant-given'),
      flags: countOf('order-flagged'),
    }).toEqual({ paid: ORDERS, credits: ORDERS, bonuses: ORDERS, flags: 0 });
  });
});

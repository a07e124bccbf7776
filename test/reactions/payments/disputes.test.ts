import { describe, expect, it } from '@jest/globals';
import { LedgerUnavailable } from '../../../src/commands/handling/command.js';
import { priceOrder } from '../../../src/domain/order/price.js';
import type { Sighting } from '../../../src/domain/order/sighting.js';
import { firstPaymentTerms } from '../../../src/domain/setting/payments.js';
import { withDisputes } from '../../../src/reactions/payments/disputes.js';
import { type CommandWorld, createCommandWorld } from '../../support/command-world.js';

const meta = { actor: 'provider:test', requestId: 'r' };
const externalUserId = 'disputed';

const price = priceOrder(firstPaymentTerms, 'CNY', '500');
if ('fault' in price) throw new Error('there is no price');

async function placeOrder({ commands }: CommandWorld): Promise<string> {
  await commands.syncAccount({ externalUserId, username: externalUserId }, meta);
  const placed = await commands.placeOrder(
    {
      externalUserId,
      asked: { method: 'test', currency: 'CNY', amount: '500' },
      price: price as Exclude<typeof price, { fault: unknown }>,
      ...{ providerId: 'test', providerRevision: 1, forMs: 1_800_000, openMost: 9, hourlyMost: 9 },
    },
    meta,
  );
  if (!placed.ok) throw new Error(placed.refusal.code);
  return placed.value.orderId;
}

/** An order that was paid and disputed, and who tells what became of it; the tables are there, or not, and count so many open disputes. */
async function disputed(tables: { seen: boolean; open: number }) {
  const world = createCommandWorld();
  const orderId = await placeOrder(world);
  const commands = withDisputes(world.commands, {
    db: { query: () => Promise.resolve({ rows: [{ open: BigInt(tables.open) }] }) } as never,
    terms: () => Promise.resolve(firstPaymentTerms),
    waitFor: () => Promise.resolve(tables.seen),
  });
  const tell = (what: Sighting['what']) =>
    commands.applySighting(
      {
        sighting: {
          ...{ orderId, what, disputeId: 'dp_1', amountMinor: 50_000n, currency: 'CNY', at: new Date(0) },
          ...{ providerPayment: 'pi_1', merchant: 'test' },
        },
        ...{ providerId: 'test', merchant: 'test', seenBy: 'notification', evidenceSha256: 'e5'.repeat(32) },
      },
      meta,
    );
  await tell('paid');
  await tell('disputed');
  return { world, tell };
}

describe('a dispute that is won reinstates', () => {
  it('once there is no other one', async () => {
    const tables = { seen: true, open: 1 };
    const { world, tell } = await disputed(tables);
    expect(await tell('dispute-won')).toMatchObject({ ok: true });
    expect(await world.events('account-reinstated')).toEqual([]);
    tables.open = 0;
    expect(await tell('dispute-won')).toMatchObject({ ok: true, replayed: true });
    expect(await world.events('account-reinstated')).toHaveLength(1);
    await tell('dispute-won');
    expect(await world.events('account-reinstated')).toHaveLength(1);
  });

  it('when it is told again, where the tables were not there in time or the process died', async () => {
    const tables = { seen: false, open: 0 };
    const { world, tell } = await disputed(tables);
    await expect(tell('dispute-won')).rejects.toThrow(LedgerUnavailable);
    expect(await world.events('order-dispute-closed')).toHaveLength(1);
    tables.seen = true;
    expect(await tell('dispute-won')).toMatchObject({ ok: true });
    expect(await world.events('account-reinstated')).toHaveLength(1);
  });

  it('nobody whom an operator suspended', async () => {
    const { world, tell } = await disputed({ seen: true, open: 0 });
    await world.commands.reinstateAccount({ externalUserId, reason: 'looked at' }, meta);
    await world.commands.suspendAccount({ externalUserId, reason: 'looked again' }, meta);
    expect(await tell('dispute-won')).toMatchObject({ ok: true });
    expect(await world.events('account-reinstated')).toHaveLength(1);
  });
});

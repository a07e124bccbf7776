import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import { type OrderPrice, priceOrder } from '../../../src/domain/order/price.js';
import type { Sighting } from '../../../src/domain/order/sighting.js';
import { type CurrencyTerms, firstPaymentTerms } from '../../../src/domain/setting/payments.js';
import { createCommands } from '../../../src/commands/create-commands.js';
import { type CommandWorld, createCommandWorld } from '../../support/command-world.js';

const meta = { actor: 'provider:test', requestId: 'r' };
const price = priceOrder(firstPaymentTerms, 'CNY', '500');
if ('fault' in price) throw new Error('there is no price');
const QUOTA = price.quota;
const CNY = firstPaymentTerms.currencies['CNY'] as CurrencyTerms;
const tiers = [{ from: '500', discount: '0', bonus: '0.1' }];
const withBonus = priceOrder({ ...firstPaymentTerms, currencies: { CNY: { ...CNY, tiers } } }, 'CNY', '500');
if ('fault' in withBonus) throw new Error('there is no price');
const BONUS = withBonus.bonusQuota;

type Fact = Pick<Sighting, 'what' | 'amountMinor' | 'disputeId' | 'refundId'>;
const paid: Fact = { what: 'paid', amountMinor: 50_000n };
const refunded = (amountMinor: bigint): Fact => ({ what: 'refunded', amountMinor });
const notArrived = (amountMinor: bigint, refundId = 're_1'): Fact => ({
  what: 'refund-failed',
  amountMinor,
  refundId,
});
const dispute = (what: 'disputed' | 'dispute-won' | 'dispute-lost', disputeId = 'dp_1'): Fact => ({
  what,
  amountMinor: 50_000n,
  disputeId,
});

let people = 0;

/** Tells the facts in their order, and answers the balance that is left. */
async function balanceAfter(
  facts: readonly Fact[],
  world = createCommandWorld(),
  suspends = false,
  ordered: OrderPrice = price as OrderPrice,
) {
  const externalUserId = `u-${++people}`;
  const synced = await world.commands.syncAccount({ externalUserId, username: externalUserId }, meta);
  if (!synced.ok) throw new Error(synced.refusal.code);
  const asked = { method: 'test', currency: 'CNY', amount: '500' };
  const placing = { externalUserId, asked, price: ordered };
  const placed = await world.commands.placeOrder(
    { ...placing, providerId: 'test', providerRevision: 1, forMs: 1_800_000, openMost: 9, hourlyMost: 9 },
    meta,
  );
  if (!placed.ok) throw new Error(placed.refusal.code);
  const { orderId } = placed.value;
  for (const fact of facts) {
    const sighting = {
      orderId,
      providerPayment: 'pi_1',
      merchant: 'test',
      currency: 'CNY',
      at: new Date(0),
      ...fact,
    };
    const seen = await world.commands.applySighting(
      {
        sighting,
        providerId: 'test',
        merchant: 'test',
        seenBy: 'notification',
        evidenceSha256: 'e5'.repeat(32),
        suspends,
      },
      meta,
    );
    if (!seen.ok) throw new Error(seen.refusal.code);
  }
  return { balance: await world.balanceOf(accountIdOf(externalUserId)), externalUserId, orderId, world };
}

function permutations<Value>(values: readonly Value[]): (readonly Value[])[] {
  if (values.length < 2) return [values];
  return values.flatMap((first, index) =>
    permutations(values.filter((_, other) => other !== index)).map((rest) => [first, ...rest]),
  );
}

const share = (part: bigint): bigint => (QUOTA * part * 2n + 100n) / 200n;

describe('I3: money that comes and goes back', () => {
  it('comes to one balance in all 720 orders', async () => {
    const facts = [
      paid,
      refunded(15_000n),
      refunded(35_000n),
      dispute('disputed'),
      dispute('dispute-won'),
      paid,
    ];
    const orders = permutations(facts);
    expect(orders).toHaveLength(720);
    const balances = new Set<bigint>();
    for (const order of orders) balances.add((await balanceAfter(order)).balance);
    expect([...balances]).toEqual([QUOTA - share(70n)]);
  });

  it.each([
    ['paid alone', [paid], QUOTA],
    ['refunded before it is credited', [refunded(50_000n), paid], 0n],
    ['lost', [paid, dispute('disputed'), dispute('dispute-lost')], 0n],
    ['won: as if never', [paid, dispute('disputed'), dispute('dispute-won')], QUOTA],
    [
      'one won and one lost',
      [paid, dispute('disputed'), dispute('dispute-won'), dispute('dispute-lost', 'dp_2')],
      0n,
    ],
    ['refunded, and disputed for the rest', [paid, refunded(15_000n), dispute('disputed')], 0n],
    ['won, then refunded', [paid, dispute('disputed'), dispute('dispute-won'), refunded(50_000n)], 0n],
    ['refunded, and that did not arrive', [paid, refunded(15_000n), notArrived(15_000n)], QUOTA],
    [
      'refunded twice, and once it did not arrive',
      [paid, refunded(30_000n), notArrived(15_000n)],
      QUOTA - share(30n),
    ],
    ['never paid', [refunded(15_000n), dispute('disputed')], 0n],
  ])('%s', async (_, facts, expected) => {
    expect((await balanceAfter(facts)).balance).toBe(expected);
    expect((await balanceAfter([...facts].reverse())).balance).toBe(expected);
  });

  it('repeated at will and in any order comes to what the set of facts comes to (I1, I2)', async () => {
    const fact = fc.constantFrom(
      paid,
      refunded(1n),
      refunded(15_000n),
      refunded(50_000n),
      notArrived(15_000n),
      notArrived(1n, 're_2'),
      dispute('disputed'),
      dispute('dispute-won'),
      dispute('dispute-lost'),
      dispute('disputed', 'dp_2'),
      dispute('dispute-won', 'dp_2'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fact, { maxLength: 8 }),
        fc.array(fc.nat(), { minLength: 8 }),
        async (facts, keys) => {
          const shuffled = [...facts, ...facts]
            .map((each, index) => [each, keys[index % keys.length] ?? 0] as const)
            .sort(([, one], [, other]) => one - other)
            .map(([each]) => each);
          const one = await balanceAfter(facts);
          const other = await balanceAfter(shuffled);
          expect(other.balance).toBe(one.balance);
          expect(one.balance >= 0n && one.balance <= QUOTA).toBe(true);
          const credits = await one.world.events('payment-credited');
          expect(credits).toHaveLength(facts.includes(paid) ? 1 : 0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('goes below zero where it was spent, and the next credit repays it', async () => {
    const { world, externalUserId, orderId } = await balanceAfter([paid]);
    const spent = { externalUserId, adjustmentId: 'a', quota: -QUOTA, reason: 'spent' };
    expect(await world.commands.adjustBalance(spent, meta)).toMatchObject({ ok: true });
    const sighting = { orderId, providerPayment: 'pi_1', merchant: 'test', currency: 'CNY', at: new Date(0) };
    await world.commands.applySighting(
      {
        sighting: { ...sighting, ...refunded(50_000n) },
        ...{ providerId: 'test', merchant: 'test', seenBy: 'sweep', evidenceSha256: 'e5'.repeat(32) },
      },
      meta,
    );
    expect(await world.balanceOf(accountIdOf(externalUserId))).toBe(-QUOTA);
    await world.commands.creditPayment({ externalUserId, paymentId: 'next', amountUsd: '100' }, meta);
    expect(await world.balanceOf(accountIdOf(externalUserId))).toBe(50_000_000n - QUOTA);
  });
});

describe('a dispute', () => {
  it('suspends its account once, and not where the setting says otherwise', async () => {
    const { world, externalUserId } = await balanceAfter(
      [paid, dispute('disputed')],
      createCommandWorld(),
      true,
    );
    expect(await world.events('account-suspended')).toMatchObject([
      { data: { reason: 'a payment is disputed' } },
    ]);
    await world.commands.reinstateAccount({ externalUserId, reason: 'looked at' }, meta);
    const again = await balanceAfter([paid, dispute('disputed'), dispute('disputed')], createCommandWorld());
    expect(await again.world.events('account-suspended')).toEqual([]);
  });

  it('that is told again does not suspend again who was reinstated', async () => {
    const world = createCommandWorld();
    const { externalUserId, orderId } = await balanceAfter([paid, dispute('disputed')], world, true);
    await world.commands.reinstateAccount({ externalUserId, reason: 'looked at' }, meta);
    const sighting = { orderId, providerPayment: 'pi_1', merchant: 'test', currency: 'CNY', at: new Date(0) };
    await world.commands.applySighting(
      {
        sighting: { ...sighting, ...dispute('disputed') },
        ...{ providerId: 'test', merchant: 'test', seenBy: 'sweep', evidenceSha256: 'e5'.repeat(32) },
        suspends: true,
      },
      meta,
    );
    expect(await world.events('account-suspended')).toHaveLength(1);
  });

  it('of somebody else’s money or another currency takes nothing', async () => {
    const { balance } = await balanceAfter([paid, { ...refunded(50_000n), currency: 'USD' } as Fact]);
    expect(balance).toBe(QUOTA);
  });
});

describe('the bonus of an order', () => {
  const after = (facts: readonly Fact[], world?: CommandWorld) =>
    balanceAfter(facts, world, false, withBonus);
  const shareOf = (quota: bigint, part: bigint): bigint => (quota * part * 2n + 100n) / 200n;

  it('is a grant of its own, given with the credit and once', async () => {
    const { balance, world, orderId } = await after([paid, paid]);
    expect(balance).toBe(QUOTA + BONUS);
    expect(BONUS).toBe(3_521_127n);
    expect(await world.events('grant-given')).toMatchObject([
      { data: { source: `order:${orderId}`, kind: 'bonus', quota: BONUS } },
    ]);
    expect((await balanceAfter([paid])).balance).toBe(QUOTA);
  });

  it('comes to one balance in every order in which money comes and goes back (I3)', async () => {
    const facts = [paid, refunded(15_000n), refunded(35_000n), dispute('disputed'), dispute('dispute-won')];
    const balances = new Set<bigint>();
    for (const order of permutations(facts)) balances.add((await after(order)).balance);
    expect([...balances]).toEqual([QUOTA - share(70n) + BONUS - shareOf(BONUS, 70n)]);
  });

  it.each([
    ['lost', [paid, dispute('disputed'), dispute('dispute-lost')], 0n],
    ['refunded before it is credited', [refunded(50_000n), paid], 0n],
    ['won: as if never', [paid, dispute('disputed'), dispute('dispute-won')], BONUS],
    ['a part, which did not arrive', [paid, refunded(15_000n), notArrived(15_000n)], BONUS],
    ['a part, and then the rest', [paid, refunded(15_000n), refunded(50_000n)], 0n],
  ])('follows what goes back: %s', async (_, facts, expected) => {
    const { balance, world } = await after(facts);
    const credit = (await balanceAfter(facts)).balance;
    expect(balance - credit).toBe(expected);
    expect(await world.events('grant-withdrawn')).not.toContainEqual(
      expect.objectContaining({ data: expect.objectContaining({ hold_id: expect.any(String) }) }),
    );
  });

  it('is withdrawn of what is not used alone', async () => {
    const used = 1_000_000n;
    const world = createCommandWorld();
    const { leftOfGrant } = world.dependencies;
    const spent = createCommandWorld({
      overrides: {
        leftOfGrant: async (grantId) => {
          const tables = await leftOfGrant(grantId);
          return tables && { ...tables, left: tables.left - used };
        },
        store: world.store,
        balanceOf: (accountId) => world.balanceOf(accountId),
      },
    });
    await after([paid, refunded(25_000n)], spent);
    const withdrawn = shareOf(BONUS - used, 50n);
    expect(await logOf(world, 'grant-withdrawn')).toEqual([withdrawn]);
  });

  it('goes with a refund from here, and comes again where that failed', async () => {
    const { world, orderId } = await after([paid]);
    const asked = { orderId, amountMinor: 25_000n, reason: 'asked for' };
    const requested = await world.commands.requestRefund(asked, meta);
    const refundId = requested.ok ? requested.value.refundId : '';
    await world.commands.bookRefund({ refundId }, meta);
    await world.commands.bookRefund({ refundId }, meta);
    expect(await logOf(world, 'grant-withdrawn')).toEqual([shareOf(BONUS, 50n)]);
    await world.commands.failRefund({ refundId, why: 'no such account' }, meta);
    expect(await logOf(world, 'grant-given')).toEqual([BONUS, shareOf(BONUS, 50n)]);
  });

  it('waits where nothing can be given, and is given then', async () => {
    const off = createCommandWorld({ overrides: { givesGrants: false } });
    const { orderId } = await after([paid], off);
    expect(await logOf(off, 'grant-given')).toEqual([]);
    const on = createCommands({ ...off.dependencies, givesGrants: true });
    await on.creditOrder({ orderId }, meta);
    await on.creditOrder({ orderId }, meta);
    expect(await logOf(off, 'grant-given')).toEqual([BONUS]);
  });
});

const logOf = async (world: CommandWorld, type: 'grant-given' | 'grant-withdrawn') =>
  (await world.events(type)).map(({ data }) => ('quota' in data ? data.quota : undefined));

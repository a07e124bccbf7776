import { describe, expect, it } from '@jest/globals';
import { accountIdOf, grantIdOf } from '../../../src/commands/handling/identifiers.js';
import { createCommands } from '../../../src/commands/create-commands.js';
import { priceOrder } from '../../../src/domain/order/price.js';
import type { Sighting } from '../../../src/domain/order/sighting.js';
import { sourceOfReward } from '../../../src/domain/referral/source.js';
import { firstPaymentTerms } from '../../../src/domain/setting/payments.js';
import type { ReferralTerms } from '../../../src/domain/setting/referrals.js';
import { type CommandWorld, createCommandWorld } from '../../support/command-world.js';

const meta = { actor: 'service-key:shop', requestId: 'r' };
const found = priceOrder(firstPaymentTerms, 'CNY', '500');
if ('fault' in found) throw new Error('there is no price');
const price = found;
const terms: ReferralTerms = { part: '0.1', days: 7, invitee_most_usd: null, month_most_usd: null };
const REWARD = (price.quota + 5n) / 10n;
const DAY_MS = 86_400_000;

/** A world in which ann has the code ANN and invited bob. */
async function worldOfTwo(): Promise<CommandWorld> {
  const world = createCommandWorld();
  await world.commands.syncAccount({ externalUserId: 'ann', username: 'ann', affCode: 'ANN' }, meta);
  await world.commands.syncAccount({ externalUserId: 'bob', username: 'bob', inviterAffCode: 'ANN' }, meta);
  return world;
}

async function placed({ commands }: CommandWorld, externalUserId = 'bob'): Promise<string> {
  const asked = { method: 'test', currency: 'CNY', amount: '500' };
  const placing = { externalUserId, asked, price, providerId: 'test', providerRevision: 1 };
  const order = await commands.placeOrder(
    { ...placing, forMs: 1_800_000, openMost: 99, hourlyMost: 99 },
    meta,
  );
  if (!order.ok) throw new Error(order.refusal.code);
  return order.value.orderId;
}

type Fact = Pick<Sighting, 'what' | 'amountMinor' | 'disputeId'>;
const paid: Fact = { what: 'paid', amountMinor: 50_000n };
const refunded: Fact = { what: 'refunded', amountMinor: 15_000n };
const disputed: Fact = { what: 'disputed', amountMinor: 50_000n, disputeId: 'dp_1' };
const won: Fact = { ...disputed, what: 'dispute-won' };

async function see({ commands }: CommandWorld, orderId: string, fact: Fact): Promise<void> {
  const sighting = {
    ...{ orderId, providerPayment: `pi_${orderId}`, merchant: 'test', currency: 'CNY', at: new Date(0) },
    ...fact,
  };
  const of = { providerId: 'test', merchant: 'test', seenBy: 'notification', suspends: false } as const;
  const seen = await commands.applySighting({ sighting, ...of, evidenceSha256: 'e5'.repeat(32) }, meta);
  if (!seen.ok) throw new Error(seen.refusal.code);
}

const earn = (
  world: CommandWorld,
  orderId: string,
  more: Partial<ReferralTerms> = {},
  earnedThisMonth = 0n,
) =>
  world.commands.earnReward(
    { orderId, creditedAt: world.clock.now, terms: { ...terms, ...more }, earnedThisMonth },
    meta,
  );
const later = (world: CommandWorld, days: number) =>
  (world.clock.now = new Date(world.clock.now.getTime() + days * DAY_MS));
const ofAnn = (world: CommandWorld) => world.balanceOf(accountIdOf('ann'));

function permutations<Value>(values: readonly Value[]): (readonly Value[])[] {
  if (values.length < 2) return [values];
  return values.flatMap((first, index) =>
    permutations(values.filter((_, other) => other !== index)).map((rest) => [first, ...rest]),
  );
}

describe('being invited', () => {
  it('is said once, with the first synchronisation that names somebody, and left alone afterwards', async () => {
    const world = await worldOfTwo();
    await world.commands.syncAccount({ externalUserId: 'eve', username: 'eve', affCode: 'EVE' }, meta);
    for (const inviterAffCode of ['ANN', 'EVE', 'NOBODY'])
      expect(
        await world.commands.syncAccount({ externalUserId: 'bob', username: 'bob', inviterAffCode }, meta),
      ).toMatchObject({ ok: true });
    expect(await world.events('referral-bound')).toMatchObject([
      { data: { account_id: accountIdOf('bob'), inviter_id: accountIdOf('ann'), by: meta.actor } },
    ]);
  });

  it.each([
    ['a code that nobody has', { inviterAffCode: 'NOBODY' }, 'inviter_not_found'],
    ['the code that the same request gives', { affCode: 'BOB', inviterAffCode: 'BOB' }, 'referral_own'],
  ])('by %s is refused, and the user is not made', async (_, codes, code) => {
    const world = createCommandWorld();
    const sync = { externalUserId: 'bob', username: 'bob', ...codes };
    expect(await world.commands.syncAccount(sync, meta)).toMatchObject({ refusal: { code } });
    expect(await world.log()).toEqual([]);
  });

  it('by oneself is refused, and by whoever had the code before them too', async () => {
    const world = await worldOfTwo();
    const own = { externalUserId: 'ann', username: 'ann', inviterAffCode: 'ANN' };
    expect(await world.commands.syncAccount(own, meta)).toMatchObject({ refusal: { code: 'referral_own' } });
    await world.commands.syncAccount({ externalUserId: 'ann', username: 'ann', affCode: 'ANNA' }, meta);
    const old = { externalUserId: 'eve', username: 'eve', inviterAffCode: 'ANN' };
    expect(await world.commands.syncAccount(old, meta)).toMatchObject({
      refusal: { code: 'inviter_not_found' },
    });
  });

  it('in a circle brings each what the other ordered, and nothing of that again', async () => {
    const world = await worldOfTwo();
    await world.commands.syncAccount({ externalUserId: 'bob', username: 'bob', affCode: 'BOB' }, meta);
    await world.commands.syncAccount({ externalUserId: 'ann', username: 'ann', inviterAffCode: 'BOB' }, meta);
    const orderId = await placed(world);
    await see(world, orderId, paid);
    await earn(world, orderId);
    later(world, 8);
    await world.commands.settleReward({ orderId }, meta);
    expect([await ofAnn(world), await world.balanceOf(accountIdOf('bob'))]).toEqual([REWARD, price.quota]);
    expect(await world.events('referral-earned')).toHaveLength(1);
  });

  it('is left alone while it is off, and so is what an operator says', async () => {
    const world = await worldOfTwo();
    const off = createCommands({ ...world.dependencies, bindsReferrals: false });
    const eve = { externalUserId: 'eve', username: 'eve', inviterAffCode: 'ANN' };
    expect(await off.syncAccount(eve, meta)).toMatchObject({ ok: true });
    expect(
      await off.bindReferral({ externalUserId: 'eve', inviterExternalUserId: 'ann' }, meta),
    ).toMatchObject({ refusal: { code: 'referrals_off' } });
    expect(await off.makeReferralCode({ externalUserId: 'bob' }, meta)).toMatchObject({
      refusal: { code: 'referrals_off' },
    });
    expect(await world.events('referral-bound')).toHaveLength(1);
  });

  it('can be said by an operator later, of both once', async () => {
    const world = await worldOfTwo();
    await world.commands.syncAccount({ externalUserId: 'eve', username: 'eve' }, meta);
    const bind = (externalUserId: string, inviterExternalUserId: string) =>
      world.commands.bindReferral({ externalUserId, inviterExternalUserId }, meta);
    expect(await bind('eve', 'ann')).toMatchObject({ ok: true, replayed: false });
    expect(await bind('eve', 'ann')).toMatchObject({ ok: true, replayed: true });
    expect(await bind('eve', 'bob')).toMatchObject({ refusal: { code: 'referral_bound' } });
    expect(await bind('ann', 'ann')).toMatchObject({ refusal: { code: 'referral_own' } });
    expect(await bind('ann', 'nobody')).toMatchObject({ refusal: { code: 'inviter_not_found' } });
    expect(await bind('nobody', 'ann')).toMatchObject({ refusal: { code: 'account_not_found' } });
  });

  it('needs a code, which one who has none can get, once', async () => {
    const world = await worldOfTwo();
    const { makeReferralCode } = world.commands;
    expect(await makeReferralCode({ externalUserId: 'bob' }, meta)).toMatchObject({ replayed: false });
    expect(await makeReferralCode({ externalUserId: 'bob' }, meta)).toMatchObject({ replayed: true });
    expect(await makeReferralCode({ externalUserId: 'ann' }, meta)).toMatchObject({ replayed: true });
    const [changed] = await world.events('account-profile-updated');
    expect(changed?.data).toMatchObject({ aff_code: expect.stringMatching(/^[0-9A-Z]{8}$/) });
  });
});

describe('what an order brings', () => {
  it('is fixed once, and given once when it is due, however often', async () => {
    const world = await worldOfTwo();
    const orderId = await placed(world);
    await see(world, orderId, paid);
    await earn(world, orderId);
    expect(await earn(world, orderId, { part: '0.5' })).toMatchObject({ ok: true, replayed: true });
    await world.commands.settleReward({ orderId }, meta);
    expect(await ofAnn(world)).toBe(0n);
    later(world, 7);
    await Promise.all([1, 2, 3].map(() => world.commands.settleReward({ orderId }, meta)));
    expect(await ofAnn(world)).toBe(REWARD);
    expect(await world.events('grant-given')).toMatchObject([
      {
        data: { kind: 'referral', source: `ref:${orderId}`, grant_id: grantIdOf(sourceOfReward(orderId, 0)) },
      },
    ]);
  });

  it('is nothing of what was credited before, of what is not credited, and of who was invited by nobody', async () => {
    const world = await worldOfTwo();
    await world.commands.syncAccount({ externalUserId: 'eve', username: 'eve' }, meta);
    const before = await placed(world, 'eve');
    await see(world, before, paid);
    const refusal = { refusal: { code: 'referral_not_found' } };
    expect(await earn(world, before)).toMatchObject(refusal);
    await world.commands.bindReferral({ externalUserId: 'eve', inviterExternalUserId: 'ann' }, meta);
    expect(await earn(world, before)).toMatchObject(refusal);
    expect(await earn(world, await placed(world))).toMatchObject({ refusal: { code: 'payment_not_found' } });
    expect(await earn(world, 'CF1')).toMatchObject({ refusal: { code: 'order_not_found' } });
  });

  it('is no more than the limits leave, which says which', async () => {
    const world = await worldOfTwo();
    const usd = (quota: bigint) => (Number(quota) / 500_000).toString();
    const limits: [Partial<ReferralTerms>, bigint][] = [
      [{ invitee_most_usd: usd(REWARD * 2n - 1n) }, 0n],
      [{ invitee_most_usd: usd(REWARD * 2n - 1n) }, 0n],
      [{ invitee_most_usd: usd(REWARD * 2n - 1n) }, 0n],
      [{ month_most_usd: usd(REWARD) }, 1n],
      [{ month_most_usd: usd(REWARD) }, REWARD * 9n],
      [{}, REWARD * 9n],
    ];
    for (const [more, month] of limits) {
      const orderId = await placed(world);
      await see(world, orderId, paid);
      await earn(world, orderId, more, month);
    }
    const earned = await world.events('referral-earned');
    expect(earned.map(({ data }) => 'limited_by' in data && [data.quota, data.limited_by])).toEqual([
      [REWARD, null],
      [REWARD - 1n, 'invitee'],
      [0n, 'invitee'],
      [REWARD - 1n, 'month'],
      [0n, 'month'],
      [REWARD, null],
    ]);
  });

  it('waits for whoever is suspended, and is nobody’s who was erased', async () => {
    const world = await worldOfTwo();
    const orderId = await placed(world);
    await see(world, orderId, paid);
    await earn(world, orderId);
    later(world, 8);
    const ann = { externalUserId: 'ann', reason: 'looked at' };
    await world.commands.suspendAccount(ann, meta);
    await world.commands.settleReward({ orderId }, meta);
    expect(await ofAnn(world)).toBe(0n);
    await world.commands.reinstateAccount(ann, meta);
    await world.commands.eraseAccount(ann, meta);
    await world.commands.settleReward({ orderId }, meta);
    expect(await ofAnn(world)).toBe(0n);
  });

  it('follows its order: in all 120 orders in which money and time go and come it ends alike', async () => {
    const time = 'time';
    const orders = permutations<Fact | typeof time>([paid, refunded, disputed, won, time]);
    expect(orders).toHaveLength(120);
    const ends = new Set<bigint>();
    for (const order of orders) {
      const world = await worldOfTwo();
      const orderId = await placed(world);
      for (const step of order) {
        if (step === time) later(world, 30);
        else await see(world, orderId, step);
        await earn(world, orderId);
        await world.commands.settleReward({ orderId }, meta);
      }
      later(world, 30);
      await world.commands.settleReward({ orderId }, meta);
      ends.add(await ofAnn(world));
    }
    const kept = price.quota - (price.quota * 30n + 50n) / 100n;
    expect([...ends]).toEqual([
      REWARD - (REWARD * (price.quota - kept) * 2n + price.quota) / (2n * price.quota),
    ]);
  });

  it('goes with a refund from here, also where somebody else gave it meanwhile', async () => {
    const world = await worldOfTwo();
    const orderId = await placed(world);
    await see(world, orderId, paid);
    await earn(world, orderId);
    later(world, 8);
    const refund = { paymentId: orderId, refundId: 're_1', amountUsd: price.creditUsd, reason: 'sent back' };
    await Promise.all([
      world.commands.refundPayment(refund, meta),
      world.commands.settleReward({ orderId }, meta),
    ]);
    expect(await ofAnn(world)).toBe(0n);
  });
});

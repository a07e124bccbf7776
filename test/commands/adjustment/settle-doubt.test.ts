import { describe, expect, it } from '@jest/globals';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import { createCommandWorld } from '../../support/command-world.js';

const meta = { actor: 'operator:ann', requestId: 'r-1' };
const externalUserId = 'u-1';
const accountId = accountIdOf(externalUserId);
const callId = '0f0e8a3c-6a5f-4c0f-9d6e-1b3f3f6f1a01';
const doubt = { externalUserId, callId, charged: 165n, reason: 'upstream was asked' };

async function worldWithMoney() {
  const world = createCommandWorld();
  const groups = [{ name: 'default', ratio: '1' }];
  await world.commands.publishPriceList({ prices: [], groups }, meta);
  await world.commands.syncAccount({ externalUserId, username: 'ann' }, meta);
  await world.commands.creditPayment({ externalUserId, amountUsd: '0.002', paymentId: 'pi_1' }, meta);
  return world;
}

describe('settling the doubt in a charge', () => {
  it('as charged moves nothing, and says who and why', async () => {
    const world = await worldWithMoney();
    expect(await world.commands.settleDoubt({ ...doubt, quota: 165n }, meta)).toMatchObject({ ok: true });
    expect(await world.events('balance-adjusted')).toEqual([]);
    expect(await world.events('doubt-accepted')).toMatchObject([
      { data: { call_id: callId, quota: 165n, reason: 'upstream was asked', by: 'operator:ann' } },
    ]);
  });

  it.each([
    [100n, 65n],
    [0n, 165n],
    [200n, -35n],
  ])('at %d corrects the balance by the difference, %d, linked to the call', async (quota, difference) => {
    const world = await worldWithMoney();
    await world.commands.settleDoubt({ ...doubt, quota }, meta);
    expect(await world.events('balance-adjusted', 'doubt-accepted')).toMatchObject([
      { type: 'balance-adjusted', data: { adjustment_id: `doubt:${callId}`, quota: difference } },
    ]);
    expect(await world.balanceOf(accountId)).toBe(1_000n + difference);
  });

  it('happens once: the same again changes nothing, another figure or reason is a conflict', async () => {
    for (const first of [165n, 100n]) {
      const world = await worldWithMoney();
      await world.commands.settleDoubt({ ...doubt, quota: first }, meta);
      const again = await world.commands.settleDoubt({ ...doubt, quota: first }, meta);
      expect(again).toMatchObject({ ok: true, replayed: true });
      const otherwise = first === 165n ? 100n : 165n;
      expect(await world.commands.settleDoubt({ ...doubt, quota: otherwise }, meta)).toMatchObject({
        refusal: { code: 'adjustment_conflict', field: 'quota' },
      });
      expect(await world.commands.settleDoubt({ ...doubt, quota: first, reason: 'x' }, meta)).toMatchObject({
        refusal: { code: 'adjustment_conflict', field: 'reason' },
      });
    }
  });

  it('by several at once has one outcome', async () => {
    const world = await worldWithMoney();
    const results = await Promise.all(
      [165n, 100n, 165n, 0n].map((quota, index) =>
        world.commands.settleDoubt({ ...doubt, quota, reason: `reason ${index}` }, meta),
      ),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await world.events('balance-adjusted', 'doubt-accepted')).toHaveLength(1);
  });

  it('takes no more than there is, and no other correction can stand for one', async () => {
    const world = await worldWithMoney();
    expect(await world.commands.settleDoubt({ ...doubt, quota: 1_166n }, meta)).toMatchObject({
      refusal: { code: 'adjustment_exceeds_balance', needed: 1_001n, available: 1_000n },
    });
    const adjustmentId = `doubt:${callId}`;
    expect(
      await world.commands.adjustBalance({ externalUserId, adjustmentId, quota: 1n, reason: 'x' }, meta),
    ).toMatchObject({ refusal: { code: 'adjustment_conflict', field: 'adjustment_id' } });
    expect(await world.balanceOf(accountId)).toBe(1_000n);
  });
});

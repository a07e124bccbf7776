import { describe, expect, it } from '@jest/globals';
import { pendingAdjustment } from '../../../src/commands/adjustment/pending.js';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import { ADJUST_ALONE, createCommandWorld } from '../../support/command-world.js';

const by = (name: string) => ({ actor: `operator:${name}`, requestId: 'r-1' });
const externalUserId = 'u-1';
const accountId = accountIdOf(externalUserId);
const large = { externalUserId, adjustmentId: 'a1', quota: ADJUST_ALONE + 1n, reason: 'contract 17' };
const pending = { ok: true, value: { accountId, isPending: true } };

async function worldWithMoney(amountUsd = '10') {
  const world = createCommandWorld({ overrides: { adjustAlone: ADJUST_ALONE } });
  await world.commands.syncAccount({ externalUserId, username: 'ann' }, by('setup'));
  await world.commands.creditPayment({ externalUserId, amountUsd, paymentId: 'pi_1' }, by('setup'));
  return { world, before: await world.balanceOf(accountId) };
}

describe('a correction that is too large for one operator', () => {
  it.each([
    [ADJUST_ALONE, false],
    [-ADJUST_ALONE, false],
    [ADJUST_ALONE + 1n, true],
    [-ADJUST_ALONE - 1n, true],
  ])('is one of more than the limit, up or down: %d is pending: %s', async (quota, isPending) => {
    const { world, before } = await worldWithMoney('10000');
    const asked = await world.commands.adjustBalance({ ...large, quota }, by('ann'));
    expect(asked).toMatchObject({ ok: true, value: { isPending } });
    expect(await world.balanceOf(accountId)).toBe(isPending ? before : before + quota);
    expect(world.holds.size).toBe(quota < 0n && !isPending ? 1 : 0);
  });

  it('is asked for once, waits, and another figure or reason under its id is a conflict', async () => {
    const { world, before } = await worldWithMoney();
    expect(await world.commands.adjustBalance(large, by('ann'))).toMatchObject({
      ...pending,
      replayed: false,
    });
    expect(await world.commands.adjustBalance(large, by('ann'))).toMatchObject({
      ...pending,
      replayed: true,
    });
    expect(await world.commands.adjustBalance({ ...large, quota: 5n }, by('ann'))).toMatchObject({
      refusal: { code: 'adjustment_conflict', field: 'quota' },
    });
    expect(await world.balanceOf(accountId)).toBe(before);
    expect(await pendingAdjustment(world.dependencies, 'a1')).toEqual({
      adjustmentId: 'a1',
      quota: large.quota,
      reason: 'contract 17',
      requestedBy: 'operator:ann',
    });
  });

  it('is made by another operator and never by the one who asked; the log names both', async () => {
    const { world, before } = await worldWithMoney();
    await world.commands.adjustBalance(large, by('ann'));
    expect(await world.commands.approveAdjustment({ adjustmentId: 'a1' }, by('ann'))).toMatchObject({
      refusal: { code: 'adjustment_own' },
    });
    const approve = (name: string) => world.commands.approveAdjustment({ adjustmentId: 'a1' }, by(name));
    const outcomes = await Promise.all([approve('ben'), approve('cat'), approve('ben')]);
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(outcomes.filter((outcome) => outcome.ok && !outcome.replayed)).toHaveLength(1);
    expect(await world.balanceOf(accountId)).toBe(before + large.quota);
    const [made, ...more] = await world.events('balance-adjusted');
    expect(more).toEqual([]);
    expect(made?.data).toMatchObject({ by: expect.stringMatching(/ben|cat/), requested_by: 'operator:ann' });
    expect(await pendingAdjustment(world.dependencies, 'a1')).toBeUndefined();
    expect(await world.commands.adjustBalance(large, by('ann'))).toMatchObject({
      ok: true,
      replayed: true,
      value: { isPending: false },
    });
  });

  it('that takes must be there when it is approved, and is held', async () => {
    const { world, before } = await worldWithMoney('10000');
    const quota = -ADJUST_ALONE - 1n;
    await world.commands.adjustBalance({ ...large, quota }, by('ann'));
    await world.commands.adjustBalance({ ...large, adjustmentId: 'a2', quota: quota - before }, by('ann'));
    expect(await world.commands.approveAdjustment({ adjustmentId: 'a2' }, by('ben'))).toMatchObject({
      refusal: { code: 'adjustment_exceeds_balance' },
    });
    expect(await world.commands.approveAdjustment({ adjustmentId: 'a1' }, by('ben'))).toMatchObject({
      ok: true,
    });
    expect(await world.balanceOf(accountId)).toBe(before + quota);
    expect([...world.holds.values()].filter(({ settledAt }) => settledAt === undefined)).toEqual([]);
  });

  it('that was declined is never made, under its id', async () => {
    const { world, before } = await worldWithMoney();
    await world.commands.adjustBalance(large, by('ann'));
    const declined = await world.commands.declineAdjustment({ adjustmentId: 'a1', reason: 'no' }, by('ben'));
    expect(declined).toMatchObject({ ok: true, value: { quota: large.quota } });
    const code = { refusal: { code: 'adjustment_declined' } };
    expect(await world.commands.approveAdjustment({ adjustmentId: 'a1' }, by('cat'))).toMatchObject(code);
    expect(await world.commands.adjustBalance(large, by('ann'))).toMatchObject(code);
    expect(await world.balanceOf(accountId)).toBe(before);
    expect(await world.events('adjustment-declined')).toMatchObject([
      { data: { reason: 'no', by: 'operator:ben' } },
    ]);
  });

  it('that was made is not declined, and one that nobody asked for is neither', async () => {
    const { world } = await worldWithMoney();
    await world.commands.adjustBalance({ ...large, quota: 5n }, by('ann'));
    expect(
      await world.commands.declineAdjustment({ adjustmentId: 'a1', reason: 'no' }, by('ben')),
    ).toMatchObject({
      refusal: { code: 'adjustment_made' },
    });
    for (const refused of [
      await world.commands.declineAdjustment({ adjustmentId: 'a9', reason: 'no' }, by('ben')),
      await world.commands.approveAdjustment({ adjustmentId: 'a9' }, by('ben')),
    ])
      expect(refused).toMatchObject({ refusal: { code: 'adjustment_not_found' } });
  });
});

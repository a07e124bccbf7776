import { describe, expect, it } from '@jest/globals';
import type { CashMovement } from '../../../src/commands/cash/commands.js';
import { createCommandWorld } from '../../support/command-world.js';

const meta = { actor: 'operator:ann', requestId: 'r' };
const fee: CashMovement = {
  ...{ providerId: 'stripe', kind: 'fee', reference: 'txn_1', currency: 'USD', amountMinor: 229n },
  ...{ quota: 1_145_000n, at: new Date(0), evidenceSha256: 'e5'.repeat(32), reason: 'Stripe balance report' },
};

describe('fees and payouts of providers', () => {
  it('are booked once what a provider calls so, whatever the rate is by then', async () => {
    const world = createCommandWorld();
    expect(await world.commands.bookCash(fee, meta)).toMatchObject({ ok: true, replayed: false });
    expect(await world.commands.bookCash({ ...fee, quota: 1n, reason: 'again' }, meta)).toMatchObject({
      ok: true,
      replayed: true,
    });
    for (const other of [{ kind: 'payout' }, { providerId: 'another' }, { reference: 'txn_2' }] as const)
      expect(await world.commands.bookCash({ ...fee, ...other }, meta)).toMatchObject({ replayed: false });
    const booked = (await world.log()).filter(({ type }) => type === 'cash-booked.v1');
    expect(new Set(booked.map(({ stream }) => stream)).size).toBe(4);
    expect(booked).toHaveLength(4);
  });

  it.each([
    [{ amountMinor: 230n }, { code: 'cash_conflict', field: 'amount_minor' }],
    [{ currency: 'EUR' }, { code: 'cash_conflict', field: 'currency' }],
    [{ amountMinor: 0n, reference: 'txn_2' }, { code: 'cash_amount_invalid' }],
    [{ quota: -1n, reference: 'txn_2' }, { code: 'cash_amount_invalid' }],
  ])('are refused with %j, and nothing is written', async (other, refusal) => {
    const world = createCommandWorld();
    await world.commands.bookCash(fee, meta);
    const before = await world.log();
    expect(await world.commands.bookCash({ ...fee, ...other }, meta)).toEqual({ ok: false, refusal });
    expect(await world.log()).toEqual(before);
  });

  it('are written where every process knows them, and stay what they are elsewhere', async () => {
    const world = createCommandWorld({ overrides: { booksCash: false } });
    expect(await world.commands.bookCash(fee, meta)).toEqual({ ok: false, refusal: { code: 'cash_off' } });
    expect((await world.log()).filter(({ type }) => type.startsWith('cash'))).toEqual([]);
  });
});

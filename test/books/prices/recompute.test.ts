import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { recomputeCharges } from '../../../src/books/prices/recompute.js';
import { groupSchema, priceSchema } from '../../../src/domain/pricing/price.js';
import { anEvent } from '../../support/events.js';
import { createLedger, type Ledger } from '../../projections/projector-setup.js';

// What calls would have cost: by the functions that charged them, so the list they were charged by gives what was charged.

let ledger: Ledger;
let now = Date.parse('2026-11-28T10:00:00Z');
beforeEach(async () => {
  ledger = await createLedger(() => new Date((now += 1_000)));
  await ledger.start();
});
afterEach(() => ledger.close());

const given = anEvent('price-list-published').data;
const list = (change: (ratio: string) => string = (ratio) => ratio) => ({
  prices: given.prices.map((price) =>
    priceSchema.parse({ ...price, model_ratio: change(price.model_ratio ?? '1') }),
  ),
  groups: given.groups.map((group) => groupSchema.parse(group)),
});
const LONG_AGO = new Date('2026-11-21T10:00:00Z');
const recompute = (entries = list(), options: { from?: Date; most?: number } = {}) =>
  recomputeCharges({ store: ledger.store, pool: ledger.database.pool }, entries, {
    from: LONG_AGO,
    most: 100,
    ...options,
  });

describe('the calls of a time, by another price list', () => {
  it('cost what they did by the list they were charged by, and in proportion by another', async () => {
    await ledger.given(anEvent('account-registered'), anEvent('token-issued'));
    const call = anEvent('consumption-recorded');
    await ledger.given(call, anEvent('consumption-recorded'), anEvent('call-failed'));
    const same = await recompute();
    expect(same).toMatchObject({ calls: 2, omitted: 0 });
    expect(same.models).toEqual([
      {
        model: call.data.model,
        calls: 2,
        charged: call.data.quota * 2n,
        recomputed: call.data.quota * 2n,
        unpriced: 0,
      },
    ]);
    const free = await recompute(list(() => '0'));
    expect(free.models).toMatchObject([{ charged: call.data.quota * 2n, recomputed: 0n }]);
  });

  it('are the newest where there are too many, and it is said how many are not looked at', async () => {
    await ledger.given(anEvent('account-registered'), anEvent('token-issued'));
    await ledger.given(...Array.from({ length: 5 }, () => anEvent('consumption-recorded')));
    expect(await recompute(list(), { most: 3 })).toMatchObject({ calls: 3, omitted: 2 });
    expect(await recompute(list(), { from: new Date(now + 60_000) })).toMatchObject({
      calls: 0,
      omitted: 0,
      models: [],
    });
  });

  it('are told apart where the list does not know their model or group', async () => {
    await ledger.given(anEvent('account-registered'), anEvent('token-issued'));
    await ledger.given(
      anEvent('consumption-recorded', { model: 'unknown-model' }),
      anEvent('consumption-recorded', { group: 'unknown-group' }),
    );
    const { models } = await recompute();
    expect(models.map(({ charged, unpriced }) => [charged, unpriced])).toEqual([
      [0n, 1],
      [0n, 1],
    ]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nothingSealed } from '../../support/nothing-sealed.js';
import { createAudit } from '../../../src/books/audit/audit.js';
import { ACCOUNT_ID, anEvent } from '../../support/events.js';
import { choiceArbitrary, historyOf } from '../../support/history.js';
import { createLedger, type Ledger } from '../../projections/projector-setup.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const TODAY = new Date('2027-01-10T00:00:00Z');

let ledger: Ledger;
let clock: number;
let step: number;
beforeEach(async () => {
  clock = Date.UTC(2026, 8, 20);
  step = DAY_MS / 3;
  ledger = await createLedger(() => new Date((clock += step)));
});
afterEach(() => ledger.close());

const audit = (timeZone = 'UTC') =>
  createAudit({
    pool: ledger.database.pool,
    store: ledger.store,
    openTexts: nothingSealed,
    cachedBalance: undefined,
    timeZone,
    now: () => TODAY,
  });

describe('a statement', () => {
  it('sets opening, movements and closing apart', async () => {
    step = 1;
    clock = Date.UTC(2026, 9, 31, 10);
    await ledger.start();
    await ledger.given(
      anEvent('account-registered'),
      anEvent('payment-credited', { payment_id: 'pi_0', quota: 1_000n, amount_usd: '0.002' }),
    );
    clock = Date.UTC(2026, 10, 3);
    const call_id = '00000000-0000-4000-8000-000000000001';
    await ledger.given(
      anEvent('payment-credited'),
      anEvent('payment-refunded'),
      anEvent('consumption-recorded', { call_id }),
      anEvent('consumption-recorded', { model: 'other', quota: 100n }),
      anEvent('consumption-recorded', { model: 'other', quota: 50n }),
      anEvent('consumption-corrected', { call_id }),
      anEvent('balance-adjusted', { quota: -300n }),
      anEvent('call-failed'),
    );
    clock = Date.UTC(2026, 11, 1);
    await ledger.given(anEvent('payment-credited', { payment_id: 'pi_9' }));
    const statement = await audit().statement('user-1', '2026-11');
    expect(statement).toEqual({
      external_user_id: 'user-1',
      user_id: 1,
      account_id: ACCOUNT_ID,
      month: '2026-11',
      timezone: 'UTC',
      from: '2026-11-01T00:00:00.000Z',
      until: '2026-12-01T00:00:00.000Z',
      complete: true,
      position: 10n,
      opening: 1_000n,
      credits: {
        count: 1,
        quota: 5_000_000n,
        top_ups: [
          expect.objectContaining({
            payment_id: 'pi_1',
            amount_usd: '10',
            quota: 5_000_000n,
            by: 'service-key:test',
          }),
        ],
      },
      refunds: { count: 1, quota: 2_000_000n },
      grants: { count: 0, quota: 0n },
      consumption: {
        count: 3,
        quota: 170n,
        by_model: [
          {
            model: 'other',
            calls: 2,
            prompt_tokens: 28n,
            completion_tokens: 36n,
            charged: 150n,
            corrected: 0n,
            quota: 150n,
          },
          {
            model: 'qwen-turbo',
            calls: 1,
            prompt_tokens: 14n,
            completion_tokens: 18n,
            charged: 27n,
            corrected: -7n,
            quota: 20n,
          },
        ],
      },
      adjustments: { count: 1, quota: -300n },
      failed_calls: 1,
      closing: 3_000_530n,
    });
    expect((await audit().statement('user-1', '2027-01')).complete).toBe(false);
  });

  it.each(['UTC', 'Asia/Kathmandu', 'America/New_York'])(
    'of each month chains to the next in %s',
    async (zone) => {
      await ledger.start();
      await ledger.given(...historyOf(fc.sample(choiceArbitrary, { numRuns: 300, seed: 5 })));
      const asked = audit(zone);
      for (const account of [0, 1, 2]) {
        let closing = 0n;
        for (const month of ['2026-09', '2026-10', '2026-11', '2026-12', '2027-01']) {
          const statement = await asked.statement(`member-${account}`, month);
          const { opening, credits, grants, refunds, consumption, adjustments } = statement;
          expect(opening).toBe(closing);
          closing = statement.closing;
          expect(closing).toBe(
            opening + credits.quota + grants.quota - refunds.quota - consumption.quota + adjustments.quota,
          );
          expect(
            await asked.balance(`member-${account}`, { at: new Date(Date.parse(statement.until) - 1) }),
          ).toMatchObject({
            balance: closing,
          });
        }
        expect(await asked.balance(`member-${account}`, 'now')).toMatchObject({ balance: closing });
      }
    },
  );

  it('begins a month in the time zone of the ledger', async () => {
    clock = Date.parse('2026-10-31T17:00:00Z');
    step = 0;
    await ledger.start();
    await ledger.given(anEvent('account-registered'), anEvent('payment-credited'));
    expect((await audit('UTC').statement('user-1', '2026-10')).credits.count).toBe(1);
    expect((await audit('Asia/Shanghai').statement('user-1', '2026-10')).credits.count).toBe(0);
    expect((await audit('Asia/Shanghai').statement('user-1', '2026-11')).credits.count).toBe(1);
  });

  it.each(['2026-13', '2026-1', 'november', '0000-01', ''])('refuses %j as a month', async (month) => {
    await ledger.start();
    await ledger.given(anEvent('account-registered'));
    await expect(audit().statement('user-1', month)).rejects.toMatchObject({ code: 'month_invalid' });
  });

  it('is not told when history and journal differ', async () => {
    clock = Date.UTC(2026, 10, 3);
    await ledger.start();
    await ledger.given(anEvent('account-registered'), anEvent('payment-credited'));
    await ledger.rows('UPDATE p_usage_log.log_rows SET spend = spend - 1');
    await expect(audit().statement('user-1', '2026-11')).rejects.toMatchObject({ name: 'BooksDisagree' });
  });
});

describe('a difference between two positions', () => {
  it('tells what happened to each account, and what to none', async () => {
    await ledger.start();
    const from = await ledger.given(
      anEvent('account-registered'),
      anEvent('token-issued'),
      anEvent('payment-credited'),
    );
    const to = await ledger.given(
      anEvent('consumption-recorded'),
      anEvent('call-failed'),
      anEvent('token-disabled'),
      anEvent('price-list-published'),
      anEvent('payment-refunded'),
    );
    await ledger.given(anEvent('balance-adjusted'));
    expect(await audit().diff(from, to, { maxEvents: 100 })).toEqual({
      from,
      to,
      events: 5,
      accounts: [
        {
          external_user_id: 'user-1',
          user_id: 1,
          account_id: ACCOUNT_ID,
          before: 5_000_000n,
          after: 2_999_973n,
          change: -2_000_027n,
          credits: 0n,
          grants: 0n,
          refunds: 2_000_000n,
          consumption: 27n,
          adjustments: 0n,
          calls: 1,
          failed_calls: 1,
          events: {
            'call-failed.v1': 1,
            'consumption-recorded.v5': 1,
            'payment-refunded.v2': 1,
            'token-disabled.v3': 1,
          },
        },
      ],
      ledger: { 'price-list-published.v4': 1 },
    });
  });

  it('adds up over any cut of the log', async () => {
    await ledger.start();
    const head = await ledger.given(...historyOf(fc.sample(choiceArbitrary, { numRuns: 200, seed: 3 })));
    const asked = audit();
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: -1n, max: head }), async (cut) => {
        const sums = new Map<string, bigint>();
        let events = 0;
        for (const [from, to] of [[-1n, cut] as const, [cut, head] as const]) {
          const part = await asked.diff(from, to, { maxEvents: 10_000 });
          events += part.events;
          for (const { external_user_id, change } of part.accounts)
            sums.set(external_user_id, (sums.get(external_user_id) ?? 0n) + change);
        }
        expect(events).toBe(Number(head) + 1);
        for (const [user, sum] of sums) expect((await asked.balance(user, 'now')).balance).toBe(sum);
      }),
      { numRuns: 15 },
    );
  });

  it('refuses a range that is none, not reached, or too large', async () => {
    await ledger.start();
    const head = await ledger.given(anEvent('account-registered'), anEvent('payment-credited'));
    const diff = (from: bigint, to: bigint, maxEvents = 100) => audit().diff(from, to, { maxEvents });
    await expect(diff(1n, 0n)).rejects.toMatchObject({ code: 'range_invalid' });
    await expect(diff(-2n, 0n)).rejects.toMatchObject({ code: 'range_invalid' });
    await expect(diff(0n, head + 1n)).rejects.toMatchObject({ code: 'position_ahead' });
    await expect(diff(-1n, head, 1)).rejects.toMatchObject({ code: 'range_too_large' });
    expect(await diff(head, head)).toMatchObject({ events: 0, accounts: [] });
  });
});

import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nothingSealed } from '../../support/nothing-sealed.js';
import { usageFrom } from '../../../src/domain/pricing/usage.js';
import fc from 'fast-check';
import { add, decimal, formatDecimal, roundHalfAwayFromZero } from '../../../src/domain/money/decimal.js';
import { charge } from '../../../src/domain/pricing/charge.js';
import type { EventOf } from '../../../src/domain/events/catalogue.js';
import { sumOf } from '../../../src/books/audit/explain/told.js';
import { createAudit } from '../../../src/books/audit/audit.js';
import { ACCOUNT_ID, anEvent } from '../../support/events.js';
import { createLedger, type Ledger } from '../../projections/projector-setup.js';

const NOW = '2026-11-21T10:00:00.000Z';
const user = { external_user_id: 'user-1', user_id: 1, account_id: ACCOUNT_ID };

let ledger: Ledger;
beforeEach(async () => {
  ledger = await createLedger(() => new Date(NOW));
  await ledger.start();
  await ledger.given(
    anEvent('account-registered'),
    anEvent('token-issued'),
    anEvent('price-list-published'),
    anEvent('channel-configured'),
    anEvent('payment-credited'),
  );
});
afterEach(() => ledger.close());

const explain = (id: string) =>
  createAudit({
    pool: ledger.database.pool,
    store: ledger.store,
    openTexts: nothingSealed,
    cachedBalance: undefined,
    timeZone: 'UTC',
    now: () => new Date(NOW),
  }).explain(id);

type Recorded = EventOf<'consumption-recorded'>['data'];
/** A charge of the listed price, as the relay records it. */
function consumption(overrides: Partial<Recorded> = {}) {
  const event = anEvent('consumption-recorded', { cache_ratio: '1', ...overrides });
  const { quota, exact, rounding } = charge(event.data, event.data.group_ratio, event.data.usage);
  const { hold_quota } = event.data;
  const overshoot_quota = quota > hold_quota ? quota - hold_quota : 0n;
  return anEvent('consumption-recorded', {
    ...event.data,
    quota,
    exact_quota: exact,
    rounding,
    overshoot_quota,
  });
}

describe('explaining a call', () => {
  it('tells the whole chain, by call id and by request id', async () => {
    const event = consumption({ request_id: 'req-7', hold_quota: 20n });
    await ledger.given(event);
    const { call_id } = event.data;
    const expected = {
      kind: 'call',
      call_id,
      request_id: 'req-7',
      user,
      key: { token_id: 1, name: 'My API Token', mask: 'sk-a...aaaa' },
      budgets: [],
      dialect: 'openai',
      endpoint: '/v1/chat/completions',
      model: 'qwen-turbo',
      streamed: false,
      started_at: '2026-11-21T09:00:00Z',
      steps: [
        {
          step: 'charged',
          position: 5n,
          stream: `usage-${ACCOUNT_ID}-202611`,
          revision: 0n,
          event_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          recorded_at: NOW,
          tokens: {
            prompt: 14,
            cached: 0,
            cache_write: 0,
            cache_write_1h: 0,
            prompt_audio: 0,
            prompt_image: 0,
            completion: 18,
            reasoning: 0,
            completion_audio: 0,
            completion_image: 0,
            basis: 'reported',
          },
          units: {
            images: 0,
            media_ms: 0,
            characters: 0,
            searches: 0,
            file_searches: 0,
            code_sessions: 0,
          },
          parts: [],
          doubt: null,
          price: {
            version: 1,
            published_at: NOW,
            published_by: 'bootstrap',
            model_ratio: '0.8572',
            completion_ratio: '1',
            cache_ratio: '1',
            cache_write_ratio: '1',
            per_call_usd: null,
            group: 'default',
            group_ratio: '1',
            user_group: null,
            tier_above_prompt_tokens: null,
            service_tier: null,
            image_size: null,
            image_quality: null,
          },
          lines: [
            { kind: 'input', count: 14, ratio: '1', exact: '12.0008' },
            { kind: 'output', count: 18, ratio: '1', exact: '15.4296' },
          ],
          exact_quota: '27.4304',
          rounding: 'half-away-from-zero',
          quota: 27n,
          hold_quota: 20n,
          overshoot_quota: 7n,
          upstream: {
            channel_id: 'main',
            channel_name: 'Main',
            model: 'qwen-turbo',
            request_id: 'upstream-1',
          },
          ended: 'complete',
          duration_ms: 800,
          first_byte_ms: 200,
          balance_before: 5_000_000n,
          balance_after: 4_999_973n,
        },
      ],
      quota: 27n,
      usd: '0.000054',
      told: [
        {
          kind: 'input',
          text: {
            zh: '14 个输入 token × 1 × 模型倍率 0.8572 × 分组倍率 1',
            en: '14 input tokens × 1 × model ratio 0.8572 × group ratio 1',
          },
          quota: '12.0008',
        },
        {
          kind: 'output',
          text: {
            zh: '18 个输出 token × 1 × 模型倍率 0.8572 × 分组倍率 1',
            en: '18 output tokens × 1 × model ratio 0.8572 × group ratio 1',
          },
          quota: '15.4296',
        },
        {
          kind: 'rounding',
          text: { zh: '四舍五入', en: 'Rounded to whole quota, half away from zero' },
          quota: '-0.4304',
        },
      ],
    };
    expect(await explain(call_id)).toEqual({ id: call_id, explanations: [expected], more: false });
    expect(await explain('req-7')).toEqual({ id: 'req-7', explanations: [expected], more: false });
  });

  it('finds the price of a pattern, the tier, the picture and the special ratio that the charge was made with', async () => {
    const rates = {
      model_ratio: '2',
      completion_ratio: '4',
      cache_ratio: '1',
      cache_write_ratio: '1',
      cache_write_1h_ratio: '2',
      per_call_usd: null,
      per_image_usd: '0.01',
    };
    const listed = {
      ...rates,
      model: 'omni-*',
      max_output_tokens: 100,
      tiers: [{ above_prompt_tokens: 1_000, model_ratio: '3' }],
      image_prices: [{ size: 'large', usd: '0.02' }],
      service_tier_ratios: { flex: '0.5' },
    };
    const groups = [
      {
        name: 'default',
        ratio: '1',
        special_ratios: [{ user_group: 'default', model: 'omni-*', ratio: '0.5' }],
      },
    ];
    await ledger.given(anEvent('price-list-published', { version: 2, prices: [listed], groups }));
    const used = {
      price_version: 2,
      model: 'omni-1',
      ...rates,
      model_ratio: '3',
      per_image_usd: '0.02',
      group_ratio: '0.5',
      user_group: 'default',
      tier_above_prompt_tokens: 1_000,
      image_size: 'large',
      usage: usageFrom({ prompt_tokens: 1_001, cache_write_1h_tokens: 1, images: 1 }),
    };
    const right = consumption(used);
    await ledger.given(right);
    expect(await explain(right.data.call_id)).toMatchObject({
      explanations: [
        { steps: [{ quota: 6_503n, price: { tier_above_prompt_tokens: 1_000, image_size: 'large' } }] },
      ],
    });
    const wrong = consumption({ ...used, tier_above_prompt_tokens: undefined, model_ratio: '2' });
    await ledger.given(wrong);
    await expect(explain(wrong.data.call_id)).rejects.toMatchObject({ name: 'BooksDisagree' });
    const flex = consumption({ ...used, service_tier: 'flex', service_tier_ratio: '0.5' });
    const listPrice = consumption({ ...used, service_tier: 'flex' });
    await ledger.given(flex, listPrice);
    expect(await explain(flex.data.call_id)).toMatchObject({
      explanations: [{ steps: [{ price: { service_tier: 'flex', service_tier_ratio: '0.5' } }] }],
    });
    await expect(explain(listPrice.data.call_id)).rejects.toMatchObject({ name: 'BooksDisagree' });
  });

  it('has lines that add up to the charge, for any usage', async () => {
    const count = fc.integer({ min: 0, max: 5_000 });
    await fc.assert(
      fc.asyncProperty(count, count, count, async (prompt_tokens, cached, completion_tokens) => {
        const cached_tokens = Math.min(prompt_tokens, cached);
        const usage = usageFrom({ prompt_tokens, cached_tokens, completion_tokens });
        const event = consumption({ usage });
        await ledger.given(event);
        const [call] = (await explain(event.data.call_id)).explanations;
        const [step] = call?.kind === 'call' ? call.steps : [];
        if (step?.step !== 'charged') throw new Error('no charge');
        const sum = step.lines.reduce((total, line) => add(total, decimal(line.exact)), decimal('0'));
        expect(formatDecimal(sum)).toBe(step.exact_quota);
        if (step.rounding === 'half-away-from-zero') expect(step.quota).toBe(roundHalfAwayFromZero(sum));
        expect(step.balance_before - step.balance_after).toBe(step.quota);
        expect(sumOf(call?.told ?? [])).toBe(step.quota.toString());
      }),
      { numRuns: 20 },
    );
  });

  it('follows a call that was abandoned and then corrected to its true charge', async () => {
    const call_id = randomUUID();
    const usage = usageFrom({ completion_tokens: 10 });
    const part = { exact_quota: '8.572', rounding: 'half-away-from-zero' as const, quota: 9n };
    await ledger.given(
      anEvent('call-abandoned', { call_id, request_id: 'req-8', usage, ...part }),
      anEvent('consumption-corrected', { call_id, quota_before: 9n, quota: 27n, difference: 18n }),
    );
    const [call] = (await explain('req-8')).explanations;
    expect(call).toMatchObject({
      quota: 27n,
      steps: [
        { step: 'abandoned', tokens: { basis: 'heartbeat' }, quota: 9n, balance_after: 4_999_991n },
        {
          step: 'corrected',
          quota_before: 9n,
          difference: 18n,
          balance_before: 4_999_991n,
          balance_after: 4_999_973n,
        },
      ],
    });
  });

  it('knows that an abandoned call without output costs nothing, whatever the price', async () => {
    const usage = usageFrom({});
    const event = anEvent('call-abandoned', { usage, exact_quota: '0', rounding: 'free', quota: 0n });
    await ledger.given(event);
    expect((await explain(event.data.call_id)).explanations).toMatchObject([{ quota: 0n, usd: '0' }]);
  });

  it('says why a refused call was refused', async () => {
    const event = anEvent('call-failed', {
      stage: 'refused',
      status: 402,
      code: 'insufficient_quota',
      channel_id: null,
      needed_quota: 9_000_000n,
      available_quota: 4_000_000n,
    });
    await ledger.given(event);
    expect((await explain(event.data.call_id)).explanations).toMatchObject([
      {
        quota: 0n,
        steps: [
          {
            step: 'failed',
            status: 402,
            code: 'insufficient_quota',
            needed_quota: 9_000_000n,
            available_quota: 4_000_000n,
            balance: 5_000_000n,
            why: 'refused before anything was forwarded: the call needed at least 9000000 quota and 4000000 was available; the balance was 5000000, and the rest was held by other calls, or above the limit of the key or a budget of its team',
          },
        ],
      },
    ]);
  });

  it('names the budgets of a team that a call was held against, as they were set then', async () => {
    const [failed, charged] = [
      anEvent('call-failed', { code: 'insufficient_quota', needed_quota: 9n, available_quota: 4n }),
      consumption({ started_at: '2026-11-30T16:30:00Z' }),
    ];
    const key = { kind: 'key', token_id: 1 } as const;
    const ofKey = { budget_id: randomUUID(), scope: key, period: 'week', timezone: 'UTC' } as const;
    const before = consumption();
    await ledger.given(
      ...[
        before,
        anEvent('token-assigned'),
        anEvent('budget-set'),
        anEvent('budget-set', { ...ofKey, quota: 500_000n }),
      ],
      ...[charged, anEvent('budget-set', { ...ofKey, quota: null })],
      // Another member's, and another key's.
      anEvent('budget-set', { budget_id: randomUUID(), scope: { kind: 'member', member_id: randomUUID() } }),
      anEvent('budget-set', { budget_id: randomUUID(), scope: { kind: 'key', token_id: 2 } }),
      failed,
    );

    const of = async (id: string) => {
      const [call] = (await explain(id)).explanations;
      if (call?.kind !== 'call') throw new Error('not a call');
      const told = call.told.filter(({ kind }) => kind === 'budget').map(({ text }) => text.en);
      return { told, budgets: call.budgets, first: call.told[0]?.text.en };
    };
    const member = { of: 'member', quota: 2_500_000n, period: 'month', timezone: 'Asia/Shanghai' };
    expect(await of(charged.data.call_id)).toMatchObject({
      // It is December there by then.
      budgets: [
        { ...member, period_name: '202612' },
        { of: 'key', quota: 500_000n, period: 'week', period_name: '2026W49', timezone: 'UTC' },
      ],
      told: [
        'Held against the budget of the member: $5 a month (202612, Asia/Shanghai)',
        'Held against the budget of the key: $1 a week (2026W49, UTC)',
      ],
    });
    expect(await of(failed.data.call_id)).toMatchObject({
      budgets: [member],
      told: [expect.stringContaining('budget of the member')],
      first: 'Not charged: the balance or a budget was short: at least 9 quota were needed, 4 available',
    });
    expect(await of(before.data.call_id)).toMatchObject({ budgets: [], told: [] });
  });

  it('says where a failed call failed', async () => {
    const event = anEvent('call-failed');
    await ledger.given(event);
    expect((await explain(event.data.call_id)).explanations).toMatchObject([
      { steps: [{ stage: 'upstream', why: expect.stringContaining('no upstream could be reached') }] },
    ]);
  });

  it('explains every call of a request id that was used again', async () => {
    const [first, second] = [consumption({ request_id: 'same' }), consumption({ request_id: 'same' })];
    await ledger.given(first, second);
    const { explanations } = await explain('same');
    expect(explanations.map((each) => each.kind === 'call' && each.call_id)).toEqual([
      first.data.call_id,
      second.data.call_id,
    ]);
  });

  it.each([
    ['another quota', { quota: 28n }, 'quota'],
    ['another sum', { exact_quota: '27.4305' }, 'exact quota'],
    ['another rounding', { rounding: 'none' as const }, 'rounding'],
    ['more tokens', { usage: { ...consumption().data.usage, completion_tokens: 19 } }, 'exact quota'],
    ['a hidden overshoot', { hold_quota: 1n }, 'overshoot'],
    ['a price that was never published', { model_ratio: '0.8573' }, 'model_ratio'],
    ['a group ratio that was never published', { group_ratio: '0.5' }, 'group_ratio'],
  ])('refuses a record with %s', async (_what, forged, named) => {
    const event = anEvent('consumption-recorded', { ...consumption().data, ...forged });
    await ledger.given(event);
    const refusal = explain(event.data.call_id);
    await expect(refusal).rejects.toMatchObject({ name: 'BooksDisagree' });
    await expect(refusal).rejects.toThrow(new RegExp(`${named}.* at position 5, revision 0 of usage-`));
  });

  it('refuses when the log has another event where the history points to', async () => {
    const event = consumption();
    await ledger.given(event, consumption());
    await ledger.rows('UPDATE p_usage_log.log_rows SET revision = 1 WHERE position = 5');
    await expect(explain(event.data.call_id)).rejects.toMatchObject({ name: 'BooksDisagree' });
  });
});

describe('what is told to the person who pays', () => {
  it('names no channel, no upstream and nothing of what went wrong there, and adds up after a correction', async () => {
    const call_id = randomUUID();
    await ledger.given(
      consumption({ call_id, request_id: 'upstream-secret-7' }),
      anEvent('consumption-corrected', {
        call_id,
        quota_before: 27n,
        quota: 20n,
        difference: -7n,
        reason: 'channel main',
      }),
      anEvent('call-failed', {
        request_id: 'req-9',
        stage: 'upstream',
        code: 'upstream_timeout',
        channel_id: 'main',
      }),
    );
    const [corrected] = (await explain(call_id)).explanations;
    const [failed] = (await explain('req-9')).explanations;
    expect(corrected?.told.map(({ kind, quota }) => [kind, quota])).toEqual([
      ['input', '12.0008'],
      ['output', '15.4296'],
      ['rounding', '-0.4304'],
      ['correction', '-7'],
    ]);
    expect(sumOf(corrected?.told ?? [])).toBe('20');
    expect(failed?.told).toEqual([
      {
        kind: 'failed_upstream',
        text: { zh: '未收费：模型没有给出回答', en: 'Not charged: the model gave no answer' },
        quota: '0',
      },
    ]);
    expect(JSON.stringify([corrected?.told, failed?.told])).not.toMatch(/main|secret|timeout/i);
  });

  it('says what was short, what is free, and what is left of a payment', async () => {
    const short = {
      stage: 'refused',
      code: 'insufficient_quota',
      needed_quota: 9n,
      available_quota: 4n,
    } as const;
    await ledger.given(
      anEvent('call-failed', { request_id: 'req-short', ...short }),
      anEvent('payment-refunded'),
      anEvent('balance-adjusted', { quota: -250n }),
    );
    const texts = async (id: string) =>
      (await explain(id)).explanations[0]?.told.map(({ text, quota }) => `${text.en}: ${quota}`);
    expect(await texts('req-short')).toEqual([
      'Not charged: the balance was short: at least 9 quota were needed, 4 available: 0',
    ]);
    expect(await texts('pi_1')).toEqual(['Top-up of $10: 5000000', 'Refund of $4: -2000000']);
    expect(await texts('adjustment-1')).toEqual(['Adjustment of the balance by -$0.0005: -250']);
  });
});

describe('explaining money', () => {
  it('tells a payment with its refunds, and a refund with its payment', async () => {
    await ledger.given(anEvent('payment-refunded'), anEvent('balance-adjusted'));
    const { explanations } = await explain('pi_1');
    expect(explanations).toMatchObject([
      {
        kind: 'payment',
        payment_id: 'pi_1',
        refund_id: null,
        user,
        credit: {
          amount_usd: '10',
          quota: 5_000_000n,
          balance_before: 0n,
          balance_after: 5_000_000n,
          position: 4n,
        },
        refunds: [
          {
            refund_id: 're_1',
            amount_usd: '4',
            quota: 2_000_000n,
            reason: 'asked for it',
            by: 'service-key:test',
            balance_before: 5_000_000n,
            balance_after: 3_000_000n,
          },
        ],
        remaining_usd: '6',
        remaining_quota: 3_000_000n,
      },
    ]);
    expect((await explain('re_1')).explanations).toEqual([{ ...explanations[0], refund_id: 're_1' }]);
  });

  it('tells a refund that came to nothing: what it took comes again, and all of it is left', async () => {
    await ledger.given(anEvent('payment-refunded'), anEvent('payment-refund-reversed'));
    const { explanations } = await explain('re_1');
    expect(explanations).toMatchObject([
      {
        refund_id: 're_1',
        refunds: [
          { amount_usd: '4', quota: 2_000_000n, balance_after: 3_000_000n },
          {
            ...{ refund_id: 're_1', amount_usd: '-4', quota: -2_000_000n, reason: 'charge_already_refunded' },
            ...{ hold_id: null, balance_before: 3_000_000n, balance_after: 5_000_000n },
          },
        ],
        ...{ remaining_usd: '10', remaining_quota: 5_000_000n },
        told: [
          { quota: '5000000' },
          { quota: '-2000000' },
          { quota: '2000000', text: { en: '$4 of a refund came again' } },
        ],
      },
    ]);
  });

  it('tells an adjustment', async () => {
    await ledger.given(anEvent('balance-adjusted', { quota: -250n }));
    expect((await explain('adjustment-1')).explanations).toMatchObject([
      {
        kind: 'adjustment',
        quota: -250n,
        usd: '-0.0005',
        reason: 'goodwill',
        balance_before: 5_000_000n,
        balance_after: 4_999_750n,
      },
    ]);
  });

  it('refuses a credit that is not what was paid, and a refund above it', async () => {
    await ledger.given(
      anEvent('payment-credited', { payment_id: 'pi_2', quota: 5_000_001n }),
      anEvent('payment-credited', { payment_id: 'pi_3' }),
      anEvent('payment-refunded', { payment_id: 'pi_3', amount_usd: '11', quota: 5_500_000n }),
    );
    await expect(explain('pi_2')).rejects.toMatchObject({
      disagreements: [{ recorded: '5000001', recomputed: '5000000' }],
    });
    await expect(explain('pi_3')).rejects.toMatchObject({ name: 'BooksDisagree' });
  });

  it('refuses when the balance that was told then is not the journal’s', async () => {
    await ledger.rows('UPDATE p_balance.balances_after SET balance_after = 1');
    await expect(explain('pi_1')).rejects.toThrow(
      /balance after at position 4.*recorded 1, recomputed 5000000/,
    );
  });

  it('knows no other id', async () => {
    await expect(explain('pi_\0')).rejects.toMatchObject({ code: 'figure_not_found' });
  });
});

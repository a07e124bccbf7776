import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimal, formatDecimal } from '../../src/domain/money/decimal.js';
import { CREDIT_CEILING, quotaOfUsd } from '../../src/domain/money/quota.js';
import { paymentDecider, type CreditPayment, type RefundPayment } from '../../src/domain/payment/decide.js';
import { planRefund, reversalOf } from '../../src/domain/payment/refund.js';
import type { PaymentEvent, PaymentState } from '../../src/domain/payment/state.js';
import { specification } from '../support/decider-specification.js';
import { ACCOUNT_ID, anEvent } from '../support/events.js';

const { given } = specification(paymentDecider);
const by = 'service-key:test';
const credited = anEvent('payment-credited');
const credit: CreditPayment = {
  type: 'credit',
  paymentId: 'pi_1',
  accountId: ACCOUNT_ID,
  userId: 1,
  amountUsd: '10.00',
  balance: 0n,
  by,
};
const holdId = '33333333-3333-5333-8333-333333333333';
const refund: RefundPayment = {
  type: 'refund',
  refundId: 're_1',
  amountUsd: '4',
  holdId,
  reason: 'asked for it',
  by,
};
const refunded = anEvent('payment-refunded', { hold_id: holdId });

describe('a payment', () => {
  it('is credited once', () => {
    given().when(credit).then(credited);
    given(credited).when(credit).thenReplayed();
    given(credited, refunded)
      .when({ ...credit, amountUsd: '10.0' })
      .thenReplayed();
  });

  it.each(['-0.000002', '-10', '0', 'ten', ''])('of %j dollars is none', (amountUsd) => {
    given()
      .when({ ...credit, amountUsd })
      .thenRefused({ code: 'amount_invalid', field: 'amount_usd' });
  });

  it('may be of the least there is, and keeps what was written beside it', () => {
    const least = anEvent('payment-credited', { amount_usd: '0.000002', quota: 1n });
    given()
      .when({ ...credit, amountUsd: '0.000002' })
      .then(least);
    given()
      .when({ ...credit, note: 'for October' })
      .then(anEvent('payment-credited', { note: 'for October' }));
  });

  it('names the field that differs', () => {
    const other = { ...credit, accountId: '22222222-2222-5222-8222-222222222222' };
    given(credited).when(other).thenRefused({ code: 'payment_conflict', field: 'external_user_id' });
    given(credited)
      .when({ ...credit, amountUsd: '10.000001' })
      .thenRefused({ code: 'payment_conflict', field: 'amount_usd' });
  });

  it('may lift the balance to the ceiling and not above', () => {
    given()
      .when({ ...credit, balance: CREDIT_CEILING - 5_000_000n })
      .then(credited);
    given()
      .when({ ...credit, balance: CREDIT_CEILING - 4_999_999n })
      .thenRefused({ code: 'balance_ceiling', max: CREDIT_CEILING });
  });

  it('is refunded in parts, each once', () => {
    given(credited).when(refund).then(refunded);
    given(credited, refunded).when(refund).thenReplayed();
    given(credited, refunded)
      .when({ ...refund, amountUsd: '5' })
      .thenRefused({ code: 'refund_conflict', field: 'amount_usd' });
    given(credited, refunded)
      .when({ ...refund, refundId: 're_2', amountUsd: '6.000001' })
      .thenRefused({ code: 'refund_exceeds_payment', remainingUsd: '6' });
    given().when(refund).thenRefused({ code: 'payment_not_found' });
  });

  it.each(['0', '-4', 'ten', ''])(
    'is not refunded by %j dollars, also where that comes again',
    (amountUsd) => {
      const refused = { code: 'amount_invalid', field: 'amount_usd' } as const;
      given(credited)
        .when({ ...refund, amountUsd })
        .thenRefused(refused);
      given(credited, refunded)
        .when({ ...refund, amountUsd })
        .thenRefused(refused);
    },
  );

  it.each([
    ['1', 500_000n],
    ['0.000002', 1n],
  ])('is refunded by %s dollars', (amount_usd, quota) => {
    given(credited)
      .when({ ...refund, amountUsd: amount_usd })
      .then(anEvent('payment-refunded', { hold_id: holdId, amount_usd, quota }));
  });

  it('has nothing left to give back when all of it was, also to who names no amount', () => {
    const all = anEvent('payment-refunded', { hold_id: holdId, amount_usd: '10', quota: 5_000_000n });
    given(credited, all)
      .when({ ...refund, amountUsd: undefined, refundId: 're_2' })
      .thenRefused({ code: 'refund_exceeds_payment', remainingUsd: '0' });
  });

  it('is not refunded by what is less than a quota: there would be an event of nothing', () => {
    given(credited)
      .when({ ...refund, amountUsd: '0.0000001' })
      .thenRefused({ code: 'amount_invalid', field: 'amount_usd' });
  });

  it('begins no refund under a name that another of its rows has, and any other', () => {
    const dispute = { paidMinor: 100n, returnedMinor: 0n, disputedMinor: 10n, by };
    const disputed = paymentDecider.decide(
      { type: 'take-back', ...dispute },
      paymentDecider.evolve(undefined, credited),
    );
    const events = disputed.kind === 'accepted' ? disputed.events : [];
    for (const refundId of ['reversed:re_1', 'dispute:1', 'refund:1'])
      given(credited, ...events)
        .when({ ...refund, refundId })
        .thenRefused({ code: 'refund_conflict', field: 'refund_id' });
    for (const refundId of ['dispute:2', 'refund:4711', 'refund:1a'])
      given(credited, ...events)
        .when({ ...refund, refundId })
        .then({ ...refunded, data: { ...refunded.data, refund_id: refundId } });
    given(credited)
      .when({ ...refund, refundId: 'refund:1' })
      .then({ ...refunded, data: { ...refunded.data, refund_id: 'refund:1' } });
  });

  it('has no two rows of one name, whatever refunds are called, also those of before', () => {
    const names = fc.constantFrom(
      're_1',
      're_2',
      'reversed:re_1',
      'refund:1',
      'dispute:1',
      'dispute:2',
      'refund:2',
    );
    const commands = fc.oneof(
      names.map((refundId) => ({ ...refund, refundId, amountUsd: '0.5' })),
      names.map((refundId) => ({ type: 'reverse' as const, refundId, why: 'dispute_won', by })),
      fc
        .tuple(fc.bigInt({ min: 0n, max: 50n }), fc.bigInt({ min: 0n, max: 50n }))
        .map(([returned, disputed]) => ({
          ...{
            type: 'take-back' as const,
            paidMinor: 100n,
            returnedMinor: returned,
            disputedMinor: disputed,
            by,
          },
        })),
    );
    // As they could be begun once.
    const before = fc.uniqueArray(names, { maxLength: 3 });
    fc.assert(
      fc.property(before, fc.array(commands, { maxLength: 12 }), (older, asked) => {
        const events: PaymentEvent[] = [
          credited,
          ...older.map((refund_id) =>
            anEvent('payment-refunded', { refund_id, amount_usd: '0.5', quota: 250_000n }),
          ),
        ];
        let state = events.reduce(
          (state, event) => paymentDecider.evolve(state, event),
          undefined as PaymentState,
        );
        for (const command of asked) {
          const decision = paymentDecider.decide(command, state);
          if (decision.kind === 'refused') continue;
          events.push(...decision.events);
          state = decision.events.reduce((last, event) => paymentDecider.evolve(last, event), state);
        }
        const rows = events.flatMap(({ type, data }) => {
          if (type === 'payment-refunded') return [data.refund_id];
          if (type === 'payment-refund-reversed') return [reversalOf(data.refund_id)];
          return type === 'payment-taken-back' ? [data.return_id] : [];
        });
        expect(new Set(rows).size).toBe(rows.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives back exactly its quota, whatever the parts', () => {
    const amounts = fc.integer({ min: 10_000, max: 2_000_000_000 });
    const shares = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(amounts, shares, (micros, parts) => {
        const amountUsd = formatDecimal({ unscaled: BigInt(micros), scale: 6 });
        const quota = quotaOfUsd(decimal(amountUsd));
        let state = paymentDecider.evolve(
          undefined,
          anEvent('payment-credited', { amount_usd: amountUsd, quota }),
        );
        const asked = [
          ...parts.map((part) =>
            formatDecimal({ unscaled: BigInt(Math.floor((micros * part) / 400) || 1), scale: 6 }),
          ),
          undefined,
        ];
        for (const [index, amount] of asked.entries()) {
          const plan = planRefund(state, { refundId: `re_${index}`, amountUsd: amount });
          if (plan.kind !== 'new') continue;
          state = paymentDecider.evolve(
            state,
            anEvent('payment-refunded', {
              refund_id: `re_${index}`,
              amount_usd: plan.amountUsd,
              quota: plan.quota,
            }),
          );
          expect((state?.refundedQuota ?? 0n) <= quota).toBe(true);
        }
        expect(state?.refundedQuota).toBe(quota);
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PaymentCommand, paymentDecider } from '../../../src/domain/payment/decide.js';
import { planRefund } from '../../../src/domain/payment/refund.js';
import type { PaymentEvent, PaymentState } from '../../../src/domain/payment/state.js';
import { specification } from '../../support/decider-specification.js';
import { anEvent } from '../../support/events.js';

const { given } = specification<PaymentState, PaymentCommand, PaymentEvent>(paymentDecider);
const credited = anEvent('payment-credited');
const by = 'provider:test';
const whole = credited.data.quota;
const takeBack = (returnedMinor: bigint, disputedMinor = 0n) =>
  ({ type: 'take-back', paidMinor: 50_000n, returnedMinor, disputedMinor, by }) as const;
const taken = (return_id: string, quota: bigint, amount_usd: string) =>
  anEvent('payment-taken-back', {
    return_id,
    kind: return_id.startsWith('refund') ? 'refund' : 'dispute',
    quota,
    amount_usd,
    by,
  });

describe('what goes back at the provider', () => {
  it('takes its share of the credit, once', () => {
    const third = taken('refund:1', 1_500_000n, '3');
    given(credited).when(takeBack(15_000n)).then(third);
    given(credited, third).when(takeBack(15_000n)).thenReplayed();
    given(credited, third)
      .when(takeBack(50_000n))
      .then(taken('refund:2', 3_500_000n, '7'));
    given().when(takeBack(1n)).thenRefused({ code: 'payment_not_found' });
  });

  it('and was refunded from here as well counts once', () => {
    const refunded = anEvent('payment-refunded');
    given(credited, refunded).when(takeBack(20_000n)).thenReplayed();
    given(credited, refunded)
      .when(takeBack(25_000n))
      .then(taken('refund:1', 500_000n, '1'));
    given(credited, taken('refund:1', 4_000_000n, '8'))
      .when({ type: 'refund', refundId: 'r', amountUsd: '3', holdId: 'h', reason: '', by })
      .thenRefused({ code: 'refund_exceeds_payment', remainingUsd: '2' });
  });

  it('in a dispute is taken beyond what was given back, and comes again exactly where the dispute is won', () => {
    const refunded = taken('refund:1', 1_500_000n, '3');
    const disputed = taken('dispute:2', 3_500_000n, '7');
    given(credited, refunded).when(takeBack(15_000n, 35_000n)).then(disputed);
    given(credited, refunded, disputed)
      .when(takeBack(15_000n))
      .then(taken('dispute:3', -3_500_000n, '-7'));
    given(credited, refunded, disputed, taken('dispute:3', -3_500_000n, '-7'))
      .when(takeBack(50_000n))
      .then(taken('refund:4', 3_500_000n, '7'));
  });

  it('of a dispute comes again before it is taken as given back: at no place of the log is more taken than there was', () => {
    given(credited, taken('dispute:1', whole, '10'))
      .when(takeBack(15_000n, 35_000n))
      .then(taken('dispute:2', -1_500_000n, '-3'), taken('refund:3', 1_500_000n, '3'));
  });

  it('never comes to more than the credit, and the whole of it is exact', () => {
    const step = fc.record({
      returned: fc.bigInt(0n, 997n),
      disputed: fc.bigInt(0n, 997n),
      here: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), fc.bigInt(1n, whole), (steps, quota) => {
        let state = paymentDecider.evolve(undefined, anEvent('payment-credited', { quota, amount_usd: '1' }));
        for (const { returned, disputed } of steps) {
          const command = {
            ...takeBack(returned, disputed < 997n - returned ? disputed : 997n - returned),
            paidMinor: 997n,
          };
          const decision = paymentDecider.decide(command, state);
          if (decision.kind === 'refused') throw new Error(decision.refusal.code);
          for (const event of decision.events) {
            state = paymentDecider.evolve(state, event);
            const { refund: gone = 0n, dispute: contested = 0n } = state?.takenBack ?? {};
            expect(gone + contested <= quota).toBe(true);
          }
          const { refund, dispute } = state?.takenBack ?? { refund: 0n, dispute: 0n };
          expect(refund >= 0n && dispute >= 0n && refund + dispute <= quota).toBe(true);
          if (returned + command.disputedMinor === 997n) expect(refund + dispute).toBe(quota);
          if (returned + disputed === 0n) expect(refund + dispute).toBe(0n);
        }
      }),
    );
  });

  it('leaves so much less to be refunded', () => {
    const state = [credited, taken('refund:1', 1_500_000n, '3')].reduce(
      (before: PaymentState, event) => paymentDecider.evolve(before, event),
      undefined,
    );
    expect(planRefund(state, { refundId: 'r' })).toMatchObject({
      kind: 'new',
      amountUsd: '7',
      quota: 3_500_000n,
    });
  });
});

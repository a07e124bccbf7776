import { describe, expect, it } from '@jest/globals';
import { type PaymentCommand, paymentDecider } from '../../src/domain/payment/decide.js';
import type { PaymentEvent, PaymentState } from '../../src/domain/payment/state.js';
import { type RefundCommand, refundDecider } from '../../src/domain/refund/decide.js';
import type { RefundEvent, RefundState } from '../../src/domain/refund/state.js';
import { specification } from '../support/decider-specification.js';
import { anEvent } from '../support/events.js';

const requested = anEvent('refund-requested');
const sent = anEvent('refund-sent');
const succeeded = anEvent('refund-succeeded');
const failed = anEvent('refund-failed');
const { by } = sent.data;

describe('a refund at its provider', () => {
  const { given } = specification<RefundState, RefundCommand, RefundEvent>(refundDecider);
  const send = { type: 'send', by } as const;
  const succeed = { type: 'succeed', providerRefund: 're_1', by } as const;
  const fail = { type: 'fail', why: 'charge_already_refunded', by } as const;

  it('is asked for, sent and ended, once each', () => {
    given().when({ type: 'request', terms: requested.data }).then(requested);
    given(requested).when({ type: 'request', terms: requested.data }).thenReplayed();
    given(requested).when(send).then(sent);
    given(requested, sent).when(send).thenReplayed();
    given(requested, sent).when(succeed).then(succeeded);
    given(requested, sent, succeeded).when(succeed).thenReplayed();
    given(requested).when(fail).then(failed);
    given(requested, failed).when(fail).thenReplayed();
  });

  it('ends in one way', () => {
    given(requested, sent, succeeded).when(fail).thenRefused({ code: 'refund_over' });
    given(requested, sent, failed).when(succeed).thenRefused({ code: 'refund_over' });
    given(requested, failed).when(send).thenReplayed();
    const takenBack = { ...fail, isTakenBack: true };
    given(requested, sent, succeeded).when(takenBack).then(failed);
    given(requested, sent, succeeded, failed).when(takenBack).thenReplayed();
    given().when(send).thenRefused({ code: 'refund_not_found' });
  });
});

describe('what was taken for a refund that came to nothing', () => {
  const { given } = specification<PaymentState, PaymentCommand, PaymentEvent>(paymentDecider);
  const credited = anEvent('payment-credited');
  const refunded = anEvent('payment-refunded');
  const reversed = anEvent('payment-refund-reversed', { by });
  const reverse = { type: 'reverse', refundId: 're_1', why: 'charge_already_refunded', by } as const;
  const refund = (refundId: string, amountUsd: string) =>
    ({ type: 'refund', refundId, amountUsd, holdId: refunded.data.hold_id, reason: '', by }) as const;

  it('comes again, once', () => {
    given(credited, refunded).when(reverse).then(reversed);
    given(credited, refunded, reversed).when(reverse).thenReplayed();
    given(credited).when(reverse).thenRefused({ code: 'refund_not_found' });
    given().when(reverse).thenRefused({ code: 'payment_not_found' });
  });

  it('can go back under another id alone', () => {
    given(credited, refunded, reversed).when(refund('re_1', '4')).thenRefused({ code: 'refund_over' });
    given(credited, refunded, reversed)
      .when(refund('re_2', '10'))
      .then(
        anEvent('payment-refunded', {
          ...{ refund_id: 're_2', hold_id: refunded.data.hold_id, reason: '', by },
          ...{ amount_usd: '10', quota: 5_000_000n },
        }),
      );
  });

  it('does not count with what its provider gave back', () => {
    const state = [credited, refunded, reversed].reduce<PaymentState>(
      (before, event) => paymentDecider.evolve(before, event),
      undefined,
    );
    expect(state).toMatchObject({ refundedQuota: 0n });
    given(credited, refunded, reversed)
      .when({ type: 'take-back', paidMinor: 50_000n, returnedMinor: 10_000n, disputedMinor: 0n, by })
      .then(anEvent('payment-taken-back', { return_id: 'refund:1', quota: 1_000_000n, amount_usd: '2', by }));
  });
});

describe('what its provider was asked for and has not told of yet', () => {
  const { given } = specification<PaymentState, PaymentCommand, PaymentEvent>(paymentDecider);
  const credited = anEvent('payment-credited');
  const back = anEvent('payment-taken-back', { quota: 1_500_000n, amount_usd: '3', by });
  const sentOff = anEvent('payment-refunded', { amount_usd: '7', quota: 3_500_000n });
  const takeBack = (returnedMinor: bigint, sentQuota: bigint) =>
    ({ type: 'take-back', paidMinor: 50_000n, returnedMinor, disputedMinor: 0n, sentQuota, by }) as const;

  it('gives nothing again of what was given back before', () => {
    given(credited, back, sentOff).when(takeBack(15_000n, 3_500_000n)).thenReplayed();
    given(credited, back, sentOff).when(takeBack(50_000n, 3_500_000n)).thenReplayed();
  });

  it('and was only recorded here is what the provider told of', () => {
    given(credited, back, sentOff)
      .when(takeBack(15_000n, 0n))
      .then(
        anEvent('payment-taken-back', { return_id: 'refund:2', quota: -1_500_000n, amount_usd: '-3', by }),
      );
  });
});

import { describe, it } from '@jest/globals';
import { type StrayCommand, strayDecider } from '../../../src/domain/stray/decide.js';
import type { StrayEvent, StrayState } from '../../../src/domain/stray/state.js';
import { specification } from '../../support/decider-specification.js';
import { anEvent, ORDER_ID } from '../../support/events.js';

const { given } = specification<StrayState, StrayCommand, StrayEvent>(strayDecider);
const flagged = anEvent('stray-payment-flagged');
const settled = anEvent('stray-payment-settled');
const { flag_id: flagId, reason, by } = settled.data;

const settle = (decision: 'credit' | 'refund' | 'write-off', orderId?: string) =>
  ({ type: 'settle', flagId, decision, orderId, reason, by }) as const;

describe('money that is for no order', () => {
  it('is flagged once', () => {
    given().when({ type: 'flag', said: flagged.data }).then(flagged);
    given(flagged).when({ type: 'flag', said: flagged.data }).thenReplayed();
    given(flagged, settled).when({ type: 'flag', said: flagged.data }).thenReplayed();
  });

  it('is decided once', () => {
    given(flagged).when(settle('refund')).then(settled);
    given(flagged, settled).when(settle('refund')).thenReplayed();
    given(flagged, settled).when(settle('write-off')).thenRefused({ code: 'order_flag_settled' });
    given().when(settle('refund')).thenRefused({ code: 'order_flag_not_found' });
  });

  it('is credited to an order that is named, and to no other one afterwards', () => {
    const credited = anEvent('stray-payment-settled', { decision: 'credit', credited_order: ORDER_ID });
    given(flagged).when(settle('credit', ORDER_ID)).then(credited);
    given(flagged, credited).when(settle('credit', 'another')).thenRefused({ code: 'order_flag_settled' });
    given(flagged).when(settle('credit')).thenRefused({ code: 'order_flag_uncreditable' });
    given(flagged).when(settle('refund', ORDER_ID)).thenRefused({ code: 'order_flag_uncreditable' });
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ApplySighting } from '../../../src/domain/order/apply-sighting.js';
import { type OrderCommand, orderDecider } from '../../../src/domain/order/decide.js';
import type { Sighting } from '../../../src/domain/order/sighting.js';
import { creditOf, type OrderEvent, type OrderState } from '../../../src/domain/order/state.js';
import { specification } from '../../support/decider-specification.js';
import { anEvent, ORDER_ID } from '../../support/events.js';

const evolve = (state: OrderState, event: OrderEvent) => orderDecider.evolve(state, event);
const { given } = specification<OrderState, OrderCommand, OrderEvent>(orderDecider);
const placed = anEvent('order-placed');
const opened = anEvent('order-opened');
const paid = anEvent('order-paid');
const flagged = anEvent('order-flagged');
const settled = anEvent('order-flag-settled');
const { flag_id: flagId } = flagged.data;
const by = 'service-key:test';

const sighting: Sighting = {
  orderId: ORDER_ID,
  providerPayment: 'test_pay_1',
  merchant: 'test',
  currency: 'CNY',
  amountMinor: 50_000n,
  at: new Date('2026-11-21T09:05:00Z'),
  what: 'paid',
};
const seen = (changes: Partial<Sighting> = {}): ApplySighting => ({
  type: 'apply',
  sighting: { ...sighting, ...changes },
  providerId: 'test',
  merchant: 'test',
  seenBy: 'notification',
  evidenceSha256: 'e5'.repeat(32),
  flagId,
  alone: undefined,
  by: 'provider:test',
});

describe('an order', () => {
  it('is placed once, and has one checkout', () => {
    given().when({ type: 'place', terms: placed.data }).then(placed);
    given(placed)
      .when({ type: 'open', checkout: { ref: 'test_checkout_1', url: '/pay' } })
      .then(opened);
    given(placed, opened)
      .when({ type: 'open', checkout: { ref: 'another' } })
      .thenReplayed();
  });

  it('of nobody is none', () => {
    given().when(seen()).thenRefused({ code: 'order_not_found' });
    given().when({ type: 'cancel', by }).thenRefused({ code: 'order_not_found' });
  });

  it('expires when its time is over, and not before', () => {
    const at = (text: string) => ({ type: 'expire', now: new Date(text) }) as const;
    given(placed, opened).when(at('2026-11-21T09:29:59Z')).thenReplayed();
    given(placed, opened).when(at('2026-11-21T09:30:00Z')).then(anEvent('order-expired'));
    given(placed, opened, paid).when(at('2026-11-22T09:30:00Z')).thenReplayed();
  });

  it('is cancelled while it is not paid', () => {
    given(placed).when({ type: 'cancel', by }).then(anEvent('order-cancelled'));
    given(placed, paid).when({ type: 'cancel', by }).thenRefused({ code: 'order_paid' });
  });
});

describe('money that is seen', () => {
  it.each([
    [[]],
    [[opened]],
    [[opened, anEvent('order-expired')]],
    [[anEvent('order-cancelled')]],
    [[anEvent('order-failed')]],
  ])('is taken, however far the order has come: %#', (before) => {
    given(placed, ...before)
      .when(seen())
      .then(paid);
  });

  it.each([
    ['amount', { amountMinor: 40_000n }],
    ['amount', { amountMinor: 50_001n }],
    ['currency', { currency: 'USD' }],
    ['merchant', { merchant: 'somebody' }],
  ] as const)('of another %s is for somebody to look at', (kind, changes) => {
    const { amountMinor, currency, merchant } = { ...sighting, ...changes };
    const flag = anEvent('order-flagged', { kind, amount_minor: amountMinor, currency, merchant });
    given(placed, opened).when(seen(changes)).then(flag);
    given(placed, opened, paid)
      .when(seen({ ...changes, providerPayment: 'other' }))
      .then(anEvent('order-flagged', { ...flag.data, provider_payment: 'other' }));
  });

  it('of another provider is for somebody to look at', () => {
    given(placed, opened)
      .when({ ...seen(), providerId: 'other' })
      .then(anEvent('order-flagged', { kind: 'merchant', amount_minor: 50_000n }));
  });

  it('with the keys of before it was ordered is for somebody to look at, and no word of it changes the order', () => {
    const later = anEvent('order-placed', { provider_revision: 2 });
    const at = (providerRevision: number | undefined, changes: Partial<Sighting> = {}) => ({
      ...seen(changes),
      providerRevision,
    });
    given(later, opened)
      .when(at(1))
      .then(anEvent('order-flagged', { kind: 'merchant', amount_minor: 50_000n }));
    for (const what of ['failed', 'closed', 'refunded', 'disputed'] as const)
      given(later, opened).when(at(1, { what })).thenReplayed();
    for (const revision of [2, 3, undefined]) given(later, opened).when(at(revision)).then(paid);
  });

  it('a second time is for somebody to look at', () => {
    given(placed, paid)
      .when(seen({ providerPayment: 'second' }))
      .then(
        anEvent('order-flagged', {
          kind: 'second-payment',
          provider_payment: 'second',
          amount_minor: 50_000n,
        }),
      );
  });

  it('that is not there yet, or not any more, changes no money', () => {
    given(placed, opened)
      .when(seen({ what: 'pending' }))
      .thenReplayed();
    given(placed, opened)
      .when(seen({ what: 'failed' }))
      .then(anEvent('order-failed'));
    given(placed, opened, paid)
      .when(seen({ what: 'failed' }))
      .thenReplayed();
  });
});

describe('large money that one operator recorded', () => {
  const alone = 35_211_267n;
  const recorded = { ...seen(), seenBy: 'operator', alone, by } as const;
  const unconfirmed = anEvent('order-flagged', {
    kind: 'unconfirmed',
    amount_minor: 50_000n,
    seen_by: 'operator',
    by,
  });
  const settle = (who: string) =>
    ({ type: 'settle', flagId, decision: 'credit', reason: 'it is there', alone, by: who }) as const;

  it('waits for another one', () => {
    given(placed, opened).when(recorded).then(unconfirmed);
    given(placed, opened, unconfirmed).when(recorded).thenReplayed();
    given(placed, opened)
      .when({ ...recorded, alone: alone + 1n })
      .then(anEvent('order-paid', { seen_by: 'operator', by }));
    given(placed, unconfirmed).when(settle(by)).thenRefused({ code: 'order_flag_own' });
    given(placed, unconfirmed)
      .when(settle('operator:bob'))
      .then(
        anEvent('order-flag-settled', { decision: 'credit', reason: 'it is there', by: 'operator:bob' }),
        anEvent('order-paid', { seen_by: 'operator', by: 'operator:bob' }),
      );
  });

  it('of another amount neither', () => {
    const less = anEvent('order-flagged', { amount_minor: 60_000n, seen_by: 'operator', by });
    given(placed, less).when(settle(by)).thenRefused({ code: 'order_flag_own' });
  });

  it('is credited when its provider says so, before or after', () => {
    given(placed, unconfirmed).when(seen()).then(paid);
    given(placed, paid).when(recorded).thenReplayed();
    given(placed, unconfirmed, paid)
      .when(settle('operator:bob'))
      .then(anEvent('order-flag-settled', { decision: 'credit', reason: 'it is there', by: 'operator:bob' }));
  });
});

describe('money that does not fit', () => {
  const settle = (decision: 'credit' | 'refund' | 'write-off') =>
    ({ type: 'settle', flagId, decision, reason: 'paid too little', alone: undefined, by }) as const;

  it('is decided once', () => {
    given(placed, flagged).when(settle('refund')).then(settled);
    given(placed, flagged, settled).when(settle('credit')).thenRefused({ code: 'order_flag_settled' });
    given(placed).when(settle('refund')).thenRefused({ code: 'order_flag_not_found' });
  });

  it('is credited in proportion where an operator says so', () => {
    const taken = anEvent('order-paid', {
      amount_minor: 40_000n,
      seen_by: 'operator',
      by,
    });
    given(placed, flagged)
      .when(settle('credit'))
      .then(anEvent('order-flag-settled', { decision: 'credit' }), taken);
    expect(creditOf(fold(placed, flagged, taken))).toBe('56.338028');
    expect(creditOf(fold(placed, paid))).toBe('70.422536');
  });

  it('is not credited to an order that was paid, or in another currency', () => {
    given(placed, paid, flagged).when(settle('credit')).thenRefused({ code: 'order_flag_uncreditable' });
    given(placed, anEvent('order-flagged', { kind: 'currency', currency: 'USD' }))
      .when(settle('credit'))
      .thenRefused({ code: 'order_flag_uncreditable' });
  });

  it('and what cannot be credited waits until somebody says to try again', () => {
    const refused = anEvent('order-flagged', {
      kind: 'uncreditable',
      amount_minor: 50_000n,
      refusal: 'balance_ceiling',
      by: 'system',
    });
    given(placed, paid)
      .when({ type: 'flag-uncreditable', flagId, refusal: 'balance_ceiling', merchant: 'test', by: 'system' })
      .then(refused);
    expect(creditOf(fold(placed, paid, refused))).toBeUndefined();
    given(placed, paid, refused)
      .when(settle('credit'))
      .then(anEvent('order-flag-settled', { decision: 'credit' }));
    expect(creditOf(fold(placed, paid, refused, anEvent('order-flag-settled', { decision: 'credit' })))).toBe(
      '70.422536',
    );
  });
});

const fold = (...events: readonly OrderEvent[]) => {
  const order = events.reduce(evolve, undefined as OrderState);
  if (!order) throw new Error('there is no order');
  return order;
};

/** The flag of a payment, as its id would be made. */
const withOwnFlag = (changes: Partial<Sighting>): ApplySighting => {
  const command = seen(changes);
  const number = [...command.sighting.providerPayment].reduce((sum, each) => sum + each.charCodeAt(0), 0);
  return { ...command, flagId: `44444444-4444-5444-8444-${String(number).padStart(12, '0')}` };
};

describe('I3: sightings end in one state', () => {
  const facts = [
    withOwnFlag({ what: 'pending' }),
    withOwnFlag({}),
    withOwnFlag({ providerPayment: 'less', amountMinor: 1n }),
    withOwnFlag({ providerPayment: 'dollars', currency: 'USD' }),
    withOwnFlag({ providerPayment: 'elsewhere', merchant: 'somebody' }),
    withOwnFlag({ what: 'failed', providerPayment: 'card' }),
    withOwnFlag({ what: 'closed' }),
  ];
  const run = (commands: readonly ApplySighting[]) => {
    const events: OrderEvent[] = [placed, opened];
    for (const command of commands) {
      const decision = orderDecider.decide(command, events.reduce(evolve, undefined as OrderState));
      if (decision.kind === 'refused') throw new Error(decision.refusal.code);
      events.push(...decision.events);
    }
    return events;
  };
  const stateOf = (events: readonly OrderEvent[]) => {
    const order = fold(...events);
    return {
      status: order.status,
      paid: order.paid?.provider_payment,
      credit: creditOf(order),
      flags: [...order.flags.values()].map(({ said }) => said.kind).sort(),
    };
  };

  it('whatever their order, and however often each comes', () => {
    const expected = stateOf(run(facts));
    expect(expected).toEqual({
      status: 'paid',
      paid: 'test_pay_1',
      credit: '70.422536',
      flags: ['amount', 'currency', 'merchant'],
    });
    const repeated = [...facts, ...facts, ...facts];
    fc.assert(
      fc.property(fc.shuffledSubarray(repeated, { minLength: repeated.length }), (shuffled) => {
        expect(stateOf(run(shuffled))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('and without money as well', () => {
    const without = facts.filter(({ sighting: { what } }) => what !== 'paid');
    const expected = stateOf(run(without));
    expect(expected.status).toBe('failed');
    fc.assert(
      fc.property(fc.shuffledSubarray([...without, ...without], { minLength: 6 }), (shuffled) => {
        expect(stateOf(run(shuffled))).toEqual(expected);
      }),
    );
  });

  it('of two whole payments one is taken and one is flagged', () => {
    const two = [...facts, withOwnFlag({ providerPayment: 'again' })];
    fc.assert(
      fc.property(fc.shuffledSubarray([...two, ...two], { minLength: 16 }), (shuffled) => {
        const events = run(shuffled);
        expect(events.filter(({ type }) => type === 'order-paid')).toHaveLength(1);
        expect(stateOf(events).flags).toEqual(['amount', 'currency', 'merchant', 'second-payment']);
      }),
    );
  });
});

const user = {
  external_user_id: 'user_001',
  user_id: 1,
  account_id: 'f7b4c5f5-9f0e-5d55-8e6e-2f1f4b9a3c11',
};

const place = (position: number, stream: string, revision: number) => ({
  position,
  stream,
  revision,
  event_id: '3f0e6a52-0b57-5c0f-8a3e-6a0d0c8f2b71',
  recorded_at: '2026-11-21T09:00:01.000Z',
});

/** For the document. */
export const examples = {
  balance: {
    ...user,
    as_of: null,
    position: 12,
    balance: 29999993,
    balance_usd: '59.999986',
    stream: `account-${user.account_id}`,
    stream_revision: 0,
    last_movement: {
      position: 12,
      stream: 'payment-9a1f5d4c-6a61-5f0b-b6a1-0f2f7a6c1d20',
      revision: 1,
      type: 'refund',
      reference: 're_1',
      recorded_at: '2026-11-21T09:00:02.000Z',
    },
    holds: { cached: true, held: 0, available: 29999993, open: [] },
  },
  explain: {
    id: 'pi_3Q0001',
    explanations: [
      {
        kind: 'payment',
        payment_id: 'pi_3Q0001',
        refund_id: null,
        user,
        credit: {
          ...place(5, 'payment-9a1f5d4c-6a61-5f0b-b6a1-0f2f7a6c1d20', 0),
          amount_usd: '68.49',
          quota: 34245000,
          by: 'service-key:1',
          balance_before: 0,
          balance_after: 34245000,
        },
        refunds: [],
        remaining_usd: '68.49',
        remaining_quota: 34245000,
        told: [{ kind: 'credit', text: { zh: '充值 $68.49', en: 'Top-up of $68.49' }, quota: '34245000' }],
      },
    ],
    more: false,
  },
  statement: {
    ...user,
    month: '2026-11',
    timezone: 'UTC',
    from: '2026-11-01T00:00:00.000Z',
    until: '2026-12-01T00:00:00.000Z',
    complete: true,
    position: 12,
    opening: 0,
    credits: {
      count: 1,
      quota: 34245000,
      top_ups: [
        {
          payment_id: 'pi_3Q0001',
          recorded_at: '2026-11-21T09:00:01.000Z',
          amount_usd: '68.49',
          quota: 34245000,
          by: 'service-key:1',
        },
      ],
    },
    refunds: { count: 1, quota: 4245000 },
    consumption: {
      count: 2,
      quota: 7,
      by_model: [
        {
          model: 'gpt-4o-mini',
          calls: 2,
          prompt_tokens: 30,
          completion_tokens: 20,
          charged: 7,
          corrected: 0,
          quota: 7,
        },
      ],
    },
    grants: { count: 0, quota: 0 },
    adjustments: { count: 0, quota: 0 },
    failed_calls: 0,
    closing: 29999993,
  },
  diff: {
    from: 4,
    to: 5,
    events: 1,
    accounts: [
      {
        ...user,
        before: 0,
        after: 34245000,
        change: 34245000,
        credits: 34245000,
        grants: 0,
        refunds: 0,
        consumption: 0,
        adjustments: 0,
        calls: 0,
        failed_calls: 0,
        events: { 'payment-credited.v1': 1 },
      },
    ],
    ledger: {},
  },
};

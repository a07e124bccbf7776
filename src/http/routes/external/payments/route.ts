import type { PaymentRow } from '../../../../projections/payment/view.js';
import { endpoint } from '../../../endpoint.js';
import { refused } from '../../../refusals.js';
import { pageOf } from '../../admin/paging.js';
import { presentPayment, presentPaymentRow } from './present.js';
import { paymentData, paymentInput, paymentsData, paymentsInput } from './schema.js';

const row = {
  payment_id: 'pi_3MtwBwLkdIwHu7ix28a3tqPa',
  external_user_id: 'test_user_001',
  amount_usd: 68.49,
  quota_added: 34245000,
  refunded_usd: 8.49,
  note: 'order 4711',
  credited_at: '2026-01-30T15:30:25.000Z',
  received_at: '2026-01-30T15:30:24.982Z',
};

export const paymentEndpoint = endpoint({
  method: 'get',
  path: '/topup/{payment_id}',
  access: 'read',
  operationId: 'getTopUp',
  summary: 'Show a payment and what became of it',
  description:
    'When the top-up was received (left out where it was credited before that was written down), then the credit and its refunds in the order of the log, each with the balance right after it. A payment that was never credited is a 404.',
  input: paymentInput,
  data: paymentData,
  refusals: ['payment_not_found'],
  example: {
    data: {
      ...row,
      remaining_usd: 60,
      timeline: [
        { type: 'received', at: row.received_at },
        {
          type: 'credited',
          at: row.credited_at,
          amount_usd: 68.49,
          quota: 34245000,
          current_quota: 34245000,
        },
        {
          type: 'refunded',
          at: '2026-01-31T09:00:00.000Z',
          amount_usd: 8.49,
          quota: -4245000,
          current_quota: 30000000,
          refund_id: 're_1',
          reason: 'goodwill',
        },
      ],
    },
  },
  handle: async ({ payment_id }, { readModels }) => {
    const payment = await readModels.payment(payment_id);
    if (!payment) throw refused({ code: 'payment_not_found' });
    return { data: presentPayment(payment) };
  },
});

export const paymentsEndpoint = endpoint({
  method: 'get',
  path: '/payments',
  access: 'read',
  operationId: 'listTopUps',
  summary: 'List payments',
  description:
    'In the order in which they were credited, page by page: `next_after` of one is `after` of the next. What is credited meanwhile comes at the end, so that a list can be gone on with later.',
  input: paymentsInput,
  data: paymentsData,
  refusals: [],
  example: { data: { payments: [row], next_after: null, last: 4711 } },
  handle: async ({ after, limit, external_user_id, payment_id }, { readModels }) => {
    const filter = { externalUserId: external_user_id, paymentId: payment_id };
    const { rows, next_after } = await pageOf(
      limit,
      ({ position }: PaymentRow) => Number(position),
      (most) => readModels.payments(filter, { after, limit: most }),
    );
    const last = Number(rows.at(-1)?.position ?? after);
    return { data: { payments: rows.map(presentPaymentRow), next_after, last } };
  },
});

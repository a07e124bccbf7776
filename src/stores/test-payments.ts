import type pg from 'pg';
import type { Sighting } from '../domain/order/sighting.js';

type TestPayment = Omit<Sighting, 'merchant'>;

interface TestRefund {
  readonly refundId: string;
  readonly orderId: string;
  readonly providerPayment: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly at: Date;
}

interface Row {
  readonly payment_id: string;
  readonly order_id: string;
  readonly what: Sighting['what'];
  readonly currency: string;
  readonly amount_minor: bigint;
  readonly at: Date;
}

const ADD = `INSERT INTO test_payments (payment_id, order_id, what, currency, amount_minor, at, of_payment)
  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`;

/** What was given back of a payment is told as all of it so far. */
const SIGHTINGS = `SELECT coalesce(of_payment, payment_id) AS payment_id, order_id, what, currency, at,
    CASE WHEN of_payment IS NULL THEN amount_minor
         ELSE (sum(amount_minor) OVER (PARTITION BY of_payment ORDER BY at, payment_id))::bigint END AS amount_minor
  FROM test_payments`;

/** What the test provider was paid, and gave back. */
export function createTestPayments(pool: Pick<pg.Pool, 'query'>) {
  return {
    add: async ({
      providerPayment,
      orderId,
      what,
      currency,
      amountMinor,
      at,
    }: TestPayment): Promise<void> => {
      await pool.query(ADD, [providerPayment, orderId, what, currency, amountMinor, at, null]);
    },
    giveBack: async ({
      refundId,
      providerPayment,
      orderId,
      currency,
      amountMinor,
      at,
    }: TestRefund): Promise<void> => {
      await pool.query(ADD, [refundId, orderId, 'refunded', currency, amountMinor, at, providerPayment]);
    },
    refundsOf: async (orderId: string): Promise<readonly TestRefund[]> => {
      const { rows } = await pool.query<Row & { readonly of_payment: string }>(
        'SELECT * FROM test_payments WHERE order_id = $1 AND of_payment IS NOT NULL ORDER BY at, payment_id',
        [orderId],
      );
      return rows.map(({ payment_id: refundId, of_payment: providerPayment, ...row }) => ({
        refundId,
        providerPayment,
        orderId: row.order_id,
        currency: row.currency,
        amountMinor: row.amount_minor,
        at: row.at,
      }));
    },
    of: async (orderId: string): Promise<readonly TestPayment[]> => {
      const { rows } = await pool.query<Row>(`${SIGHTINGS} WHERE order_id = $1 ORDER BY at, payment_id`, [
        orderId,
      ]);
      return rows.map(paymentOf);
    },
    since: async (since: Date): Promise<readonly TestPayment[]> => {
      const { rows } = await pool.query<Row>(
        `SELECT * FROM (${SIGHTINGS}) seen WHERE at >= $1 ORDER BY at, payment_id LIMIT 1000`,
        [since],
      );
      return rows.map(paymentOf);
    },
  };
}

const paymentOf = (row: Row): TestPayment => ({
  orderId: row.order_id,
  providerPayment: row.payment_id,
  what: row.what,
  currency: row.currency,
  amountMinor: row.amount_minor,
  at: row.at,
});

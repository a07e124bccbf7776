import type pg from 'pg';
import type { Sighting } from '../domain/order/sighting.js';

type TestPayment = Omit<Sighting, 'merchant'>;

interface Row {
  readonly payment_id: string;
  readonly order_id: string;
  readonly what: Sighting['what'];
  readonly currency: string;
  readonly amount_minor: bigint;
  readonly at: Date;
}

/** What the test provider was paid. */
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
      await pool.query(
        `INSERT INTO test_payments (payment_id, order_id, what, currency, amount_minor, at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING`,
        [providerPayment, orderId, what, currency, amountMinor, at],
      );
    },
    of: async (orderId: string): Promise<readonly TestPayment[]> => {
      const { rows } = await pool.query<Row>(
        'SELECT * FROM test_payments WHERE order_id = $1 ORDER BY at, payment_id',
        [orderId],
      );
      return rows.map(paymentOf);
    },
    since: async (since: Date): Promise<readonly TestPayment[]> => {
      const { rows } = await pool.query<Row>(
        'SELECT * FROM test_payments WHERE at >= $1 ORDER BY at, payment_id LIMIT 1000',
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

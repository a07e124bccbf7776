import { expect } from '@jest/globals';
import { withTransaction } from '../../../src/postgres/pool.js';
import { eventually } from '../../support/eventually.js';
import { succeed } from './clients.js';
import type { Deployment } from './deployment.js';

/** Advisory locks of this test alone. */
const LOCKS = 4_711;

/** Where an order is when its process is killed, by what of the database the process waits for: the farthest first. */
const POINTS = {
  'booked, and its provider not answered': 'inbox stored',
  'credited, and no table knows it': undefined,
  'paid, and not credited': 'log payment-credited',
  'kept in the inbox, and not paid': 'log order-paid',
  'paid at its provider alone': 'inbox received',
} as const;
type Point = keyof typeof POINTS;
const points = Object.keys(POINTS) as readonly Point[];
const CREDIT = 35_211_268;

type StopTables = (act: () => Promise<void>) => Promise<void>;

/** Somebody pays five orders, and each gets no farther than its point. */
export async function orderStuck({ database: { pool } }: Deployment, url: string) {
  const orders = new Map<Point, string>();
  for (const [index, point] of points.entries()) {
    await succeed(url, 'POST', '/sync', { external_user_id: `buyer-${index}`, username: `buyer-${index}` });
    const asked = { method: 'test', currency: 'CNY', amount: '500' };
    const { order_id: orderId } = await succeed(url, 'POST', `/buyer-${index}/orders`, asked);
    orders.set(point, String(orderId));
  }
  const orderAt = (point: Point) => orders.get(point) ?? '';
  const count = async (text: string, values: readonly unknown[]) =>
    Number((await pool.query<{ n: string }>(text, [...values])).rows[0]?.n);
  const inLog = (type: string, orderId: string) =>
    count(
      `SELECT count(*)::text AS n FROM events
       WHERE split_part(type, '.', 1) = $1 AND $2 IN (data->>'order_id', data->>'payment_id')`,
      [type, orderId],
    );
  const inInbox = (verdict: string, orderId: string) =>
    count(
      'SELECT count(*)::text AS n FROM payment_inbox WHERE verdict = $1 AND order_ids = ARRAY [$2::text]',
      [verdict, orderId],
    );
  const waiting = () =>
    count(
      "SELECT count(*)::text AS n FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND NOT granted",
      [LOCKS],
    );
  const pay = (point: Point) => {
    const form = { method: 'POST', body: new URLSearchParams({ act: 'pay' }), redirect: 'manual' } as const;
    fetch(`${url}/api/payments/test/${orderAt(point)}`, form).catch(() => undefined);
  };
  /** Paid, and seen where it is to be. */
  const stuck = async (point: Point, isThere: () => Promise<boolean>) => {
    pay(point);
    await eventually(isThere, { timeoutMs: 60_000, intervalMs: 20 });
  };

  async function allStuck(stopTables: StopTables, kill: () => Promise<void>): Promise<void> {
    const [booked, credited, paid, kept, alone] = points as readonly [Point, Point, Point, Point, Point];
    await stuck(booked, async () => (await waiting()) === 1);
    await stopTables(async () => {
      await stuck(credited, async () => (await inLog('payment-credited', orderAt(credited))) === 1);
      await stuck(paid, async () => (await waiting()) === 2);
      // Behind it, as everything that is to be written: the log is written in one order.
      await stuck(kept, async () => (await inInbox('received', orderAt(kept))) === 1);
      await stuck(alone, async () => (await waiting()) === 3);
      const seen = points.map((point) =>
        Promise.all([
          inInbox('received', orderAt(point)),
          inLog('order-paid', orderAt(point)),
          inLog('payment-credited', orderAt(point)),
        ]),
      );
      const [before, ...more] = await Promise.all(seen);
      expect([before, ...more.slice(1)]).toEqual([
        [1, 1, 1],
        [1, 1, 0],
        [1, 0, 0],
        [0, 0, 0],
      ]);
      expect(more[0]?.slice(1)).toEqual([1, 1]);
      await kill();
      // What a dead process asked for is not done after its death.
      await pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()`,
      );
    });
  }

  return {
    allStuck: (stopTables: StopTables, kill: () => Promise<void>) =>
      withPoints(pool, orders, () => allStuck(stopTables, kill)),
    /** By itself: nobody says "I have paid", and nothing is notified again. */
    expectHealed: async (later: string): Promise<void> => {
      for (const [index, point] of points.entries()) {
        const order = `/buyer-${index}/orders/${orderAt(point)}`;
        const isCredited = async () => (await succeed(later, 'GET', order))['status'] === 'completed';
        await eventually(isCredited, { timeoutMs: 120_000, intervalMs: 500 });
        expect(await succeed(later, 'GET', `/buyer-${index}`)).toMatchObject({ current_quota: CREDIT });
        expect([
          point,
          await inLog('order-paid', orderAt(point)),
          await inLog('payment-credited', orderAt(point)),
        ]).toEqual([point, 1, 1]);
      }
    },
  };
}

/** The log and the inbox wait at the point of each order for as long as `act` runs. */
async function withPoints(
  pool: Deployment['database']['pool'],
  orders: ReadonlyMap<Point, string>,
  act: () => Promise<void>,
): Promise<void> {
  await pool.query(`
    CREATE FUNCTION wait_at_point() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE place text;
    BEGIN
      IF TG_TABLE_NAME = 'events' THEN
        place := 'log ' || split_part(NEW.type, '.', 1) || coalesce(NEW.data->>'payment_id', NEW.data->>'order_id');
      ELSE
        place := 'inbox ' || NEW.verdict || NEW.order_ids[1];
      END IF;
      PERFORM pg_advisory_xact_lock_shared(${LOCKS}, hashtext(place));
      RETURN NEW;
    END $$;
    CREATE TRIGGER wait_at_point BEFORE INSERT ON events FOR EACH ROW
      WHEN (NEW.type LIKE 'payment-credited.%' OR NEW.type LIKE 'order-paid.%') EXECUTE FUNCTION wait_at_point();
    CREATE TRIGGER wait_at_point BEFORE INSERT OR UPDATE ON payment_inbox FOR EACH ROW EXECUTE FUNCTION wait_at_point();`);
  await withTransaction(pool, async (tx) => {
    for (const [point, orderId] of orders) {
      const place = POINTS[point];
      if (place) await tx.query(`SELECT pg_advisory_xact_lock(${LOCKS}, hashtext($1))`, [place + orderId]);
    }
    await act();
  });
  await pool.query('DROP FUNCTION wait_at_point() CASCADE');
}

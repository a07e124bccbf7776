import { afterEach, describe, expect, it } from '@jest/globals';
import { paymentUuidOf } from '../../src/commands/handling/identifiers.js';
import { paymentStream } from '../../src/domain/streams.js';
import { withTransaction } from '../../src/postgres/pool.js';
import { schemaOf } from '../../src/projections/runtime/projection.js';
import { eventually } from '../support/eventually.js';
import { expectBooksInOrder } from './support/books.js';
import { frontEnd, succeed } from './support/clients.js';
import { Deployment, type Service } from './support/deployment.js';
import { orderStuck } from './support/stuck-orders.js';

const TOPUP = { external_user_id: 'payer', amount_usd: 68.49, payment_id: 'pi_killed' };

let deployment: Deployment | undefined;

afterEach(async () => {
  await deployment?.close();
  deployment = undefined;
});

/** The events of the payment, as soon as there is one. */
const credited = ({ store }: Deployment) =>
  eventually(
    async () => {
      const events = await store.readStream(paymentStream(paymentUuidOf(TOPUP.payment_id)), { limit: 10 });
      return events.length > 0 && events;
    },
    { timeoutMs: 20_000 },
  );

/** The call is sent again to a process that has started since: the first answer, and no second credit. */
async function expectOneCredit(opened: Deployment, url: string): Promise<void> {
  const again = await frontEnd(url, 'POST', '/topup', TOPUP);
  expect(again).toMatchObject({ status: 200, body: { data: { current_quota: 34_245_000 } } });
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await frontEnd(url, 'POST', '/topup', { ...TOPUP, amount_usd: 1 })).toMatchObject({ status: 409 });
  expect(await credited(opened)).toHaveLength(1);
  expect(await succeed(url, 'GET', '/payer')).toMatchObject({ current_quota: 34_245_000 });
  await expectBooksInOrder(opened);
}

/** Keeps every projection from advancing meanwhile; the tables can be read. */
async function whileProjectionsStop({ database }: Deployment, act: () => Promise<void>): Promise<void> {
  await withTransaction(database.pool, async (tx) => {
    await tx.query(`LOCK TABLE ${schemaOf('balance')}.balances IN EXCLUSIVE MODE`);
    await act();
  });
}

/** kill -9 while its provider is giving money back: it did, and nobody heard. A repetition asks first, and nothing goes back twice. */
async function expectOneRefund(opened: Deployment, { process, url }: Service): Promise<Service> {
  const { pool } = opened.database;
  const ordered = { method: 'test', currency: 'CNY', amount: '500' };
  const { order_id: orderId } = await succeed(url, 'POST', '/payer/orders', ordered);
  const form = { method: 'POST', body: new URLSearchParams({ act: 'pay' }), redirect: 'manual' } as const;
  await fetch(`${url}/api/payments/test/${String(orderId)}`, form);
  const refunds = `/payer/orders/${String(orderId)}/refunds`;
  const givenBack = () =>
    pool.query<{ amount_minor: bigint }>(
      'SELECT amount_minor FROM test_payments WHERE of_payment IS NOT NULL AND order_id = $1',
      [orderId],
    );
  await withTransaction(pool, async (tx) => {
    // Its provider takes what it is asked, and answers when nobody listens any more.
    await tx.query('LOCK TABLE test_payments IN SHARE MODE');
    const ending = endOf(frontEnd(url, 'POST', refunds, { amount: '150' }));
    await eventually(async () => {
      const { rows } = await pool.query<{ waits: boolean }>(
        `SELECT count(*) > 0 AS waits FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO test_payments%'`,
      );
      return rows[0]?.waits === true;
    });
    await process.kill();
    expect(await ending).toBe('broken');
  });
  await eventually(async () => (await givenBack()).rows.length === 1);

  const service = await opened.start('only', { TEST_PAYMENTS: 'on' });
  const { url: later } = service;
  const [sent] = (await succeed(later, 'GET', refunds)).refunds as { refund_id: string; status: string }[];
  expect(sent).toMatchObject({ status: 'sent' });
  await eventually(
    async () => {
      const [refund] = (await succeed(later, 'GET', refunds)).refunds as { status: string }[];
      return refund?.status === 'succeeded';
    },
    { timeoutMs: 60_000, intervalMs: 500 },
  );
  expect((await givenBack()).rows).toEqual([{ amount_minor: 15_000n }]);
  const taken = await pool.query<{ quota: bigint }>(
    `SELECT (data->>'quota')::bigint AS quota FROM events WHERE type = 'payment-refunded.v2'`,
  );
  expect(taken.rows).toEqual([{ quota: 10_563_380n }]);
  const left = 34_245_000 + 35_211_268 - 10_563_380;
  expect(await succeed(later, 'GET', '/payer')).toMatchObject({ current_quota: left });
  return service;
}

const endOf = (request: Promise<unknown>) =>
  request.then(
    () => 'answered',
    () => 'broken',
  );

describe('kill -9 of the service right after the append of a top-up', () => {
  it('credits once when the caller repeats it, and orders at five points by itself: the log in PostgreSQL', async () => {
    deployment = await Deployment.open({ cache: 'in-process' });
    const { process, url } = await deployment.start('only', { TEST_PAYMENTS: 'on' });
    await succeed(url, 'POST', '/sync', { external_user_id: 'payer', username: 'payer' });
    const opened = deployment;
    const orders = await orderStuck(opened, url);
    let ending: Promise<string> | undefined;
    await orders.allStuck(
      (act) =>
        // The answer waits for the read models, so that the process dies between the append and the answer.
        whileProjectionsStop(opened, async () => {
          ending = endOf(frontEnd(url, 'POST', '/topup', TOPUP));
          await credited(opened);
          await act();
        }),
      () => process.kill(),
    );
    expect(await ending).toBe('broken');

    const again = await opened.start('only', { TEST_PAYMENTS: 'on' });
    await expectOneCredit(opened, again.url);
    // Meanwhile the orders heal: nobody waits for them.
    const { url: last } = await expectOneRefund(opened, again);
    await orders.expectHealed(last);
    await expectBooksInOrder(opened);
  }, 240_000);

  it('credits once when the caller repeats it: EventStoreDB, its acknowledgement lost', async () => {
    deployment = await Deployment.open({ cache: 'redis', log: 'eventstoredb' });
    const { process, url } = await deployment.start('one');
    await succeed(url, 'POST', '/sync', { external_user_id: 'payer', username: 'payer' });
    deployment.standIn.fault('drop-ack');
    const ending = endOf(frontEnd(url, 'POST', '/topup', TOPUP));
    await credited(deployment);
    await process.kill();
    deployment.standIn.fault('none');
    expect(await ending).toBe('broken');

    await expectOneCredit(deployment, (await deployment.start('one')).url);
  }, 120_000);
});

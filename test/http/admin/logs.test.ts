import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import { charge } from '../../../src/domain/pricing/charge.js';
import { anEvent } from '../../support/events.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

const EXTERNAL_ID = 'shop/1';
const owner = { account_id: accountIdOf(EXTERNAL_ID) };
let world: AdminServer;
beforeAll(async () => {
  world = await startAdminServer();
  const { commands } = world.ledger;
  const meta = { actor: 'service-key:1', requestId: 'setup' };
  const externalUserId = EXTERNAL_ID;
  await commands.syncAccount({ externalUserId, username: 'Ann', email: 'a@example.com' }, meta);
  for (const paymentId of ['pi_1', 'pi_2', '12'])
    await commands.creditPayment({ externalUserId, amountUsd: '10', paymentId }, meta);
  const { data } = anEvent('consumption-recorded', { ...owner, request_id: 'req-1', price_version: 0 });
  expect(charge(data, data.group_ratio, data.usage).quota).toBe(data.quota);
  await world.ledger.given(
    anEvent('consumption-recorded', data),
    anEvent('call-failed', { ...owner, request_id: 'req-2', code: 'model_not_allowed', stage: 'refused' }),
  );
});
afterAll(() => world.close());

const get = async (path: string) => world.call(await world.as('auditor'), 'GET', path);
const shop = encodeURIComponent(EXTERNAL_ID);

it('a call that was charged was answered by a channel, whatever the processes still know of it', async () => {
  const { steps } = (await get('/checklist')).body.data;
  const done = (name: string) => steps.find(({ step }: { step: string }) => step === name).done;
  expect([done('call'), done('channel_tested'), done('channel')]).toEqual([true, true, false]);
});

describe('the history of everybody', () => {
  it('is listed page by page, the newest first, and says how much there is', async () => {
    const first = await get('/logs?limit=3');
    expect(first.body.data).toMatchObject({
      logs: [
        { type: 'error', code: 'model_not_allowed', request_id: 'req-2', quota: 0, username: 'Ann' },
        { type: 'consume', quota: 27, usd: '0.000054', external_user_id: EXTERNAL_ID, code: null },
        { type: 'topup', quota: -5_000_000, reference: '12', channel_id: null, token_id: null },
      ],
      total: 5,
      total_capped: false,
    });
    const second = await get(`/logs?limit=3&cursor=${first.body.data.next_cursor}`);
    expect(second.body.data.logs.map(({ reference }: { reference: string }) => reference)).toEqual([
      'pi_2',
      'pi_1',
    ]);
    expect(second.body.data.next_cursor).toBeNull();
    for (const query of ['reference=req-1', 'type=consume', `external_user_id=${shop}&type=consume`])
      expect((await get(`/logs?${query}`)).body.data).toMatchObject({
        logs: [{ request_id: 'req-1' }],
        total: 1,
      });
  });

  it('explains each row, also where its reference looks like a place of the log', async () => {
    const { logs } = (await get('/logs')).body.data;
    for (const row of logs) {
      const { status, body } = await get(`/logs/${row.id}`);
      expect([row.reference, status]).toEqual([row.reference, 200]);
      expect(body.data.log).toEqual(row);
      const { explanation } = body.data;
      const id = explanation.call_id ?? explanation.payment_id;
      expect(id).toBe(row.reference);
      const sum = explanation.told.reduce(
        (total: number, line: { quota: string }) => total + Number(line.quota),
        0,
      );
      expect(sum).toBeCloseTo(Math.abs(row.quota), 6);
    }
  });

  it.each([
    ['/logs?cursor=x', 400, 'invalid_request'],
    ['/logs?limit=201', 400, 'invalid_request'],
    ['/logs?type=other', 400, 'invalid_request'],
    ['/logs?from=2026-02-30', 400, 'invalid_request'],
    ['/logs?external_user_id=nobody', 404, 'account_not_found'],
    ['/logs/999999', 404, 'log_not_found'],
    ['/logs/0', 404, 'log_not_found'],
    ['/logs/pi_1', 404, 'log_not_found'],
    ['/payments/none', 404, 'payment_not_found'],
  ])('answers %s with %i %s', async (path, status, code) => {
    const reply = await get(path);
    expect([reply.status, reply.body.code]).toEqual([status, code]);
  });
});

describe('payments of everybody', () => {
  const ids = ({ body }: { body: { data: { payments: { payment_id: string }[] } } }) =>
    body.data.payments.map(({ payment_id }) => payment_id);

  it('are listed page by page, the newest first', async () => {
    const first = await get('/payments?limit=2');
    expect(ids(first)).toEqual(['12', 'pi_2']);
    expect(first.body.data).toMatchObject({ total: 3, total_capped: false });
    const rest = await get(`/payments?limit=2&cursor=${first.body.data.next_cursor}`);
    expect([ids(rest), rest.body.data.next_cursor]).toEqual([['pi_1'], null]);
    expect(ids(await get('/payments?payment_id=pi_2'))).toEqual(['pi_2']);
    expect(ids(await get('/payments?external_user_id=nobody'))).toEqual([]);
  });

  it('are refunded once by finance, and show it', async () => {
    const refund = async (role: 'finance' | 'auditor', body: object) =>
      world.call(await world.as(role), 'POST', '/payments/pi_1/refund', body);
    const asked = { refund_id: 're_1', amount_usd: 4, reason: 'goodwill' };
    expect((await refund('auditor', asked)).status).toBe(403);
    expect((await refund('finance', { refund_id: 're_1' })).body.errors[0].field).toBe('reason');
    expect((await refund('finance', { ...asked, amount_usd: 11 })).body.code).toBe('refund_exceeds_payment');
    const made = await refund('finance', asked);
    expect(made.body).toMatchObject({ data: { quota_deducted: 2_000_000, remaining_usd: 6 } });
    const again = await refund('finance', asked);
    expect([again.headers.get('idempotency-replayed'), again.body.data]).toEqual(['true', made.body.data]);
    const { timeline } = (await get('/payments/pi_1')).body.data;
    expect(timeline.map(({ type }: { type: string }) => type)).toEqual(['received', 'credited', 'refunded']);
    expect(await world.ledger.events('payment-refunded')).toMatchObject([
      { by: 'operator:finance', refund_id: 're_1' },
    ]);
  });
});

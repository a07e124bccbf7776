import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { usageStream } from '../../src/domain/streams.js';
import { eventually } from '../support/eventually.js';
import { eventsOfType } from './support/books.js';
import { available, balanceOf, call, createCustomer, frontEnd, succeed } from './support/clients.js';
import { Deployment, PER_CALL, type Service } from './support/deployment.js';

let deployment: Deployment;
let services: readonly [Service, Service];

beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'redis' });
  services = await Promise.all([
    deployment.start('one', { HOLD_LEASES: 'on' }),
    deployment.start('two', { USAGE_STREAMS: 'process', HOLD_LEASES: 'on' }),
  ]);
}, 120_000);

afterAll(() => deployment?.close());

/** As many requests as asked for at once, on both processes in turn. */
const atOnce = <Value>(count: number, send: (url: string, index: number) => Promise<Value>) =>
  Promise.all(
    Array.from({ length: count }, (_, index) => send(services[index % 2 === 0 ? 0 : 1].url, index)),
  );

describe('two processes on one PostgreSQL and one Redis', () => {
  it('credit a payment once, though it arrives a hundred times at once', async () => {
    const [{ url }] = services;
    await succeed(url, 'POST', '/sync', { external_user_id: 'payer', username: 'payer' });
    const topup = { external_user_id: 'payer', amount_usd: 68.49, payment_id: 'pi_once' };

    const answers = await atOnce(100, (each) => frontEnd(each, 'POST', '/topup', topup));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers[0]?.body.data).toMatchObject({ quota_added: 34_245_000, current_quota: 34_245_000 });
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(99);
    const credits = await eventsOfType(deployment.store, 'payment-credited');
    expect(credits.filter(({ payment_id }) => payment_id === 'pi_once')).toHaveLength(1);
  });

  it('refuse the same payment with another amount or another user, naming the field', async () => {
    const [{ url }, { url: other }] = services;
    await succeed(url, 'POST', '/sync', { external_user_id: 'stranger', username: 'stranger' });
    const topup = { external_user_id: 'payer', amount_usd: 68.49, payment_id: 'pi_once' };

    const amount = await frontEnd(other, 'POST', '/topup', { ...topup, amount_usd: 68.5 });
    const user = await frontEnd(url, 'POST', '/topup', { ...topup, external_user_id: 'stranger' });

    expect(amount).toMatchObject({
      status: 409,
      body: { code: 'payment_conflict', details: { field: 'amount_usd' } },
    });
    expect(user).toMatchObject({
      status: 409,
      body: { code: 'payment_conflict', details: { field: 'external_user_id' } },
    });
    expect(await succeed(url, 'GET', '/stranger')).toMatchObject({ current_quota: 0 });
    expect(await succeed(other, 'GET', '/payer')).toMatchObject({ current_quota: 34_245_000 });
  });

  it('let one of two amounts win when both arrive at once, and refuse the other ever after', async () => {
    const [{ url }] = services;
    await succeed(url, 'POST', '/sync', { external_user_id: 'torn', username: 'torn' });
    const amounts = [10, 20];

    const answers = await atOnce(40, (each, index) =>
      frontEnd(each, 'POST', '/topup', {
        external_user_id: 'torn',
        amount_usd: amounts[index % 4 < 2 ? 0 : 1],
        payment_id: 'pi_torn',
      }),
    );

    const credited = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 409);
    expect([credited.length, refused.length]).toEqual([20, 20]);
    expect(new Set(credited.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  it('make one user of fifty first syncs at once', async () => {
    const user = { external_user_id: 'newcomer', username: 'newcomer', email: 'new@example.com' };

    const answers = await atOnce(50, (url) => frontEnd(url, 'POST', '/sync', user));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.data.user_id as number)).size).toBe(1);
    expect(answers.filter(({ body }) => body.data.is_new_user === true)).toHaveLength(1);
    const registered = await eventsOfType(deployment.store, 'account-registered');
    expect(registered.filter(({ external_user_id }) => external_user_id === 'newcomer')).toHaveLength(1);
  });

  it('register a thousand users without e-mail, phone or referral code, and no two of them conflict', async () => {
    const lanes = 100;
    const statuses = await atOnce(lanes, async (url, lane) => {
      const seen: number[] = [];
      for (let index = lane; index < 1_000; index += lanes) {
        const body = { external_user_id: `plain-${index}`, username: `plain-${index}` };
        seen.push((await frontEnd(url, 'POST', '/sync', body)).status);
      }
      return seen;
    });
    expect(new Set(statuses.flat())).toEqual(new Set([200]));
    expect(statuses.flat()).toHaveLength(1_000);
  });

  it('charge an account each in a stream of its own, of either form, so that neither waits for the appends of the other', async () => {
    const [{ url }] = services;
    const { accessKey } = await createCustomer(url, 1);
    const calls = await atOnce(4, (each) => call(each, accessKey));
    const requestIds = calls.map(({ requestId }) => requestId);
    const charged = await eventsOfType(deployment.store, 'consumption-recorded');
    const ours = charged.filter(({ request_id }) => requestIds.includes(request_id));
    expect(ours).toHaveLength(4);
    expect([...new Set(ours.map(usageStream))].sort()).toEqual([
      expect.stringMatching(/^usage-[0-9a-f]{2}-\d{10}$/),
      expect.stringMatching(/^usage-[0-9a-f-]{36}-\d{6}-[0-9a-f]{2}$/),
    ]);
  });

  it('let exactly 57 of 200 calls pass on a balance that fits 57', async () => {
    const [{ url }] = services;
    const customer = await createCustomer(url, 1.14);

    const results = await atOnce(200, (each, index) =>
      call(each, customer.accessKey, { stream: index % 3 === 0 }),
    );

    const passed = results.filter(({ completed }) => completed);
    const refused = results.filter(({ completed }) => !completed);
    expect(passed).toHaveLength(57);
    for (const { status, headers, text } of refused) {
      expect(status).toBe(402);
      expect(headers?.get('x-should-retry')).toBe('false');
      expect(JSON.parse(text)).toMatchObject({
        error: { code: 'insufficient_quota', needed: PER_CALL, available: 0 },
      });
    }
    await eventually(async () => (await balanceOf(url, customer)) === 0);
    const charged = (await eventsOfType(deployment.store, 'consumption-recorded')).filter(
      ({ token_id }) => token_id === customer.tokenId,
    );
    expect(charged.map(({ request_id }) => request_id).sort()).toEqual(
      passed.map(({ requestId }) => requestId).sort(),
    );
    expect(charged.reduce((sum, { quota }) => sum + quota, 0n)).toBe(BigInt(57 * PER_CALL));
    // A top-up reaches the key at once, on both.
    const topup = { external_user_id: customer.id, amount_usd: 0.02, payment_id: 'pi_one_more' };
    await succeed(url, 'POST', '/topup', topup);
    expect((await call(services[1].url, customer.accessKey)).status).toBe(200);
    expect(await eventually(() => available(url, customer.accessKey))).toBe(0);
  });
});

describe('a change of a key on one process', () => {
  const refusedWith = async (url: string, key: string) => {
    const { status, text } = await call(url, key);
    return [status, (JSON.parse(text) as { error?: { code: string } }).error?.code];
  };

  it('is in force on the other before it is answered', async () => {
    const [{ url: here }, { url: there }] = services;
    const { id, accessKey, tokenId } = await createCustomer(here, 1);
    const token = { external_user_id: id, token_id: tokenId };
    expect((await call(there, accessKey)).status).toBe(200);

    await succeed(here, 'PATCH', '/token', { ...token, status: 2 });
    expect(await refusedWith(there, accessKey)).toEqual([401, 'key_disabled']);

    await succeed(here, 'PATCH', '/token', { ...token, status: 1 });
    expect((await call(there, accessKey)).status).toBe(200);

    await succeed(here, 'PATCH', '/token', { ...token, models: ['free'] });
    expect(await refusedWith(there, accessKey)).toEqual([403, 'model_not_allowed']);
    await succeed(here, 'PATCH', '/token', { ...token, models: [] });

    const reset = await succeed(here, 'POST', '/token/reset', token);
    expect(await refusedWith(there, accessKey)).toEqual([401, 'invalid_api_key']);
    expect((await call(there, reset.access_key as string)).status).toBe(200);

    await succeed(here, 'DELETE', '/token', token);
    expect(await refusedWith(there, reset.access_key as string)).toEqual([401, 'invalid_api_key']);
  });

  const leasedCalls = async (url: string) => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(/^counterfoil_leased_calls (\d+)$/m.exec(text)?.[1]);
  };

  it('stops everybody at once: no call passes that began after the revoke was answered', async () => {
    const [{ url: here }, { url: there }] = services;
    for (let round = 0; round < 5; round++) {
      const { id, accessKey, tokenId } = await createCustomer(here, 10);
      const leasedBefore = await leasedCalls(there);
      let revoked = false;
      const late: number[] = [];
      const caller = async () => {
        while (late.length < 3) {
          const begunAfter = revoked;
          const { status } = await call(there, accessKey);
          if (begunAfter) late.push(status);
        }
      };
      const callers = Promise.all([caller(), caller(), caller()]);
      // As soon as calls are admitted without a word to Redis.
      await eventually(async () => (await leasedCalls(there)) > leasedBefore);
      await succeed(here, 'DELETE', '/token', { external_user_id: id, token_id: tokenId });
      revoked = true;
      await callers;
      expect(new Set(late)).toEqual(new Set([401]));
    }
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, isApiError, NewAPIClient, type Stats } from '../../packages/client/src/index.js';
import { Deployment, SERVICE_KEY, type Service } from './support/deployment.js';

let deployment: Deployment;
let service: Service;
let newApi: NewAPIClient;
beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'redis' });
  service = await deployment.start('all');
  newApi = new NewAPIClient(service.url, { serviceKey: SERVICE_KEY, language: 'en' });
}, 180_000);
afterAll(() => deployment?.close());

const newUser = async (amountUsd: number) => {
  const external_user_id = `user ${randomUUID()}/é`;
  await newApi.syncUser({ external_user_id, username: external_user_id });
  const payment_id = `pi/${randomUUID()}`;
  await newApi.topupUser({ external_user_id, amount_usd: amountUsd, payment_id });
  return { external_user_id, payment_id };
};

describe('the client of front ends, against a running service', () => {
  it("plays the story of the original's document as it stands there", async () => {
    // 1. a user who logged in elsewhere
    const synced = await newApi.syncUser({
      external_user_id: 'amos_wechat_123',
      username: 'amos_chen',
      display_name: 'Amos Chen',
      email: 'amos@example.com',
      wechat_openid: 'wx_openid_12345',
      login_type: 'wechat',
      aff_code: 'REFERRAL_ABC123',
    });
    expect(synced.is_new_user).toBe(true);
    // 2. a payment
    await newApi.topupUser({
      external_user_id: 'amos_wechat_123',
      amount_usd: 68.49,
      payment_id: 'stripe_pi_1234567890',
    });
    // 3. an access key
    const token = await newApi.createToken({
      external_user_id: 'amos_wechat_123',
      token_name: 'My Chat App',
      expires_in_days: 365,
    });
    // 4. what there is, and what it buys
    const stats = await newApi.getUserStats('amos_wechat_123');
    expect(Object.keys(stats.data.user_info.balance_capacity)).toContain('by-token');
    expect(stats.data.user_info.current_balance).toBe(68.49);
    // 5. a call with the key
    const response = await fetch(`${service.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token.access_key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ model: 'by-token', messages: [{ role: 'user', content: 'Hello!' }] }),
    });
    expect(response.status).toBe(200);
    // 6. what is left
    const updated = await newApi.getUserStats('amos_wechat_123');
    expect(updated.data.user_info.current_balance).toBeLessThan(68.49);
    expect(updated.data.user_info.total_requests).toBe(1);
    // and later versions of the document: where it went, and the key taken away
    const today = new Date().toISOString().slice(0, 10);
    const logs = await newApi.getUserLogs('amos_wechat_123', {
      start_date: '2024-01-01',
      end_date: today,
      page: 1,
      page_size: 10,
    });
    expect(logs.data.logs.map(({ type }) => type)).toEqual(['consume', 'topup']);
    expect(logs.data.summary.total_tokens).toBeGreaterThan(0);
    await newApi.deleteToken({ external_user_id: 'amos_wechat_123', token_id: token.data.token_id });
    expect((await newApi.getUserStats('amos_wechat_123')).tokens).toEqual([]);
  });

  it('gives the same answer for a payment that comes again, and says that it does', async () => {
    const { external_user_id, payment_id } = await newUser(2.01);
    const topup = { external_user_id, amount_usd: 2.01, payment_id };
    const [again, once] = [await newApi.topupUser(topup), await newApi.topupUser(topup)];
    expect({ ...again }).toEqual({ ...once, quota_added: 1_005_000, current_quota: 1_005_000 });
    expect([again.replayed, again.position, again.message]).toEqual([
      true,
      once.position,
      'Top-up successful',
    ]);
  });

  it('shows in a read what a write has just said of itself', async () => {
    const { external_user_id, payment_id } = await newUser(1);
    const { position } = await newApi.refund({ payment_id, refund_id: `re-${payment_id}`, amount_usd: 0.25 });
    const user = await newApi.getUser(external_user_id, { minPosition: position ?? -1 });
    expect(user.current_quota).toBe(375_000);
    const stats: Answer<Stats> = await newApi.getUserStats(external_user_id, { minPosition: position ?? -1 });
    expect(stats.user_info.current_balance).toBe(stats.data.user_info.current_balance);
  });

  it('tells refusals by their codes and facts', async () => {
    const { external_user_id, payment_id } = await newUser(1);
    const refusedBy = (call: Promise<unknown>) =>
      call.then(
        () => undefined,
        (error: unknown) => error,
      );
    const conflict = await refusedBy(newApi.topupUser({ external_user_id, amount_usd: 2, payment_id }));
    expect(isApiError(conflict, 'payment_conflict') && conflict.details).toEqual({ field: 'amount_usd' });
    const invalid = await refusedBy(newApi.syncUser({ external_user_id: '', username: 'x' }));
    expect(isApiError(invalid, 'invalid_request') && invalid.errors).toMatchObject([
      { field: 'external_user_id', rule: 'required' },
    ]);
    expect(isApiError(await refusedBy(newApi.getUser('nobody')), 'account_not_found')).toBe(true);
    const nobody = new NewAPIClient(service.url);
    expect(isApiError(await refusedBy(nobody.getUser('nobody')), 'unauthorized')).toBe(true);
  });

  it('pages, changes keys, and brings in many at once', async () => {
    const { external_user_id, payment_id } = await newUser(3);
    const lines = await newApi.syncUsers([
      { external_user_id, username: 'renamed' },
      { external_user_id: 'second', username: 'renamed' },
    ]);
    expect(lines).toMatchObject([
      { line: 1, success: true, is_new_user: false },
      { line: 2, success: false, code: 'username_taken' },
    ]);
    expect((await newApi.getTopup(payment_id)).data).toMatchObject({ payment_id, remaining_usd: 3 });
    const page = await newApi.listPayments({ external_user_id });
    expect(page.payments.map((payment) => payment.payment_id)).toEqual([payment_id]);
    expect((await newApi.listUsers({ limit: 1 })).users).toHaveLength(1);
    const token = await newApi.createToken(
      { external_user_id, token_name: 'one' },
      { idempotencyKey: 'key-1' },
    );
    const again = await newApi.createToken(
      { external_user_id, token_name: 'one' },
      { idempotencyKey: 'key-1' },
    );
    expect([again.token_id, again.access_key, again.replayed]).toEqual([
      token.token_id,
      token.access_key,
      true,
    ]);
    const named = { external_user_id, token_id: token.token_id };
    expect((await newApi.updateToken({ ...named, status: 2 })).status).toBe(2);
    expect((await newApi.resetToken(named)).access_key).not.toBe(token.access_key);
    expect((await newApi.getModels()).map(({ model_name }) => model_name)).toContain('by-token');
  });
});

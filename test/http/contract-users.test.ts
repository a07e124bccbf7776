import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRealLedger, type RealLedger } from './support/real-ledger.js';
import { type HttpServer, startHttpServer } from './support/http-server.js';

// POST /sync and GET /{external_user_id} over HTTP, on PostgreSQL.

let ledger: RealLedger;
let server: HttpServer;
beforeAll(async () => {
  ledger = await createRealLedger();
  server = await startHttpServer({ commands: ledger.commands, readModels: ledger.readModels });
});
afterAll(async () => {
  await server.close();
  await ledger.close();
});

const sync = (body: object, headers?: Record<string, string>) => server.call('POST', '/sync', body, headers);
const user = async (id: string) => (await server.call('GET', `/${encodeURIComponent(id)}`)).body.data;

describe('POST /sync', () => {
  it('creates a user, then updates it', async () => {
    const body = { external_user_id: 'story', username: 'story', display_name: '测试用户', phone: '138' };
    const created = await sync(body);
    expect([created.status, created.body]).toEqual([
      200,
      {
        success: true,
        message: '用户创建成功',
        data: { user_id: expect.any(Number), external_user_id: 'story', is_new_user: true },
      },
    ]);
    const updated = await sync({ ...body, display_name: 'renamed' });
    expect(updated.body).toEqual({
      success: true,
      message: '用户信息同步成功',
      data: { ...created.body.data, is_new_user: false },
    });
    expect(await user('story')).toMatchObject({ display_name: 'renamed', phone: '138' });
  });

  it('on creation takes the documented defaults', async () => {
    await sync({ external_user_id: 'defaults', username: 'defaults' });
    expect(await user('defaults')).toMatchObject({
      email: 'defaults@external.local',
      login_type: 'email',
      group: 'default',
      status: 1,
      aff_code: '',
      current_quota: 0,
      current_balance: 0,
      used_quota: 0,
      total_requests: 0,
    });
  });

  it('on update keeps absent fields and null, and clears empty ones', async () => {
    const all = {
      external_user_id: 'keeps',
      username: 'keeps',
      display_name: 'D',
      email: 'keeps@example.com',
      phone: '1',
      login_type: 'wechat',
      aff_code: 'KEEPS',
    };
    await sync(all);
    await sync({ external_user_id: 'keeps', username: 'keeps', display_name: null });
    expect(await user('keeps')).toMatchObject(all);
    await sync({ external_user_id: 'keeps', username: 'keeps', phone: '', aff_code: '', display_name: '' });
    expect(await user('keeps')).toMatchObject({
      phone: '',
      aff_code: '',
      display_name: '',
      email: 'keeps@example.com',
    });
  });

  it('appends nothing when nothing changes, and never touches money', async () => {
    const body = { external_user_id: 'same', username: 'same', email: 'same@example.com' };
    await sync(body);
    await server.call('POST', '/topup', { external_user_id: 'same', amount_usd: 3, payment_id: 'same-1' });
    const before = await ledger.head();
    expect((await sync(body)).body.message).toBe('用户信息同步成功');
    expect(await ledger.head()).toBe(before);
    await sync({ ...body, display_name: 'x', quota: 99, current_quota: 99, group: 'vip' });
    expect(await user('same')).toMatchObject({ current_quota: 1500000, group: 'default' });
  });

  it.each([
    ['username', { username: 'owner' }, 'username_taken', '用户名已存在，请使用其他用户名'],
    [
      'email',
      { username: 'other1', email: 'OWNER@example.com' },
      'email_taken',
      '邮箱已被使用，请使用其他邮箱',
    ],
    [
      'aff_code',
      { username: 'other2', aff_code: 'OWNER' },
      'aff_code_taken',
      '推荐码已被使用，请使用其他推荐码',
    ],
  ])('refuses a taken %s', async (_, fields, code, message) => {
    await sync({
      external_user_id: 'owner',
      username: 'owner',
      email: 'owner@example.com',
      aff_code: 'OWNER',
    });
    const before = await ledger.head();
    const reply = await sync({ external_user_id: 'thief', ...fields });
    expect([reply.status, reply.body.code, reply.body.message]).toEqual([409, code, message]);
    expect((await server.call('GET', '/thief')).status).toBe(404);
    expect(await ledger.head()).toBe(before);
  });

  it('makes one user of fifty first syncs at once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 50 }, () =>
        sync({ external_user_id: 'fifty', username: 'fifty', aff_code: 'FIFTY' }),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(new Set(replies.map(({ body }) => body.data.user_id)).size).toBe(1);
    expect(replies.filter(({ body }) => body.data.is_new_user)).toHaveLength(1);
    const registered = await ledger.events('account-registered');
    expect(registered.filter(({ external_user_id: id }) => id === 'fifty')).toHaveLength(1);
  });

  it('creates a thousand users without e-mail, phone or referral code, without a conflict', async () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `many-${index}`);
    const statuses = new Map<number, number>();
    const worker = async () => {
      for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
        const { status } = await sync({
          external_user_id: id,
          username: id,
          aff_code: '',
          email: null,
          phone: '',
        });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: 40 }, worker));
    expect([...statuses]).toEqual([[200, 1000]]);
  });

  it('keeps ids that look like SQL, paths or emoji as they are', async () => {
    for (const id of [
      "'; DROP TABLE accounts;--",
      '/etc/passwd',
      '😀'.repeat(100),
      'a/b?c#d%e',
      'sync',
      '__proto__',
    ]) {
      const reply = await sync({
        external_user_id: id,
        username: `u-${Buffer.from(id).toString('hex').slice(0, 40)}`,
      });
      expect([id, reply.status]).toEqual([id, 200]);
      expect((await user(id)).external_user_id).toBe(id);
      expect((await server.call('GET', `/${encodeURIComponent(id)}/stats`)).status).toBe(200);
    }
  });
});

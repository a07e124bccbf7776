import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/events/catalogue.js';
import type { Projector } from '../../src/projections/projector.js';
import { readHangUps } from '../../src/projections/statistics/hang-ups.js';
import { findWallet } from '../../src/projections/token/wallet.js';
import type { LogFilter } from '../../src/projections/usage/filter.js';
import {
  ACCOUNT_ID,
  anEvent,
  append,
  eventData,
  RECEIVED_AT,
  streamFor,
  TOKEN_ID,
} from '../support/events.js';
import { createLedger, type Ledger, PERSONAL } from './projector-setup.js';

const AT = new Date('2026-11-21T10:00:00Z');
const page = { offset: 0, limit: 20 };

describe('the read models', () => {
  let ledger: Ledger;
  let projector: Projector;
  let at: Date;
  beforeEach(async () => {
    at = AT;
    ledger = await createLedger(() => at);
    projector = await ledger.start();
  });
  afterEach(() => ledger.close());

  const registered = anEvent('account-registered');
  const issued = anEvent('token-issued');

  it('account: who it is, and zero money before any event moved some', async () => {
    await ledger.given(registered);
    await expect(ledger.reads.account('user-1')).resolves.toEqual({
      accountId: ACCOUNT_ID,
      erased: false,
      userId: 1,
      externalUserId: 'user-1',
      username: 'alice',
      loginType: 'email',
      affCode: '',
      group: 'default',
      suspended: false,
      personal: PERSONAL,
      balance: 0n,
      usedQuota: 0n,
      totalRequests: 0,
      createdAt: AT,
    });
    await expect(ledger.reads.account('user-2')).resolves.toBeUndefined();
  });

  it('account: absent fields keep their value; suspended and reinstated; group; erased opens nothing', async () => {
    await ledger.given(
      registered,
      anEvent('account-profile-updated', { username: 'bob', aff_code: 'X1' }),
      anEvent('account-suspended'),
      anEvent('account-group-changed'),
    );
    await expect(ledger.reads.account('user-1')).resolves.toMatchObject({
      username: 'bob',
      affCode: 'X1',
      loginType: 'email',
      suspended: true,
      group: 'vip',
    });
    await ledger.given(anEvent('account-reinstated'), anEvent('account-erased'));
    await expect(ledger.reads.account('user-1')).resolves.toMatchObject({
      suspended: false,
      personal: undefined,
    });
  });

  it('payment: each credit and refund shows the balance right after it, whatever came later', async () => {
    await ledger.given(
      registered,
      anEvent('payment-credited'),
      anEvent('consumption-recorded'),
      anEvent('payment-credited', { payment_id: 'pi_2', quota: 1_000n, amount_usd: '0.002' }),
      anEvent('payment-refunded'),
      anEvent('consumption-recorded'),
    );
    await expect(ledger.reads.payment('pi_1')).resolves.toEqual({
      paymentId: 'pi_1',
      externalUserId: 'user-1',
      amountUsd: '10',
      quota: 5_000_000n,
      balanceAfter: 5_000_000n,
      note: null,
      creditedAt: expect.any(Date),
      receivedAt: new Date(RECEIVED_AT),
      refunds: [
        {
          refundId: 're_1',
          amountUsd: '4',
          quota: 2_000_000n,
          balanceAfter: 3_000_973n,
          reason: expect.any(String),
          at: expect.any(Date),
        },
      ],
    });
    await expect(ledger.reads.payment('pi_2')).resolves.toMatchObject({
      balanceAfter: 5_000_973n,
      refunds: [],
    });
    await expect(ledger.reads.payment('pi_3')).resolves.toBeUndefined();
    // Credited before that was written down, and one that does not say a time.
    for (const [payment_id, metadata] of [
      ['pi_4', {}],
      ['pi_5', { received_at: 'yesterday' }],
    ] as const) {
      const credited = anEvent('payment-credited', { payment_id });
      const events = [{ ...eventData(credited), metadata }];
      await ledger.store.append([{ stream: streamFor(credited), expected: 'no-stream', events }]);
      await ledger.given(anEvent('consumption-recorded'));
      await expect(ledger.reads.payment(payment_id)).resolves.toMatchObject({ receivedAt: null });
    }
  });

  it('balance: charges, corrections, abandoned calls and adjustments; failed calls cost nothing', async () => {
    await ledger.given(
      registered,
      issued,
      anEvent('payment-credited', { quota: 1_000n }),
      anEvent('consumption-recorded', { quota: 100n }),
      anEvent('consumption-corrected', { quota_before: 100n, quota: 90n, difference: -10n }),
      anEvent('call-abandoned', { quota: 5n }),
      anEvent('call-abandoned', { quota: 0n }),
      anEvent('call-failed'),
      anEvent('balance-adjusted', { quota: -50n }),
    );
    await expect(ledger.reads.account('user-1')).resolves.toMatchObject({
      balance: 855n,
      usedQuota: 95n,
      totalRequests: 2,
    });
    await expect(ledger.reads.tokens(ACCOUNT_ID)).resolves.toMatchObject([{ usedQuota: 95n }]);
  });

  it('tokens: issued, changed, rotated, revoked', async () => {
    await ledger.given(registered, issued);
    await expect(ledger.reads.accessKey('a'.repeat(64))).resolves.toEqual({
      tokenId: TOKEN_ID,
      accountId: ACCOUNT_ID,
      tokenName: 'My API Token',
      keyMask: 'sk-a...aaaa',
      disabled: false,
      limits: issued.data.limits,
      usedQuota: 0n,
      revoked: false,
      userId: 1,
      accountGroup: 'default',
      accountSuspended: false,
      accountErased: false,
      tokenRevision: 0n,
      accountRevision: 0n,
    });
    await ledger.given(
      anEvent('token-renamed'),
      anEvent('token-limits-changed'),
      anEvent('token-disabled'),
      anEvent('token-rotated'),
    );
    await expect(ledger.reads.accessKey('a'.repeat(64))).resolves.toBeUndefined();
    await expect(ledger.reads.accessKey('b'.repeat(64))).resolves.toMatchObject({
      tokenName: 'Renamed',
      keyMask: 'sk-b...bbbb',
      disabled: true,
      limits: { quota_limit: 500n },
      tokenRevision: 4n,
    });
    await ledger.given(anEvent('token-enabled'), anEvent('token-revoked'));
    await expect(ledger.reads.accessKey('b'.repeat(64))).resolves.toMatchObject({
      revoked: true,
      disabled: false,
    });
    await expect(ledger.reads.tokens(ACCOUNT_ID)).resolves.toEqual([]);
  });

  it('catalogue: the newest list and the channels as they are', async () => {
    await expect(ledger.reads.catalogue()).resolves.toEqual({
      priceVersion: 0,
      prices: [],
      groups: [],
      channels: [],
    });
    const configured = anEvent('channel-configured');
    const published = anEvent('price-list-published', { version: 2 });
    await ledger.given(anEvent('price-list-published', { prices: [] }), published, configured);
    await expect(ledger.reads.catalogue()).resolves.toEqual({
      priceVersion: 2,
      prices: published.data.prices,
      groups: published.data.groups,
      channels: [{ channelId: 'main', enabled: false, disabled: null, settings: configured.data.settings }],
    });
    await ledger.given(anEvent('channel-enabled'));
    await expect(ledger.reads.catalogue()).resolves.toMatchObject({ channels: [{ enabled: true }] });
    const out = { reason: 'no credit', automatic: true };
    await ledger.given(anEvent('channel-key-disabled', out), anEvent('channel-disabled', out));
    await expect(ledger.reads.catalogue()).resolves.toMatchObject({
      channels: [{ enabled: false, disabled: out, settings: { keys: [{ id: 'key-1', disabled: out }] } }],
    });
    await ledger.given(anEvent('channel-key-enabled'), anEvent('channel-enabled'));
    await expect(ledger.reads.catalogue()).resolves.toMatchObject({
      channels: [{ enabled: true, disabled: null, settings: configured.data.settings }],
    });
  });

  it('settings: the last value of each, and who changed it', async () => {
    await expect(ledger.reads.settings()).resolves.toEqual([]);
    const value = { user: { requests_per_minute: 5 } };
    await ledger.given(
      anEvent('setting-changed', { key: 'hold_policy', value: 'reject' }),
      anEvent('setting-changed', { key: 'limits', value: {} }),
      anEvent('setting-changed', { key: 'limits', value, by: 'operator:bob' }),
    );
    const by = { changedBy: 'service-key:test', changedAt: AT };
    await expect(ledger.reads.settings()).resolves.toEqual([
      { key: 'hold_policy', value: 'reject', ...by },
      { key: 'limits', value, ...by, changedBy: 'operator:bob' },
    ]);
    await ledger.given(anEvent('setting-changed', { key: 'limits', value: null }));
    await expect(ledger.reads.settings()).resolves.toMatchObject([{}, { key: 'limits', value: null }]);
  });

  it('logs: a row an event, newest first, with sums over the whole filter', async () => {
    await ledger.given(
      registered,
      issued,
      anEvent('payment-credited'),
      anEvent('consumption-recorded'),
      anEvent('consumption-corrected'),
      anEvent('call-failed'),
      anEvent('payment-refunded'),
      anEvent('balance-adjusted'),
    );
    const all = await ledger.reads.logs(ACCOUNT_ID, {}, page);
    expect(all.rows.map(({ type, spendQuota }) => [type, spendQuota])).toEqual([
      ['adjust', -1000n],
      ['refund', 2_000_000n],
      ['error', 0n],
      ['adjust', -7n],
      ['consume', 27n],
      ['topup', -5_000_000n],
    ]);
    expect(all.total).toBe(6);
    expect(all.range).toEqual({ totalTokens: 32n, totalSpend: 20n, totalTopup: 5_000_000n });
    expect(all.rows[4]).toEqual({
      id: 3n,
      at: AT,
      type: 'consume',
      username: 'alice',
      model: 'qwen-turbo',
      tokenName: 'My API Token',
      promptTokens: 14,
      completionTokens: 18,
      spendQuota: 27n,
      requestId: 'request-1',
    });
    expect(await ledger.reads.recentLogs(ACCOUNT_ID, 2)).toEqual(all.rows.slice(0, 2));
    const second = await ledger.reads.logs(ACCOUNT_ID, {}, { offset: 4, limit: 1 });
    expect(second).toMatchObject({ rows: [{ id: 3n }], total: 6, range: all.range });
  });

  it.each([
    [{ type: 'topup' as const }, 1],
    [{ modelContains: 'TURBO' }, 1],
    [{ modelContains: '%' }, 0],
    [{ modelContains: 'q_en' }, 0],
    [{ modelContains: '\0' }, 0],
    [{ username: 'alice' }, 2],
    [{ username: 'Alice' }, 0],
    [{ tokenId: 1 }, 1],
    [{ tokenId: 2 }, 0],
    [{ from: AT }, 2],
    [{ until: AT }, 0],
    [{ from: AT, until: new Date(AT.getTime() + 1) }, 2],
  ])('logs: filter %j finds %i', async (filter, expected) => {
    await ledger.given(registered, anEvent('payment-credited'), anEvent('consumption-recorded'));
    const { rows, total } = await ledger.reads.logs(ACCOUNT_ID, filter, page);
    expect([rows.length, total]).toEqual([expected, expected]);
  });

  describe('logs over many days', () => {
    const MODELS = ['gpt-4', 'qwen-turbo', 'qwen-max'];
    const day = (number: number) => new Date(Date.UTC(2026, 10, number));
    const filters: LogFilter[] = [
      {},
      { type: 'consume' },
      { type: 'topup' },
      { modelContains: 'qwen' },
      { tokenId: 2 },
      { from: day(3) },
      { until: day(6) },
      { from: day(2), until: day(7), type: 'error' },
      { from: new Date('2026-11-03T07:00:00Z'), until: new Date('2026-11-05T21:00:00Z') },
      { username: 'nobody' },
    ];

    /** Every page of a filter, put together, and what is said of the whole. */
    async function allPages(filter: LogFilter) {
      const limit = 4;
      const { total, range } = await ledger.reads.logs(ACCOUNT_ID, filter, { offset: 0, limit });
      const ids: bigint[] = [];
      for (let offset = 0; offset <= total + limit; offset += limit) {
        const view = await ledger.reads.logs(ACCOUNT_ID, filter, { offset, limit });
        expect(view).toMatchObject({ total, range });
        ids.push(...view.rows.map(({ id }) => id));
      }
      return { total, range, ids };
    }

    const answers = () => Promise.all(filters.map(allPages));

    it('every page is found, and the sums are the same, wherever the statistics are', async () => {
      await ledger.given(registered, issued);
      for (let number = 0; number < 40; number++) {
        at = new Date(day(1).getTime() + number * 5 * 3_600_000);
        const call = { model: MODELS[number % 3] as string, token_id: 1 + (number % 2) };
        const events = [
          anEvent('consumption-recorded', { ...call, quota: BigInt(number) }),
          anEvent('call-failed', call),
          anEvent('consumption-corrected', call),
          anEvent('payment-credited', { payment_id: `pi_${number}` }),
          anEvent('balance-adjusted'),
        ];
        await append(ledger.store, events[number % 5] as DomainEvent);
      }
      await ledger.given(anEvent('payment-credited', { payment_id: 'pi_last' }));
      const upToDate = await answers();
      expect(upToDate.map(({ total, ids }) => [total, new Set(ids).size])).toEqual(
        upToDate.map(({ ids }) => [ids.length, ids.length]),
      );
      expect(upToDate[0]?.total).toBe(41);
      expect(upToDate.slice(1, -1).every(({ total }) => total > 0 && total < 41)).toBe(true);

      await projector.stop();
      await ledger.rows(`DELETE FROM p_statistics.daily_usage WHERE day > '2026-11-04'`);
      await ledger.rows(
        `UPDATE projection_checkpoints SET position = (SELECT max(position) FROM p_usage_log.log_rows WHERE recorded_at < '2026-11-05')
         WHERE projection = 'statistics'`,
      );
      expect(await answers()).toEqual(upToDate);
      await ledger.rows(`DELETE FROM projection_checkpoints WHERE projection = 'statistics'`);
      expect(await answers()).toEqual(upToDate);
    });
  });

  it('wallet: what a key and its account have, and what the key has used of late; a call by either of its ids', async () => {
    await ledger.given(
      registered,
      issued,
      anEvent('token-issued', { token_id: 2, key_hash: 'c'.repeat(64) }),
      anEvent('payment-credited', { quota: 1_000n }),
      anEvent('consumption-recorded', { quota: 1n }),
      anEvent('consumption-recorded', { token_id: 2, quota: 500n }),
    );
    const { pool } = ledger.database;
    const days = (count: number) => new Date(AT.getTime() + count * 86_400_000);
    at = days(1);
    const call = { call_id: randomUUID(), request_id: 'request-7', quota: 20n };
    await ledger.given(anEvent('token-limits-changed'), anEvent('consumption-recorded', call));
    // A Saturday and the Sunday behind it.
    await expect(findWallet(pool, TOKEN_ID, at)).resolves.toEqual({
      balance: 479n,
      usedQuota: 521n,
      totalRequests: 3,
      keyLimit: 500n,
      keyUsed: 21n,
      keyUsedSince: { day: 20n, week: 21n, month: 21n },
    });
    await expect(findWallet(pool, TOKEN_ID, days(2))).resolves.toMatchObject({
      keyUsedSince: { day: 0n, week: 0n, month: 21n },
    });
    await expect(findWallet(pool, TOKEN_ID, days(10))).resolves.toMatchObject({
      keyUsedSince: { day: 0n, week: 0n, month: 0n },
    });
    await expect(findWallet(pool, 2, at)).resolves.toMatchObject({ keyLimit: null, keyUsed: 500n });
    await expect(findWallet(pool, 99, at)).resolves.toBeUndefined();
    for (const id of [call.request_id, call.call_id])
      await expect(ledger.reads.call(TOKEN_ID, id)).resolves.toMatchObject({ spendQuota: 20n });
    await expect(ledger.reads.call(2, call.request_id)).resolves.toBeUndefined();
  });

  it('hang-ups: by key, of the last days, charged or not; keys without any are left out', async () => {
    const later = { token_id: 2, key_hash: 'c'.repeat(64) };
    await ledger.given(
      registered,
      issued,
      anEvent('token-issued', later),
      anEvent('consumption-recorded', { ended: 'client-closed' }),
    );
    at = new Date(AT.getTime() + 3 * 86_400_000);
    await ledger.given(
      anEvent('consumption-recorded', { ended: 'client-closed' }),
      anEvent('consumption-recorded', { ended: 'upstream-cut' }),
      anEvent('call-failed', { stage: 'client' }),
      anEvent('call-failed', { stage: 'upstream' }),
      anEvent('consumption-recorded', { token_id: 2 }),
    );
    const within = (days: number) => readHangUps(ledger.database.pool, { days, limit: 10 }, at);
    await expect(within(3)).resolves.toMatchObject([{ tokenId: TOKEN_ID, hungUp: 2, requests: 2 }]);
    await expect(within(4)).resolves.toMatchObject([{ tokenId: TOKEN_ID, hungUp: 3, requests: 3 }]);
    await expect(
      readHangUps(ledger.database.pool, { days: 4, limit: 10, externalUserId: 'user-2' }, at),
    ).resolves.toEqual([]);
  });

  it('model usage: by model, over all days; models that only failed are left out', async () => {
    await ledger.given(
      registered,
      anEvent('consumption-recorded'),
      anEvent('consumption-recorded'),
      anEvent('consumption-corrected'),
      anEvent('consumption-recorded', { model: 'gpt-4', quota: 900n }),
      anEvent('call-failed', { model: 'absent' }),
    );
    await expect(ledger.reads.modelUsage(ACCOUNT_ID)).resolves.toEqual([
      { model: 'gpt-4', requests: 1, promptTokens: 14n, completionTokens: 18n, quota: 900n },
      { model: 'qwen-turbo', requests: 2, promptTokens: 28n, completionTokens: 36n, quota: 47n },
    ]);
  });

  it('journal: the postings of every entry sum to zero, and the liability is the balance', async () => {
    await ledger.given(
      registered,
      anEvent('payment-credited'),
      anEvent('payment-refunded'),
      anEvent('consumption-recorded'),
      anEvent('consumption-recorded', { quota: 0n }),
      anEvent('consumption-corrected'),
      anEvent('call-abandoned'),
      anEvent('balance-adjusted'),
      anEvent('call-failed'),
    );
    await expect(
      ledger.rows(
        'SELECT account, sum(amount) AS amount FROM p_journal.postings GROUP BY account ORDER BY account',
      ),
    ).resolves.toEqual([
      { account: 'asset:payments', amount: '3000000' },
      { account: 'equity:adjustments', amount: '1000' },
      { account: `liability:account:${ACCOUNT_ID}`, amount: '-3000953' },
      { account: 'revenue:usage', amount: '-47' },
    ]);
    await expect(
      ledger.rows('SELECT position FROM p_journal.postings GROUP BY position HAVING sum(amount) <> 0'),
    ).resolves.toEqual([]);
    await expect(ledger.reads.account('user-1')).resolves.toMatchObject({ balance: 3_000_953n });
  });

  it('stores what PostgreSQL cannot: NUL and half a surrogate pair become U+FFFD', async () => {
    await ledger.given(registered, anEvent('call-failed', { model: 'a\0b\uD800c😀' }));
    const { rows } = await ledger.reads.logs(ACCOUNT_ID, {}, page);
    expect(rows[0]?.model).toBe('a\uFFFDb\uFFFDc😀');
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { bucketsOf } from '../../src/projections/statistics/usage/buckets.js';
import type { UsageGrouping, UsageQuestion } from '../../src/domain/usage/usage-question.js';
import type { UsageView } from '../../src/projections/statistics/usage/view.js';
import { anEvent, append } from '../support/events.js';
import { createLedger, type Ledger } from './projector-setup.js';

const GROUPINGS: readonly UsageGrouping[] = ['model', 'key', 'none', 'user', 'channel', 'group'];
const HOUR_MS = 3_600_000;

/** Two accounts with two keys each. */
const users = [1, 2].map((user_id) => ({
  user_id,
  account_id: `00000000-0000-4000-8000-00000000000${user_id}`,
}));

describe('the buckets of a range', () => {
  it.each([
    ['Asia/Shanghai', '2026-03-28', '2026-03-30', [24, 24, 24]],
    // Clocks go an hour ahead, an hour back, and half an hour back.
    ['Europe/Berlin', '2026-03-28', '2026-03-30', [24, 23, 24]],
    ['America/New_York', '2026-10-31', '2026-11-02', [24, 25, 24]],
    ['Australia/Lord_Howe', '2026-04-04', '2026-04-06', [24, 25, 24]],
    // Midnight itself does not come.
    ['America/Santiago', '2026-09-05', '2026-09-07', [24, 23, 24]],
  ])('in %s: hours are those of their days, each once', (zone, from, to, hours) => {
    const days = bucketsOf({ interval: 'day', from, to }, zone);
    const all = bucketsOf({ interval: 'hour', from, to }, zone);
    expect(days.names).toHaveLength(hours.length);
    expect(new Set(all.names).size).toBe(all.names.length);
    const counts = days.names.map((_, day) => {
      const [start, end] = [days.bounds[day] as Date, days.bounds[day + 1] as Date];
      return all.bounds.slice(0, -1).filter((at) => at >= start && at < end).length;
    });
    expect(counts).toEqual(hours);
    expect(all.bounds.at(-1)).toEqual(days.bounds.at(-1));
  });
});

describe('usage', () => {
  let ledger: Ledger;
  let at: Date;
  beforeEach(async () => {
    at = new Date('2026-10-20T12:00:00Z');
    ledger = await createLedger(() => at);
  });
  afterEach(() => ledger.close());

  /** Calls around a change of clocks, of fifteen models, and everything that is no usage. */
  async function history(from: Date, hours: number): Promise<void> {
    for (const { user_id, account_id } of users) {
      const names = { external_user_id: `user-${user_id}`, username: `name-${user_id}` };
      await append(ledger.store, anEvent('account-registered', { user_id, account_id, ...names }));
      for (const key of [1, 2]) {
        const token_id = user_id * 10 + key;
        const issued = {
          token_id,
          key_hash: token_id.toString(16).padStart(64, '0'),
          token_name: `key ${token_id}`,
        };
        await append(ledger.store, anEvent('token-issued', { user_id, account_id, ...issued }));
      }
    }
    await append(ledger.store, anEvent('channel-configured', { channel_id: 'channel-1' }));
    for (let number = 0; number < hours; number++) {
      at = new Date(from.getTime() + number * HOUR_MS + (number % 60) * 60_000);
      const user = users[number % 2] as (typeof users)[number];
      const call = {
        ...user,
        call_id: randomUUID(),
        token_id: user.user_id * 10 + 1 + (number % 3 === 0 ? 1 : 0),
        model: `model-${number % 15}`,
      };
      const answered = {
        ...call,
        channel_id: `channel-${number % 4}`,
        group: number % 5 ? 'default' : 'vip',
      };
      const quota = BigInt(100 + number);
      const kinds = [
        anEvent('consumption-recorded', { ...answered, quota }),
        anEvent('consumption-recorded', { ...answered, quota: 0n }),
        anEvent('call-failed', call),
        anEvent('call-abandoned', { ...answered, quota: number % 2 ? quota : 0n }),
        anEvent('consumption-corrected', { ...call, quota_before: 9n, quota: 4n, difference: -5n }),
        anEvent('payment-credited', { ...user, payment_id: `pi_${number}`, quota }),
        anEvent('balance-adjusted', { ...user, adjustment_id: `adjustment-${number}` }),
      ];
      const event = kinds[number % kinds.length];
      if (event) await append(ledger.store, event);
    }
    await ledger.given(anEvent('claim-released'));
  }

  const ask = async (question: UsageQuestion, timezone: string): Promise<UsageView> => {
    const view = await ledger.reads.usage(question, { now: at, timezone });
    if (!view) throw new Error('there are no tables');
    return view;
  };

  /** By the journal: what the accounts have paid for calls between two instants. */
  async function journal(from: Date, until: Date, account = '%'): Promise<bigint> {
    const rows = await ledger.rows(
      `SELECT coalesce(sum(p.amount), 0)::text AS sum FROM p_journal.entries e JOIN p_journal.postings p USING (position)
       WHERE p.account = 'revenue:usage' AND e.account_id::text LIKE '${account}'
         AND e.recorded_at >= '${from.toISOString()}' AND e.recorded_at < '${until.toISOString()}'`,
    );
    return -BigInt(String(rows[0]?.['sum']));
  }

  const added = (values: readonly (bigint | null)[]): bigint =>
    values.reduce<bigint>((sum, value) => sum + (value ?? 0n), 0n);

  it.each([
    ['Asia/Shanghai', '2026-10-20T16:00:00Z'],
    ['America/New_York', '2026-10-29T04:00:00Z'],
    ['Europe/London', '2026-10-23T23:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-01T13:30:00Z'],
  ])(
    'in %s: series and other are the total, each hour its day, and all of it the journal',
    async (timezone, begin) => {
      await ledger.start({ timeZone: timezone });
      await history(new Date(begin), 130);
      const first = begin.slice(0, 10);
      const later = (days: number) =>
        new Date(Date.parse(`${first}T00:00:00Z`) + days * 24 * HOUR_MS).toISOString().slice(0, 10);
      const [from, to] = [first, later(6)];
      const { names, bounds } = bucketsOf({ interval: 'day', from, to }, timezone);
      for (const groupBy of GROUPINGS) {
        const perDay = new Map<string, bigint>();
        for (const interval of ['day', 'hour'] as const) {
          const view = await ask({ interval, groupBy, from, to, filter: {} }, timezone);
          expect(view.timezone).toBe(timezone);
          expect(view.position).toBe(await ledger.store.head());
          expect(view.asOf).toEqual(at);
          expect(view.series.length).toBeLessThanOrEqual(12);
          for (const { quota } of [...view.series, view.other])
            expect(quota).toHaveLength(view.buckets.length);
          const sums = (measure: 'quota' | 'requests' | 'promptTokens' | 'completionTokens') =>
            [...view.series, view.other].reduce((sum, each) => sum + added(each[measure]), 0n);
          for (const measure of ['quota', 'requests', 'promptTokens', 'completionTokens'] as const)
            expect([groupBy, measure, sums(measure)]).toEqual([groupBy, measure, view.total[measure]]);
          expect(view.total.quota).toBe(await journal(bounds[0] as Date, bounds.at(-1) as Date));
          expect(view.total.quota).toBeGreaterThan(0n);
          for (const [index, bucket] of view.buckets.entries()) {
            const value = [...view.series, view.other].reduce(
              (sum, { quota }) => sum + (quota[index] ?? 0n),
              0n,
            );
            const day = bucket.slice(0, 10);
            if (interval === 'day') perDay.set(day, value);
            else perDay.set(day, (perDay.get(day) ?? 0n) - value);
          }
        }
        expect([groupBy, [...perDay]]).toEqual([groupBy, names.map((name) => [name, 0n])]);
      }
    },
    120_000,
  );

  it('is the same wherever the statistics are, of one account alone, and by channel of one account', async () => {
    const projector = await ledger.start({ timeZone: 'Asia/Tokyo' });
    await history(at, 100);
    const range = { from: '2026-10-18', to: '2026-10-26', interval: 'day' } as const;
    const [user] = users;
    const questions: readonly UsageQuestion[] = [
      { ...range, groupBy: 'model', filter: {} },
      { ...range, groupBy: 'model', filter: { accountId: user?.account_id } },
      { ...range, groupBy: 'channel', filter: { accountId: user?.account_id } },
      { ...range, groupBy: 'user', filter: { model: 'model-1' } },
      { ...range, groupBy: 'none', filter: { tokenId: 11 } },
      { ...range, groupBy: 'none', filter: { channelId: 'channel-1', group: 'default' } },
    ];
    const answers = () => Promise.all(questions.map((question) => ask(question, 'Asia/Tokyo')));
    const counted = await answers();
    expect(counted.map(({ total }) => total.quota > 0n)).toEqual(questions.map(() => true));
    const [all, own] = counted;
    const [before, after] = [new Date('2026-01-01'), new Date('2027-01-01')];
    expect(all?.total.quota).toBe(await journal(before, after));
    expect(own?.total.quota).toBe(await journal(before, after, user?.account_id));
    expect(counted[2]?.total).toEqual(own?.total);
    expect(all?.other.keys).toBe(3);
    // Nothing is known of the days before the first event, and of those to come.
    expect(all?.other.quota.map((value) => value === null)).toEqual([
      true,
      true,
      ...Array.from({ length: 6 }, () => false),
      true,
    ]);

    await projector.stop();
    await ledger.rows(`DELETE FROM p_statistics.daily_usage WHERE day > '2026-10-22'`);
    await ledger.rows(`DELETE FROM p_statistics.daily_traffic WHERE day > '2026-10-22'`);
    await ledger.rows(
      `UPDATE projection_checkpoints SET position = (SELECT max(position) FROM p_usage_log.log_rows
         WHERE (recorded_at AT TIME ZONE 'Asia/Tokyo')::date <= '2026-10-22') WHERE projection = 'statistics'`,
    );
    expect(await answers()).toEqual(counted);
  }, 60_000);

  it('names keys, users and channels as they are today', async () => {
    await ledger.start();
    await history(at, 40);
    const range = { from: '2026-10-20', to: '2026-10-22', interval: 'day', filter: {} } as const;
    const named = async (groupBy: UsageGrouping) =>
      (await ask({ ...range, groupBy }, 'UTC')).series.map(({ key, label }) => `${key} ${label}`).sort();
    await expect(named('key')).resolves.toEqual(['11 key 11', '12 key 12', '21 key 21', '22 key 22']);
    await expect(named('user')).resolves.toEqual(['user-1 name-1', 'user-2 name-2']);
    await expect(named('none')).resolves.toEqual(['all all']);
    expect((await named('channel')).some((name) => name.startsWith('channel-1 ') && name.length > 10)).toBe(
      true,
    );
  });

  it.each(['counted', 'not counted yet'] as const)(
    'of more accounts than there can be series has the largest and the rest together, as the history has it: %s',
    async (days) => {
      const projector = await ledger.start();
      for (let user_id = 1; user_id <= 15; user_id++) {
        const account_id = randomUUID();
        const who = { user_id, account_id, token_id: 100 + user_id };
        const names = { external_user_id: `user-${user_id}`, username: `name-${user_id}` };
        await append(ledger.store, anEvent('account-registered', { ...who, ...names }));
        const key_hash = who.token_id.toString(16).padStart(64, '0');
        await append(ledger.store, anEvent('token-issued', { ...who, key_hash }));
        for (const day of [0, 24, 48]) {
          at = new Date(Date.parse('2026-10-20T12:00:00Z') + (day + (user_id % 3)) * HOUR_MS);
          const call = { ...who, call_id: randomUUID(), quota: BigInt(user_id * 10 + day) };
          await append(ledger.store, anEvent('consumption-recorded', call));
        }
      }
      await ledger.given(anEvent('claim-released'));
      await projector.stop();
      if (days === 'not counted yet') {
        await ledger.rows('TRUNCATE p_statistics.daily_usage, p_statistics.daily_traffic');
        await ledger.rows(`UPDATE projection_checkpoints SET position = -1 WHERE projection = 'statistics'`);
      }
      const range = { from: '2026-10-20', to: '2026-10-22', filter: {} } as const;
      for (const groupBy of ['user', 'key'] as const) {
        const [byDay, byHour] = await Promise.all(
          (['day', 'hour'] as const).map((interval) => ask({ ...range, groupBy, interval }, 'UTC')),
        );
        const sums = (view: UsageView | undefined) => ({
          series: view?.series.map(({ key, quota, requests }) => [key, added(quota), added(requests)]),
          other: [view?.other.keys, added(view?.other.quota ?? []), added(view?.other.promptTokens ?? [])],
          total: view?.total,
        });
        expect(sums(byDay)).toEqual(sums(byHour));
        expect(byDay?.other.keys).toBe(3);
        expect(byDay?.other.quota).toEqual([60n, 132n, 204n]);
      }
    },
  );

  it('of an empty ledger has no data, and without tables there is none', async () => {
    const question = {
      from: '2026-10-20',
      to: '2026-10-21',
      interval: 'day',
      groupBy: 'model',
      filter: {},
    } as const;
    const moment = { now: at, timezone: 'UTC' };
    await ledger.start();
    await expect(ledger.reads.usage(question, moment)).resolves.toMatchObject({
      series: [],
      other: { keys: 0, quota: [null, null] },
      total: { quota: 0n },
    });
    await ledger.rows(`DELETE FROM projection_checkpoints WHERE projection = 'statistics'`);
    await expect(ledger.reads.usage(question, moment)).resolves.toBeUndefined();
  });
});

import { eventually } from '../../support/eventually.js';
import { MOST_EXCESS_TOKENS } from '../plan/calls.js';
import { movement, recordedDebt } from './movement.js';
import { quota, text } from './raw-log.js';
import type { Invariant } from './verdict.js';

/** Quota of one token of output of the dearest model. */
const DEAREST_TOKEN = 10n;

const journal: Invariant = {
  name: 'the journal sums to zero, in every entry and in all, and says of every account what the log says',
  async check({ cluster, books, events }, note) {
    const { postgres } = cluster.options;
    const ask = (sql: string) => postgres.query(cluster.database, sql);
    const crooked = await ask(
      'SELECT position FROM p_journal.postings GROUP BY position HAVING sum(amount) <> 0 LIMIT 10',
    );
    const failures = crooked.map(({ position }) => `the entry at ${String(position)} does not sum to zero`);
    const [all] = await ask(
      'SELECT coalesce(sum(amount), 0)::text AS total, count(*) AS legs FROM p_journal.postings',
    );
    if (all?.total !== '0') failures.push(`all postings sum to ${String(all?.total)}`);
    const liabilities = new Map(
      (
        await ask(
          "SELECT account, (-sum(amount))::text AS amount FROM p_journal.postings WHERE account LIKE 'liability:account:%' GROUP BY 1",
        )
      ).map((row) => [(row.account as string).replace('liability:account:', ''), row.amount as string]),
    );
    for (const [account, balance] of books.balances) {
      const found = liabilities.get(account) ?? '0';
      if (found !== balance.toString())
        failures.push(`account ${account}: the journal says ${found}, the log ${balance}`);
    }
    if (books.total !== 0n) failures.push(`the fold of the log sums to ${books.total}`);
    note(`${String(all?.legs)} postings of ${events.length} events`);
    return failures;
  },
};

const balancesOfTheLog: Invariant = {
  name: 'every balance in the tables is the sum of the log',
  async check({ cluster, books }, note) {
    const { postgres } = cluster.options;
    const rows = await eventually(
      async () => {
        const found = await postgres.query(
          cluster.database,
          'SELECT account_id, balance FROM p_balance.balances',
        );
        const [behind] = await postgres.query(
          cluster.database,
          `SELECT 1 FROM projection_checkpoints WHERE slot = 'live' AND position < ${books.position}`,
        );
        return behind ? false : found;
      },
      { timeoutMs: 20_000, intervalMs: 100 },
    );
    const found = new Map((rows || []).map((row) => [row.account_id as string, String(row.balance)]));
    note(`${found.size} accounts`);
    return [...books.balances]
      .filter(([account, balance]) => (found.get(account) ?? '0') !== balance.toString())
      .map(
        ([account, balance]) =>
          `account ${account}: the table says ${found.get(account)}, the log ${balance}`,
      );
  },
};

const neverBelowZero: Invariant = {
  name: 'no balance is below zero at any place of the log, but for the overshoot on record',
  check({ events }, note) {
    const balances = new Map<string, { balance: bigint; debt: bigint }>();
    const failures: string[] = [];
    let lowest = 0n;
    for (const event of events) {
      const account = text(event, 'account_id');
      const state = balances.get(account) ?? { balance: 0n, debt: 0n };
      state.balance += movement(event);
      state.debt += recordedDebt(event);
      balances.set(account, state);
      if (state.balance < lowest) lowest = state.balance;
      if (state.balance < -state.debt)
        failures.push(
          `account ${account} is at ${state.balance} after ${event.position} (${event.type}), ${state.debt} of it on record`,
        );
    }
    note(`lowest balance ${lowest}`);
    return failures;
  },
};

const overshootIsBounded: Invariant = {
  name: 'an overshoot is where upstream counted more than was asked for, and no larger than that',
  check({ events, observations }, note) {
    const excessive = new Set(
      observations.calls.filter(({ excess }) => excess).map(({ requestId }) => requestId),
    );
    const overshot = events.filter((event) => quota(event, 'overshoot_quota') > 0n);
    const sum = overshot.reduce((total, event) => total + quota(event, 'overshoot_quota'), 0n);
    const corrected = events.filter(({ type }) => type === 'consumption-corrected');
    note(`${overshot.length} charges above their hold by ${sum} in all, ${corrected.length} corrections`);
    return overshot.flatMap((event) => {
      const by = quota(event, 'overshoot_quota');
      const bounded = by <= BigInt(MOST_EXCESS_TOKENS) * DEAREST_TOKEN;
      if (bounded && excessive.has(text(event, 'request_id'))) return [];
      return [`call ${text(event, 'call_id')} overshot by ${by}, of a hold of ${quota(event, 'hold_quota')}`];
    });
  },
};

const resolvedOnce: Invariant = {
  name: 'no hold is resolved twice',
  check({ books, events }, note) {
    const lawful = ['call-failed', 'consumption-recorded', 'call-abandoned'];
    const also = ['call-abandoned consumption-corrected', 'call-failed consumption-recorded'];
    const failures: string[] = [];
    for (const [id, { what }] of books.calls) {
      const story = what.join(' ');
      if (!lawful.includes(story) && !also.includes(story)) failures.push(`call ${id}: ${story}`);
    }
    const holds = new Set<string>();
    for (const event of events) {
      if (event.type !== 'payment-refunded') continue;
      const hold = text(event, 'hold_id');
      if (holds.has(hold) || books.calls.has(hold)) failures.push(`hold ${hold} of a refund is used twice`);
      holds.add(hold);
    }
    note(`${books.calls.size} calls, ${holds.size} refunds`);
    return failures;
  },
};

const refundsWithinPayment: Invariant = {
  name: 'the refunds of a payment stay within it',
  check({ books }, note) {
    note(`${books.payments.size} payments`);
    return [...books.payments]
      .filter(([, { credited, refunded }]) => refunded > credited)
      .map(([id, { credited, refunded }]) => `payment ${id}: ${refunded} refunded of ${credited}`);
  },
};

const pricesAreKept: Invariant = {
  name: 'a charge follows from the price list that it names',
  check({ events }, note) {
    const prices = new Map<unknown, bigint>();
    const failures: string[] = [];
    let compared = 0;
    for (const event of events) {
      if (event.type === 'price-list-published') {
        const list = event.data.prices as { model: string; per_call_usd: string | null }[];
        const price = list.find(({ model }) => model === 'per-call')?.per_call_usd;
        prices.set(event.data.version, BigInt(Math.round(Number(price) * 500_000)));
      }
      if (event.type !== 'consumption-recorded' || text(event, 'model') !== 'per-call') continue;
      compared += 1;
      const price = prices.get(event.data.price_version);
      const ratio = BigInt(Math.round(Number(text(event, 'group_ratio')) * 1_000));
      if (price === undefined || quota(event, 'quota') * 1_000n !== price * ratio)
        failures.push(
          `call ${text(event, 'call_id')}: ${quota(event, 'quota')} charged under version ${String(event.data.price_version)}, which says ${price}, at ${text(event, 'group_ratio')}`,
        );
    }
    note(`${compared} charges under ${prices.size} versions`);
    return failures;
  },
};

export const moneyInvariants: readonly Invariant[] = [
  journal,
  balancesOfTheLog,
  neverBelowZero,
  overshootIsBounded,
  resolvedOnce,
  refundsWithinPayment,
  pricesAreKept,
];

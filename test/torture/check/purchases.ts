import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schemaOf } from '../../../src/projections/runtime/projection.js';
import { quota, type RawEvent, text } from './raw-log.js';
import { countBy, type Evidence, type Invariant } from './verdict.js';
import { ordersOf, openRefunds, refundFaults, type SeenOrder, takenFault } from './orders.js';

/** What is due is done in a second; a busy machine takes longer. */
const SOON_MS = 15_000;
const GRANT_SLACK_MS = 1_000;

type Told = Pick<Evidence, 'events' | 'provider'>;

const creditedOnce: Invariant = {
  name: 'an order is credited once, with what it says and to who placed it, and never unpaid',
  check(evidence, note) {
    const orders = ordersOf(evidence);
    const failures: string[] = [];
    let credited = 0;
    for (const [orderId, { placed, credits, entry }] of orders) {
      credited += credits.length;
      if (credits.length > 1) failures.push(`order ${orderId} is credited ${credits.length} times`);
      const [credit] = credits;
      if (!credit) continue;
      if (!placed) failures.push(`order ${orderId} is credited, and was never placed`);
      else if (text(credit, 'account_id') !== text(placed, 'account_id'))
        failures.push(`order ${orderId} is credited to somebody else`);
      else if (text(credit, 'amount_usd') !== text(placed, 'credit_usd'))
        failures.push(
          `order ${orderId} is credited ${text(credit, 'amount_usd')} instead of ${text(placed, 'credit_usd')}`,
        );
      else if (entry?.payment === undefined || entry.paidMinor !== quota(placed, 'pay_minor'))
        failures.push(
          `order ${orderId} is credited, and its provider was paid ${entry?.payment ? entry.paidMinor : 0n}`,
        );
    }
    const placedOrders = [...orders.values()].filter(({ placed }) => placed).length;
    note(`${placedOrders} orders, ${credited} credited`);
    return failures;
  },
};

/** What has to come by itself, and has not come yet: asked before it is judged, and the judgement. */
export function unfinished({ events, provider }: Told, nowMs: number): readonly string[] {
  const orders = ordersOf({ events, provider });
  const flagged = new Set(
    events
      .filter(({ type }) => type === 'order-flagged' || type === 'stray-payment-flagged')
      .map((event) => text(event, 'provider_payment')),
  );
  const uncredited = [...orders].flatMap(([orderId, { credits, entry }]) =>
    entry?.payment === undefined || credits.length > 0 || flagged.has(entry.payment)
      ? []
      : [`order ${orderId} was paid, and is neither credited nor flagged`],
  );
  const untaken = [...orders].flatMap(([orderId, order]) => takenFault(orderId, order) ?? []);
  const open = openRefunds(events).map((id) => `refund ${id} has no end`);
  return [...uncredited, ...untaken, ...open, ...unendedGrants(events, nowMs)];
}

const endsByItself: Invariant = {
  name: 'what a provider was paid is credited or flagged, what went back there is taken, and what has ended is gone',
  check(evidence, note) {
    const orders = [...ordersOf(evidence).values()];
    const went = orders.filter(({ entry }) => (entry?.returnedMinor ?? 0n) > 0n).length;
    const disputed = orders.filter(({ entry }) => (entry?.disputes.length ?? 0) > 0).length;
    const paid = orders.filter(({ entry }) => entry?.payment !== undefined).length;
    note(`${paid} paid, of ${went} something went back, ${disputed} disputed`);
    return unfinished(evidence, Date.now());
  },
};

const refundsOnce: Invariant = {
  name: 'a refund goes back once where it succeeded, and not at all where it failed',
  check({ events, provider }, note) {
    const kinds = countBy(
      events.filter(({ type }) => type === 'refund-succeeded' || type === 'refund-failed'),
      ({ type }) => type,
    );
    note([...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ') || 'no refunds');
    return refundFaults({ events, provider });
  },
};

const codesOnce: Invariant = {
  name: 'a code gives once',
  check({ events, observations, codes }, note) {
    const given = events.filter((event) => event.type === 'grant-given' && text(event, 'kind') === 'code');
    const sources = countBy(given, (event) => text(event, 'source'));
    const failures = [...sources]
      .filter(([, times]) => times > 1)
      .map(([source, times]) => `${source} gave ${times} times`);
    if (given.length > codes.length) failures.push(`${codes.length} codes gave ${given.length} times`);
    const told = [...observations.requests.values()].filter(
      ({ kind, attempts }) => kind === 'redeem' && attempts.some((each) => each.kind === 'acknowledged'),
    );
    for (const [code, times] of countBy(told, ({ key }) => key.split(' ')[0] ?? ''))
      if (times > 1) failures.push(`${times} users were told that ${code} is theirs`);
    note(`${given.length} of ${codes.length} codes used`);
    return failures;
  },
};

/** Nothing of them is left to be waited for, or is there before its time. */
function unendedGrants(events: readonly RawEvent[], nowMs: number): readonly string[] {
  const closed = new Map<string, RawEvent>();
  const ended = new Set<string>();
  for (const event of events) {
    if (event.type === 'grant-closed') closed.set(text(event, 'grant_id'), event);
    if (event.type === 'grant-expired') ended.add(text(event, 'grant_id'));
  }
  return given(events).flatMap((event) => {
    const [id, endsAtMs] = [text(event, 'grant_id'), Date.parse(text(event, 'ends_at'))];
    if (Number.isNaN(endsAtMs) || endsAtMs + SOON_MS > nowMs) return [];
    return ended.has(id) && closed.has(id) ? [] : [`grant ${id} is over, and was not ended`];
  });
}

const given = (events: readonly RawEvent[]): readonly RawEvent[] =>
  events.filter(({ type }) => type === 'grant-given');

const grantsEnd: Invariant = {
  name: 'a grant is taken back once, not before its end and no more than was given',
  check({ events }, note) {
    const terms = new Map(given(events).map((event) => [text(event, 'grant_id'), event]));
    const failures: string[] = [];
    const taken = new Map<string, bigint>();
    let expired = 0;
    for (const event of events) {
      const id = text(event, 'grant_id');
      const grant = terms.get(id);
      if (event.type === 'grant-closed' && event.data.why === 'ended' && grant)
        if (event.recordedAtMs < Date.parse(text(grant, 'ends_at')) - GRANT_SLACK_MS)
          failures.push(`grant ${id} was ended before its time`);
      if (event.type !== 'grant-expired' && event.type !== 'grant-withdrawn') continue;
      if (event.type === 'grant-expired') expired += 1;
      const sum = (taken.get(id) ?? 0n) + quota(event, 'quota');
      taken.set(id, sum);
      if (!grant || sum > quota(grant, 'quota'))
        failures.push(`of grant ${id} more was taken than given: ${sum}`);
    }
    const twice = [
      ...countBy(
        events.filter(({ type }) => type === 'grant-expired'),
        (event) => text(event, 'grant_id'),
      ),
    ];
    failures.push(...twice.filter(([, times]) => times > 1).map(([id]) => `grant ${id} ended twice`));
    note(`${terms.size} given, ${expired} ended`);
    return failures;
  },
};

const lotsAreBalances: Invariant = {
  name: 'what is left of all that came in, less what is owed, is the balance',
  async check({ cluster, books }, note) {
    const schema = schemaOf('grants');
    const rows = await cluster.options.postgres.query(
      cluster.database,
      `SELECT account_id::text AS account, sum(amount)::text AS amount FROM (
         SELECT account_id, remaining AS amount FROM ${schema}.lots
         UNION ALL SELECT account_id, -debt FROM ${schema}.debts) each GROUP BY 1`,
    );
    const found = new Map(rows.map(({ account, amount }) => [account as string, amount as string]));
    note(`${found.size} accounts`);
    return [...books.balances]
      .filter(([account, balance]) => (found.get(account) ?? '0') !== balance.toString())
      .map(
        ([account, balance]) => `account ${account}: its lots say ${found.get(account)}, the log ${balance}`,
      );
  },
};

const wonIsAsBefore: Invariant = {
  name: 'whose disputes were all won has everything again, and may call',
  check(evidence, note) {
    const byAccount = new Map<string, SeenOrder[]>();
    for (const order of ordersOf(evidence).values()) {
      if (!order.placed || order.credits.length === 0 || !order.entry?.disputes.length) continue;
      const account = text(order.placed, 'account_id');
      byAccount.set(account, [...(byAccount.get(account) ?? []), order]);
    }
    const isWon = ({ entry }: SeenOrder): boolean =>
      entry?.disputes.every(({ status }) => status === 'won') === true;
    const won = [...byAccount].filter(([, orders]) => orders.every(isWon));
    note(`${byAccount.size} accounts with disputes, ${won.length} of which won all`);
    return won.flatMap(([account, orders]) => {
      const left = orders.reduce((sum, { disputed }) => sum + disputed, 0n);
      const last = evidence.events.findLast(
        (event) =>
          ['account-suspended', 'account-reinstated'].includes(event.type) &&
          text(event, 'account_id') === account,
      );
      return [
        ...(left === 0n ? [] : [`account ${account} lacks ${left} of what was disputed and won`]),
        ...(last?.type === 'account-suspended' ? [`account ${account} is suspended, and won all`] : []),
      ];
    });
  },
};

const nothingSecret: Invariant = {
  name: 'no code and no secret of a provider is in the log, or in what a process says',
  async check({ cluster, events, codes }, note) {
    const secrets = [...codes, ...cluster.provider.secrets];
    const said = await Promise.all(
      cluster.services.map(async ({ name }) => {
        const log = await readFile(join(cluster.options.folder, `${name}.log`), 'utf8').catch(() => '');
        return [`the log file of ${name}`, log] as const;
      }),
    );
    const stored = JSON.stringify(events.map(({ data }) => data));
    note(`${secrets.length} secrets`);
    return [['the events', stored] as const, ...said].flatMap(([where, all]) =>
      secrets.filter((secret) => all.includes(secret)).map(() => `a secret is in ${where}`),
    );
  },
};

/** Those that need the log and the books alone. */
export const purchaseInvariants: readonly Invariant[] = [
  creditedOnce,
  endsByItself,
  refundsOnce,
  codesOnce,
  grantsEnd,
  wonIsAsBefore,
];

export const purchaseTableInvariants: readonly Invariant[] = [lotsAreBalances, nothingSecret];

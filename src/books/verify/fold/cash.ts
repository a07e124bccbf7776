import { placesOf } from '../../../domain/money/currency.js';
import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import { storableText } from '../../../projections/runtime/rows.js';
import type { Fields } from '../check.js';

type Of<Type extends LedgerEvent['type']> = Extract<LedgerEvent, { type: Type }>;

/** An order's money, each kind of fact by what it is called. */
interface Money {
  readonly placed: Of<'order-placed'>;
  paid: { readonly payment: string; readonly minor: bigint; readonly at: string } | undefined;
  readonly returned: Map<string, bigint>;
  readonly failed: Map<string, { readonly payment: string; readonly minor: bigint }>;
  readonly disputed: Map<string, { readonly payment: string; readonly minor: bigint; readonly won: boolean }>;
  readonly sent: Map<string, { readonly payment: string; readonly minor: bigint; readonly done: boolean }>;
}

/** What providers have, by plain arithmetic over the log, and the entries of it that are about no customer's balance. */
export class Cash {
  readonly facts = new Map<string, Fields>();
  readonly movements = new Map<string, Fields>();
  readonly entries = new Map<string, Fields>();
  readonly postings = new Map<string, Fields>();
  private readonly orders = new Map<string, Money>();

  orderRows(): ReadonlyMap<string, Fields> {
    return new Map([...this.orders].map(([orderId, money]) => [orderId, rowOf(money)]));
  }

  apply(event: LedgerEvent): void {
    if (event.type === 'cash-booked') return this.book(event);
    if (event.type === 'order-placed') {
      this.orders.set(event.data.order_id, {
        ...{ placed: event, paid: undefined, returned: new Map(), failed: new Map() },
        ...{ disputed: new Map(), sent: new Map() },
      });
      return;
    }
    const orderId = 'order_id' in event.data ? event.data.order_id : undefined;
    const money = orderId === undefined ? undefined : this.orders.get(orderId);
    if (!money) return;
    if (event.type === 'subscription-started' || event.type === 'subscription-renewed')
      return this.sell(event, money);
    const before = heldOf(money);
    this.note(event, money);
    const after = heldOf(money);
    if (money.placed.data.purpose !== 'plan') return;
    const [payments, disputes] = [after.payments - before.payments, after.disputes - before.disputes];
    this.enter(event, money, [
      ['asset:payments', payments],
      ['asset:disputes', disputes],
      ['liability:deferred', 0n - payments - disputes],
    ]);
  }

  private note(event: LedgerEvent, money: Money): void {
    switch (event.type) {
      case 'order-paid': {
        const { provider_payment, amount_minor: minor } = event.data;
        money.paid = { payment: storableText(provider_payment), minor, at: event.recordedAt.toISOString() };
        return;
      }
      case 'order-returned': {
        const [payment, minor] = [storableText(event.data.provider_payment), event.data.returned_minor];
        money.returned.set(payment, minor);
        return this.keep(money, ['returned', payment], { payment, minor, standing: '' });
      }
      case 'order-return-failed': {
        const { refund_id, provider_payment, amount_minor: minor } = event.data;
        const [id, payment] = [storableText(refund_id), storableText(provider_payment)];
        money.failed.set(id, { payment, minor });
        return this.keep(money, ['failed', id], { payment, minor, standing: '' });
      }
      case 'order-disputed':
      case 'order-dispute-closed': {
        const { dispute_id, provider_payment, amount_minor: minor } = event.data;
        const [id, payment] = [storableText(dispute_id), storableText(provider_payment)];
        const standing = event.type === 'order-disputed' ? 'open' : event.data.outcome;
        money.disputed.set(id, { payment, minor, won: standing === 'won' });
        return this.keep(money, ['disputed', id], { payment, minor, standing });
      }
      case 'refund-requested':
      case 'refund-succeeded':
      case 'refund-failed':
        return this.send(event, money);
      default:
    }
  }

  private send(event: Of<'refund-requested' | 'refund-succeeded' | 'refund-failed'>, money: Money): void {
    const { refund_id: id } = event.data;
    const asked =
      event.type === 'refund-requested'
        ? { payment: storableText(event.data.provider_payment), minor: event.data.amount_minor }
        : (money.sent.get(id) ?? { payment: '', minor: 0n });
    const standing = event.type.slice('refund-'.length);
    const { payment, minor } = asked;
    money.sent.set(id, { payment, minor, done: standing === 'succeeded' });
    this.keep(money, ['sent', id], { payment, minor, standing });
  }

  private keep(money: Money, [kind, id]: readonly [string, string], fields: Fields): void {
    this.facts.set(`${money.placed.data.order_id} ${kind} ${id}`, fields);
  }

  private sell(event: Of<'subscription-started' | 'subscription-renewed'>, money: Money): void {
    if (money.placed.data.purpose !== 'plan') return;
    const more = event.data.quota - inQuota(money, money.paid?.minor ?? 0n);
    this.enter(event, money, [
      [more > 0n ? 'expense:promotions' : 'revenue:plans', more],
      ['liability:deferred', 0n - more],
    ]);
  }

  private book({ data, position, recordedAt, storedType }: Of<'cash-booked'>): void {
    const { cash_id, by, kind, quota, ...said } = data;
    const [provider_id, reference] = [storableText(said.provider_id), storableText(said.reference)];
    this.movements.set(cash_id, {
      ...{ ...said, provider_id, reference, kind, quota },
      at: new Date(said.at).toISOString(),
      reason: storableText(said.reason),
      ...{ booked_by: storableText(by), position, booked_at: recordedAt.toISOString() },
    });
    const account = kind.startsWith('fee') ? 'expense:fees' : 'asset:bank';
    const out = kind.endsWith('-returned') ? 0n - quota : quota;
    const of = { account_id: null, provider_id, reference };
    this.write({ position, recordedAt, storedType }, of, [
      [account, out],
      ['asset:payments', 0n - out],
    ]);
  }

  private enter(event: LedgerEvent, { placed: { data } }: Money, legs: Legs): void {
    const { account_id, order_id: reference } = data;
    this.write(event, { account_id, provider_id: storableText(data.provider_id), reference }, legs);
  }

  private write(
    { position, recordedAt, storedType }: Pick<LedgerEvent, 'position' | 'recordedAt' | 'storedType'>,
    of: Fields,
    legs: Legs,
  ): void {
    const moved = legs.filter(([, amount]) => amount !== 0n);
    if (moved.length === 0) return;
    this.entries.set(`${position}`, { recorded_at: recordedAt.toISOString(), type: storedType, ...of });
    for (const [leg, [account, amount]] of moved.entries())
      this.postings.set(`${position} ${leg}`, { account, amount });
  }
}

type Legs = readonly (readonly [account: string, amount: bigint])[];

/** What stands of an order's own payment, in minor units. */
function standsOf({ paid, returned, failed, disputed, sent }: Money) {
  if (!paid) return { paid: 0n, returned: 0n, disputed: 0n };
  let [told, asked, taken] = [returned.get(paid.payment) ?? 0n, 0n, 0n];
  for (const { payment, minor } of failed.values()) if (payment === paid.payment) told -= minor;
  for (const { payment, minor, done } of sent.values()) if (done && payment === paid.payment) asked += minor;
  for (const { payment, minor, won } of disputed.values())
    if (!won && payment === paid.payment) taken += minor;
  const within = (minor: bigint, most: bigint): bigint => (minor < 0n ? 0n : minor > most ? most : minor);
  const back = within(told > asked ? told : asked, paid.minor);
  return { paid: paid.minor, returned: back, disputed: within(taken, paid.minor - back) };
}

function heldOf(money: Money): { readonly payments: bigint; readonly disputes: bigint } {
  const { paid, returned, disputed } = standsOf(money);
  const [whole, back, gone] = [paid, returned, returned + disputed].map((minor) => inQuota(money, minor));
  return { payments: (whole ?? 0n) - (back ?? 0n), disputes: (back ?? 0n) - (gone ?? 0n) };
}

/** minor / 10^places / rate dollars, in quota, half away from zero. */
function inQuota({ placed: { data } }: Money, minor: bigint): bigint {
  const [whole = '0', part = ''] = data.rate.split('.');
  const divisor = BigInt(whole + part) * 10n ** BigInt(placesOf(data.currency));
  const dividend = minor * 500_000n * 10n ** BigInt(part.length);
  return (2n * dividend + divisor) / (2n * divisor);
}

function rowOf(money: Money): Fields {
  const { placed, paid } = money;
  const { account_id, purpose, currency, rate } = placed.data;
  const stands = standsOf(money);
  return {
    ...{ account_id, purpose, provider_id: storableText(placed.data.provider_id), currency, rate },
    payment: paid?.payment ?? null,
    ...{ paid_minor: stands.paid, returned_minor: stands.returned, disputed_minor: stands.disputed },
    ...{ position: placed.position, paid_at: paid?.at ?? null },
  };
}

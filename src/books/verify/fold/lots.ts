import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import { storableText } from '../../../projections/runtime/rows.js';
import type { Fields, Finding } from '../check.js';

interface Lot {
  readonly key: string;
  readonly account: string;
  readonly origin: 'granted' | 'corrected' | 'purchased';
  readonly reference: string;
  readonly priority: number;
  readonly endsAt: string | null;
  readonly quota: bigint;
  left: bigint;
  closed: boolean;
}

const ORDINARY = 100;

/**
 * What is left of every credit and grant, burned one quota after another in the order of the log: shares no line with the tables. Memory
 * grows with credits and grants, and with charges that burned a grant.
 */
export class Lots {
  readonly rows = new Map<string, Fields>();
  readonly debts = new Map<string, Fields>();
  readonly allocations = new Map<string, Fields>();
  /** Of each account in the order in which they burn, empty ones left out. */
  private readonly open = new Map<string, Lot[]>();
  private readonly named = new Map<string, Lot>();
  private readonly owed = new Map<string, bigint>();
  private readonly balances = new Map<string, bigint>();

  constructor(private readonly sum: Finding) {}

  /** @param balance of the account behind the event, where it moves it */
  apply(event: LedgerEvent, balance: bigint | undefined): void {
    switch (event.type) {
      case 'payment-credited':
        this.come(event, 'purchased', event.data.payment_id, event.data.quota);
        break;
      case 'grant-given':
        this.come(event, 'granted', event.data.grant_id, event.data.quota, event.data);
        break;
      case 'payment-refund-reversed':
        this.goBack(event, event.data.payment_id, 0n - event.data.quota);
        break;
      case 'payment-refunded':
      case 'payment-taken-back':
        this.goBack(event, event.data.payment_id, event.data.quota);
        break;
      case 'grant-closed': {
        const lot = this.named.get(`granted ${event.data.grant_id}`);
        if (lot) this.tell({ ...lot, closed: (lot.closed = true) });
        break;
      }
      case 'grant-expired':
        this.end(event, event.data.grant_id, event.data.quota, true);
        break;
      case 'grant-withdrawn':
        this.end(event, event.data.grant_id, event.data.quota, event.data.withdrawal_id === 'all');
        break;
      case 'balance-adjusted':
        this.use(event, 0n - event.data.quota, event.data.adjustment_id);
        break;
      case 'consumption-recorded':
      case 'call-abandoned':
        this.use(event, event.data.quota, event.data.call_id);
        break;
      case 'consumption-corrected':
        this.use(event, event.data.quota - event.data.quota_before, event.data.call_id);
        break;
      default:
        return;
    }
    if (balance !== undefined) this.compare(event, balance);
  }

  private compare({ data: { account_id }, position }: Moving, balance: bigint): void {
    this.sum.compared += 1;
    const found = this.balances.get(account_id) ?? 0n;
    if (found !== balance)
      this.sum.differ(`${position}`, account_id, `lots less debt of ${balance}`, `${found}`);
  }

  private come(
    { position, data: { account_id: account } }: Moving,
    origin: Lot['origin'],
    reference: string,
    quota: bigint,
    order: { readonly priority: number; readonly ends_at?: string | undefined } = { priority: ORDINARY },
  ): void {
    const endsAt = order.ends_at === undefined ? null : new Date(order.ends_at).toISOString();
    const named = { key: `${position}`, account, origin, reference: storableText(reference) };
    const lot: Lot = { ...named, priority: order.priority, endsAt, quota, left: 0n, closed: false };
    this.named.set(`${origin} ${reference}`, lot);
    this.fill(lot, quota);
    this.tell(lot);
  }

  /** What is owed is paid first. */
  private fill(lot: Lot, quota: bigint): void {
    const debt = this.owed.get(lot.account) ?? 0n;
    const paid = debt < quota ? debt : quota;
    if (paid > 0n) this.owe(lot.account, debt - paid);
    this.change(lot, quota - paid);
    this.balances.set(lot.account, (this.balances.get(lot.account) ?? 0n) + paid);
  }

  private goBack(event: Moving, payment: string, quota: bigint): void {
    const own = this.named.get(`purchased ${payment}`);
    if (quota < 0n) {
      if (own) this.fill(own, 0n - quota);
      else this.use(event, quota, '');
      return;
    }
    const mine = this.open.get(event.data.account_id) ?? [];
    const paidFor = mine.filter(({ origin, closed }) => origin === 'purchased' && !closed);
    this.burn(event, quota, own ? [own, ...paidFor] : paidFor);
  }

  private use(event: Moving, quota: bigint, reference: string): void {
    if (quota < 0n) this.come(event, 'corrected', reference, 0n - quota);
    else this.burn(event, quota, []);
  }

  private end(event: Moving, grantId: string, quota: bigint, isWhole: boolean): void {
    const lot = this.named.get(`granted ${grantId}`);
    this.burn(event, quota, lot ? [lot] : []);
    const debt = this.owed.get(event.data.account_id) ?? 0n;
    if (!isWhole || !lot || lot.left === 0n || debt === 0n) return;
    const paid = debt < lot.left ? debt : lot.left;
    this.owe(lot.account, debt - paid);
    this.change(lot, 0n - paid);
    this.balances.set(lot.account, (this.balances.get(lot.account) ?? 0n) + paid);
  }

  private burn({ position, data: { account_id } }: Moving, quota: bigint, first: readonly Lot[]): void {
    let rest = quota;
    const others = this.open.get(account_id) ?? [];
    for (const lot of first.length > 0 ? [...first, ...others] : others) {
      if (rest === 0n) break;
      if (lot.closed && !first.includes(lot)) continue;
      const part = rest < lot.left ? rest : lot.left;
      if (part === 0n) continue;
      this.change(lot, 0n - part);
      rest -= part;
      if (lot.origin !== 'granted') continue;
      const key = `${lot.reference} ${position}`;
      const before = this.allocations.get(key)?.['quota'];
      this.allocations.set(key, { quota: part + (typeof before === 'bigint' ? before : 0n) });
    }
    if (rest === 0n) return;
    this.owe(account_id, (this.owed.get(account_id) ?? 0n) + rest);
    this.balances.set(account_id, (this.balances.get(account_id) ?? 0n) - rest);
  }

  private owe(account: string, debt: bigint): void {
    this.owed.set(account, debt);
    if (debt > 0n) this.debts.set(account, { debt });
    else this.debts.delete(account);
  }

  private change(lot: Lot, by: bigint): void {
    const wasThere = lot.left > 0n;
    lot.left += by;
    this.balances.set(lot.account, (this.balances.get(lot.account) ?? 0n) + by);
    this.tell(lot);
    if (wasThere === lot.left > 0n) return;
    const others = (this.open.get(lot.account) ?? []).filter((each) => each !== lot);
    this.open.set(lot.account, lot.left > 0n ? place(others, lot) : others);
  }

  private tell(lot: Lot): void {
    const { key, account, origin, reference, priority, endsAt, quota, left, closed } = lot;
    const order = { priority, ends_at: endsAt, quota, remaining: left, is_closed: closed };
    this.rows.set(key, { account_id: account, origin, reference, ...order });
  }
}

type Moving = LedgerEvent & { readonly data: { readonly account_id: string } };

/** As text: lower burns first. */
const burnOrder = ({ priority, endsAt, origin, key }: Lot): string =>
  [
    `${priority}`.padStart(4, '0'),
    endsAt ?? 'never',
    { granted: 0, corrected: 1, purchased: 2 }[origin],
    key.padStart(20, '0'),
  ].join(' ');

function place(lots: readonly Lot[], lot: Lot): Lot[] {
  const order = burnOrder(lot);
  const at = lots.findIndex((each) => burnOrder(each) > order);
  return at < 0 ? [...lots, lot] : [...lots.slice(0, at), lot, ...lots.slice(at)];
}

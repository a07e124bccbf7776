import { accountIdOf } from '../../commands/handling/identifiers.js';
import type { DomainEvent } from '../../domain/events/catalogue.js';
import type { CallIdForm } from '../../domain/usage/call-id.js';
import type { Customer } from './customers.js';
import { correction, firstDay, nextCall, refund, topUp } from './movements.js';
import { GROUP, PRICE_VERSIONS, pricesOf } from './prices.js';
import { createRandom } from './random.js';

export interface HistoryOptions {
  readonly seed: string;
  /** All of them are registered in the first third. */
  readonly accounts: number;
  /** At least MIN_EVENTS_AN_ACCOUNT for each account. */
  readonly events: number;
  /** When the first calls start; the last ones do DAYS later. */
  readonly from: Date;
  /** Where charges go, as USAGE_STREAMS has it; of one process. By default to streams of accounts, of before there were lanes. */
  readonly streams?: CallIdForm | undefined;
}

export const MIN_EVENTS_AN_ACCOUNT = 12;
const DAYS = 90;
const DAY_MS = 86_400_000;
/** Pulls the choice towards the accounts that came first: a tenth of them makes about half of the calls. */
const SKEW = 3.3;
const BY = 'operator:generate';

/**
 * A history that commands could have written, exactly as many events as asked for: no balance is negative after any of them.
 * The same options make the same events, ids included.
 */
export function* makeHistory({
  seed,
  accounts,
  events,
  from,
  streams,
}: HistoryOptions): Generator<DomainEvent> {
  const random = createRandom(seed);
  const customers: Customer[] = [];
  let made = 0;
  for (let version = 0; made < events;) {
    const progress = made / events;
    const at = new Date(from.getTime() + Math.floor(progress * DAYS * DAY_MS));
    let next: readonly DomainEvent[];
    if (version <= progress * PRICE_VERSIONS && version < PRICE_VERSIONS) {
      version += 1;
      const data = { version, prices: [...pricesOf(version)], groups: [GROUP], by: BY };
      next = [{ type: 'price-list-published', data }];
    } else if (customers.length < accounts && customers.length <= progress * 3 * accounts) {
      const user = customers.length + 1;
      const external = `${seed}-${user}`;
      const customer: Customer = {
        owner: { account_id: accountIdOf(external), user_id: user },
        tokenIds: [user],
        balance: 0n,
        payments: 0,
      };
      customers.push(customer);
      next = firstDay(random, customer, external);
    } else {
      const customer = customers[Math.floor(customers.length * random.next() ** SKEW)] as Customer;
      const kind = random.next();
      next =
        (kind < 0.002 ? refund(customer, random) : undefined) ??
        (kind > 0.996 ? correction(customer) : undefined) ??
        (kind > 0.98 && kind < 0.981 ? topUp(random, customer) : undefined) ??
        nextCall(random, customer, { priceVersion: version, at, streams });
    }
    for (const event of next) {
      if (made === events) return;
      made += 1;
      yield event;
    }
  }
}

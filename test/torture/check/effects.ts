import { answered } from '../run/front-end.js';
import type { Request } from '../run/observations.js';
import { quota, type RawEvent, text } from './raw-log.js';
import type { Evidence } from './verdict.js';

/** What a log tells, and of whom. */
export type Told = Pick<Evidence, 'events' | 'accounts'>;

/** How often what was asked for is in the log. */
export function effectsOf(request: Request, { events, accounts }: Told): readonly RawEvent[] {
  const theirs = (type: string) =>
    events.filter((event) => event.type === type && text(event, 'account_id') === accounts.get(request.user));
  const { kind, key, user, body } = request;
  const usd = request.amountUsd;
  const amount = usd === undefined ? undefined : BigInt(Math.round(usd * 500_000));
  switch (kind) {
    case 'topup':
      return events.filter(
        (event) =>
          event.type === 'payment-credited' &&
          text(event, 'payment_id') === key &&
          quota(event, 'quota') === amount,
      );
    case 'refund':
      return events.filter(
        (event) =>
          event.type === 'payment-refunded' &&
          `${text(event, 'payment_id')} ${text(event, 'refund_id')}` === key &&
          (amount === undefined || quota(event, 'quota') === amount),
      );
    case 'sync':
      return events.filter(
        (event) => event.type === 'account-registered' && text(event, 'external_user_id') === user,
      );
    case 'adjust':
      return events.filter(
        (event) =>
          event.type === 'balance-adjusted' &&
          text(event, 'adjustment_id') === key &&
          quota(event, 'quota') === amount,
      );
    case 'group':
      return theirs('account-group-changed').filter((event) => text(event, 'group') === body.group);
    case 'erase':
      return theirs('account-erased');
    case 'order':
      return named(events, request, { type: 'order-placed', field: 'order_id' });
    case 'order-refund':
      return named(events, request, { type: 'refund-requested', field: 'refund_id' });
    case 'redeem':
      return named(events, request, { type: 'grant-given', field: 'grant_id' });
    case 'grant':
      return events.filter(
        (event) => event.type === 'grant-given' && text(event, 'source') === `operator:${key}`,
      );
    case 'key':
      if ('token_name' in body) {
        // The name of an erased person's key can be read by nobody; its number is in the answer.
        const id = answered<{ token_id: number }>(request)?.token_id;
        const isIt = (event: RawEvent) => event.data.token_id === id || text(event, 'token_name') === key;
        return events.filter((event) => event.type === 'token-issued' && isIt(event));
      }
      return events.filter(
        (event) =>
          event.type === (request.method === 'DELETE' ? 'token-revoked' : 'token-rotated') &&
          event.data.token_id === body.token_id,
      );
  }
}

/** By the name that an answer gave it; without an answer nobody knows which one it was. */
function named(
  events: readonly RawEvent[],
  request: Request,
  { type, field }: { readonly type: string; readonly field: string },
): readonly RawEvent[] {
  const name = answered<Record<string, unknown>>(request)?.[field];
  return events.filter((event) => event.type === type && name !== undefined && text(event, field) === name);
}

/** Whose credit it is, where one payment was asked for on behalf of two users. */
const isTheirs = (request: Request, event: RawEvent, { accounts }: Told): boolean =>
  request.kind !== 'topup' || text(event, 'account_id') === accounts.get(request.user);

/** As `effectsOf`, without what the same key did for somebody else. */
export const ownEffectsOf = (request: Request, told: Told): readonly RawEvent[] =>
  effectsOf(request, told).filter((event) => isTheirs(request, event, told));

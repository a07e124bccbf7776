import type { EventOf } from '../events/catalogue.js';
import type { usageEvents } from './events.js';

export type UsageEvent = EventOf<keyof typeof usageEvents>;

/** How a call ended: each has one such event at most. */
export type CallResolution = EventOf<'consumption-recorded.v1' | 'call-abandoned.v1' | 'call-failed.v1'>;

/** What a resolved call costs today. */
export interface ResolvedCall {
  readonly accountId: string;
  readonly userId: number;
  readonly tokenId: number;
  readonly model: string;
  readonly quota: bigint;
}

/** The calls of one stream (an account's month) that have ended, by call id. */
export type UsageState = ReadonlyMap<string, ResolvedCall>;

/** Folds into the given map: a month may hold a million calls, and copying it for each would be quadratic. */
export function evolveUsage(state: UsageState, event: UsageEvent): UsageState {
  const calls = state as Map<string, ResolvedCall>;
  const { data } = event;
  return calls.set(data.call_id, {
    accountId: data.account_id,
    userId: data.user_id,
    tokenId: data.token_id,
    model: data.model,
    quota: event.type === 'call-failed.v1' ? 0n : event.data.quota,
  });
}

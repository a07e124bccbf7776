import type { EventOf } from '../../domain/events/catalogue.js';

type Consumption = EventOf<'consumption-recorded'>['data'];

/** What the generator remembers of an account: so little that a million of them fit. */
export interface Customer {
  readonly owner: { readonly account_id: string; readonly user_id: number };
  readonly tokenIds: [number, ...number[]];
  balance: bigint;
  payments: number;
  lastPayment?: { readonly id: string; left: bigint; refunds: number };
  lastCall?: Pick<Consumption, 'call_id' | 'token_id' | 'model' | 'quota' | 'started_at'>;
}

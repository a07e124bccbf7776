import type { BudgetKey, CachedBalance } from '../../../src/balance/cached-balance.js';
import {
  type Consumption,
  type FailedCall,
  type Settlement,
  SettlementFailed,
} from '../../../src/relay/settlement/settlement.js';

/** Charges are durable at once, and projected into the balance at once; or as the test says. */
export class FakeSettlement implements Settlement {
  accepting = true;
  readonly charges: Consumption[] = [];
  readonly failures: FailedCall[] = [];
  mode: 'log' | 'spool' | 'broken' = 'log';
  /** Set: charges wait for it before they are durable. */
  gate: Promise<void> | undefined;
  asked = 0;
  private position = 100n;

  constructor(
    private readonly balance: CachedBalance,
    private readonly balances: Map<BudgetKey, bigint>,
  ) {}

  async charge(consumption: Consumption) {
    this.asked++;
    await this.gate;
    if (this.mode === 'broken') throw new SettlementFailed('disk full');
    if (this.charges.some(({ call_id }) => call_id === consumption.call_id)) throw new Error('charged twice');
    this.charges.push(consumption);
    if (this.mode === 'spool') return { durable: 'spool' as const };
    const position = ++this.position;
    await this.project(consumption, position);
    return { durable: 'log' as const, position };
  }

  endingAfter(): bigint {
    return 7n;
  }

  fail(failed: FailedCall): void {
    this.failures.push(failed);
  }

  get total(): bigint {
    return this.charges.reduce((sum, { quota }) => sum + quota, 0n);
  }

  private async project(
    { account_id, token_id, quota, call_id }: Consumption,
    position: bigint,
  ): Promise<void> {
    const changed = ([`account:${account_id}`, `token:${token_id}`] as const).filter((key) =>
      this.balances.has(key),
    );
    for (const key of changed) this.balances.set(key, (this.balances.get(key) as bigint) - quota);
    await this.balance.apply({
      position,
      balances: changed.map((budget) => ({ budget, balance: this.balances.get(budget) as bigint, position })),
      resolvedHolds: [call_id],
    });
  }
}

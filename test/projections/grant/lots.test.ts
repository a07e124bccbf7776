import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DomainEvent } from '../../../src/domain/events/catalogue.js';
import type { Lots } from '../../../src/projections/grant/lots.js';
import { stepOf } from '../../../src/projections/grant/step.js';
import { movementOf } from '../../../src/projections/movement.js';
import type { LedgerEvent } from '../../../src/projections/runtime/projection.js';
import { anEvent } from '../../support/events.js';
import { choiceArbitrary, historyOf } from '../../support/history.js';

const placed = (events: readonly DomainEvent[]): readonly LedgerEvent[] =>
  events.map((event, index) => ({ ...event, position: BigInt(index) }) as unknown as LedgerEvent);

/** The lots of one account after its events, and what each burned: `what 3`. */
function fold(...events: readonly DomainEvent[]) {
  let lots: Lots = { lots: [], debt: 0n };
  const burned: string[] = [];
  for (const event of placed(events)) {
    const step = stepOf(event, lots);
    lots = step;
    burned.push(...step.burned.map(({ lot, quota }) => `${nameOf(lot.reference)} ${quota}`));
  }
  const left = lots.lots
    .filter(({ remaining }) => remaining > 0n)
    .map(({ reference, remaining }) => `${nameOf(reference)} ${remaining}`);
  return { burned, left, debt: lots.debt };
}

const ids: Readonly<Record<string, string>> = {
  soon: '44444444-4444-5444-8444-000000000001',
  later: '44444444-4444-5444-8444-000000000002',
  never: '44444444-4444-5444-8444-000000000003',
  first: '44444444-4444-5444-8444-000000000004',
};
const nameOf = (reference: string): string =>
  Object.entries(ids).find(([, id]) => id === reference)?.[0] ?? reference;
const grant = (name: string, quota: bigint, ends_at?: string, priority = 100) => {
  const { ends_at: _ends, ...terms } = anEvent('grant-given', {
    grant_id: ids[name] ?? name,
    quota,
    priority,
  }).data;
  return { type: 'grant-given', data: { ...terms, ...(ends_at !== undefined && { ends_at }) } } as const;
};
const credit = (payment_id: string, quota: bigint) => anEvent('payment-credited', { payment_id, quota });
const charge = (quota: bigint) => anEvent('consumption-recorded', { quota });
const refund = (payment_id: string, quota: bigint) => anEvent('payment-refunded', { payment_id, quota });
const close = (name: string) => anEvent('grant-closed', { grant_id: ids[name] ?? name });
const expire = (name: string, quota: bigint) =>
  anEvent('grant-expired', { grant_id: ids[name] ?? name, quota });

describe('lots', () => {
  it('burn by priority, then what ends first, then what was given, then what came in first', () => {
    const lots = [
      credit('pi_1', 5n),
      grant('never', 5n),
      grant('later', 5n, '2027-02-01T00:00:00Z'),
      grant('soon', 5n, '2027-01-01T00:00:00Z'),
      credit('pi_2', 5n),
      grant('first', 5n, undefined, 10),
    ];
    expect(fold(...lots, charge(28n)).burned).toEqual([
      'first 5',
      'soon 5',
      'later 5',
      'never 5',
      'pi_1 5',
      'pi_2 3',
    ]);
  });

  it('owe what none of them has, which the next one pays first', () => {
    const owing = [credit('pi_1', 5n), charge(8n)];
    expect(fold(...owing)).toMatchObject({ left: [], debt: 3n });
    expect(fold(...owing, grant('never', 5n))).toMatchObject({ left: ['never 2'], debt: 0n });
  });

  it('give back of a payment what it brought, then what else was paid for, before a gift', () => {
    const lots = [grant('never', 5n), credit('pi_1', 5n), credit('pi_2', 5n), refund('pi_2', 7n)];
    expect(fold(...lots)).toMatchObject({ burned: ['pi_2 5', 'pi_1 2'], left: ['never 5', 'pi_1 3'] });
    const again = anEvent('payment-refund-reversed', { payment_id: 'pi_2', quota: 7n });
    expect(fold(...lots, again).left).toEqual(['never 5', 'pi_1 3', 'pi_2 7']);
  });

  it('that are closed are burned by nothing, and end with what they had', () => {
    const lots = [grant('soon', 5n), credit('pi_1', 5n), charge(2n), close('soon'), charge(2n)];
    expect(fold(...lots).left).toEqual(['soon 3', 'pi_1 3']);
    expect(fold(...lots, expire('soon', 3n))).toMatchObject({ left: ['pi_1 3'], debt: 0n });
  });

  it('that are closed pay what is owed where less ends than was left', () => {
    const lots = [grant('soon', 5n), close('soon'), charge(4n)];
    expect(fold(...lots)).toMatchObject({ left: ['soon 5'], debt: 4n });
    expect(fold(...lots, expire('soon', 1n))).toMatchObject({ left: [], debt: 0n });
  });

  it('less debt are the balance at every place of the log, and none is below zero', () => {
    fc.assert(
      fc.property(fc.array(choiceArbitrary, { maxLength: 60 }), (choices) => {
        const accounts = new Map<string, { lots: Lots; balance: bigint }>();
        for (const event of placed(historyOf(choices))) {
          const movement = movementOf(event);
          if (!movement && event.type !== 'grant-closed') continue;
          const account = (event.data as { account_id: string }).account_id;
          const before = accounts.get(account) ?? { lots: { lots: [], debt: 0n }, balance: 0n };
          const lots = stepOf(event, before.lots);
          const balance = before.balance + (movement?.amount ?? 0n);
          accounts.set(account, { lots, balance });
          const sum = lots.lots.reduce((total, { remaining }) => total + remaining, 0n);
          if (sum - lots.debt !== balance || lots.debt < 0n) return false;
          if (lots.lots.some(({ remaining }) => remaining < 0n)) return false;
        }
        return true;
      }),
      { numRuns: 300 },
    );
  });
});

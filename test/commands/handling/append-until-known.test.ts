import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { appendUntilKnown, type Patience } from '../../../src/commands/handling/append-until-known.js';
import { LedgerUnavailable } from '../../../src/commands/handling/command.js';
import { type AppendOutcome, EventStoreUnavailable } from '../../../src/eventstore/event-store.js';
import { isUnavailable } from '../../../src/support/unavailable.js';

const cause = new EventStoreUnavailable('away');
const outcomes = {
  appended: { outcome: 'appended', position: 3n, revisions: [0n] },
  conflict: { outcome: 'conflict', stream: 's', actual: 4n },
  unknown: { outcome: 'unknown', cause },
  unavailable: { outcome: 'unavailable', cause },
} as const satisfies Record<string, AppendOutcome>;
type Kind = keyof typeof outcomes;

const writes = [{ stream: 's', expected: 'no-stream' as const, events: [] }];
const patient: Patience = {
  backoff: { baseDelayMs: 0, maxDelayMs: 0 },
  deadlineMs: 1,
  now: () => 0,
  unavailableAttempts: 2,
};

async function answers(script: readonly Kind[], patience: Partial<Patience> = {}) {
  const left = [...script];
  let appends = 0;
  const store = {
    append: async (given: unknown) => {
      expect(given).toBe(writes);
      appends += 1;
      return outcomes[left.shift() ?? 'appended'];
    },
  };
  const said = await appendUntilKnown(store, writes, { ...patient, ...patience }).catch((error: unknown) => {
    expect(error).toBeInstanceOf(LedgerUnavailable);
    expect(isUnavailable(error)).toBe(true);
    return { outcome: 'gave up' };
  });
  return [said.outcome, appends];
}

describe('an append whose outcome is not known', () => {
  it('is repeated as it is until the store says what became of it, whatever comes between', async () => {
    const between = fc.array(fc.constantFrom<Kind>('unknown', 'unavailable'), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(between, fc.constantFrom<Kind>('appended', 'conflict'), async (script, end) => {
        expect(await answers(['unknown', ...script, end])).toEqual([end, script.length + 2]);
      }),
    );
  });

  it('is given up when the store certainly did not take it, a few times', async () => {
    expect(await answers(['unavailable', 'appended'])).toEqual(['appended', 2]);
    expect(await answers(['unavailable', 'unavailable', 'appended'])).toEqual(['gave up', 2]);
  });

  it('is left in doubt by who keeps it elsewhere', async () => {
    const leavesDoubt = { leavesDoubt: true, unavailableAttempts: 1 };
    expect(await answers(['unknown', 'unknown', 'conflict'], leavesDoubt)).toEqual(['conflict', 3]);
    expect(await answers(['unknown', 'unavailable', 'appended'], leavesDoubt)).toEqual(['gave up', 2]);
  });

  it('is given up at the deadline, and no try begins after it', async () => {
    let clock = 0;
    expect(await answers(Array(9).fill('unknown'), { now: () => clock++, deadlineMs: 3 })).toEqual([
      'gave up',
      5,
    ]);
  });
});

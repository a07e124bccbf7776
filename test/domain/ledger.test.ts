import { describe, expect, it } from '@jest/globals';
import { ledgerDecider, type LedgerCommand } from '../../src/domain/ledger/decide.js';
import type { LedgerState } from '../../src/domain/ledger/state.js';
import { anEvent, LEDGER_ID } from '../support/events.js';

const stored = (id: string) => ({ id, stream: 'payment-1', revision: 0n, type: 'mystery-happened.v1' });
const skip = (position: bigint, id: string | null): LedgerCommand => ({
  ...{
    type: 'skip',
    position,
    event: id === null ? null : stored(id),
    reason: 'by hand',
    by: 'operator:ann',
  },
});
const given = (...commands: readonly LedgerCommand[]): LedgerState => {
  let state = ledgerDecider.evolve(undefined, anEvent('ledger-founded'));
  for (const command of commands) {
    const decision = ledgerDecider.decide(command, state);
    if (decision.kind !== 'accepted') throw new Error(decision.kind);
    for (const event of decision.events) state = ledgerDecider.evolve(state, event);
  }
  return state;
};
const decided = (state: LedgerState, command: LedgerCommand) => {
  const decision = ledgerDecider.decide(command, state);
  return decision.kind === 'accepted' ? decision.events.map(({ type }) => type) : decision;
};

describe('what was skipped in a log', () => {
  it('is skipped once', () => {
    expect(decided(given(skip(7n, 'one')), skip(7n, 'one'))).toEqual([]);
    expect(decided(given(skip(7n, null)), skip(7n, null))).toEqual([]);
  });

  it('is known by its event: another one at its place, after the log was moved, is skipped as well', () => {
    expect(decided(given(skip(7n, 'one')), skip(7n, 'two'))).toEqual(['event-skipped']);
    expect(decided(given(skip(7n, 'one')), skip(2n, 'one'))).toEqual([]);
    expect(given(skip(7n, 'one'), skip(7n, 'two'))).toMatchObject({
      ledgerId: LEDGER_ID,
      skipped: [{ event: { id: 'one' } }, { event: { id: 'two' } }],
    });
  });
});

describe('a word that the log is sealed', () => {
  const seal = (keyId: string): LedgerCommand => ({ type: 'seal', keyId, by: 'operator:ann' });

  it('is said once of each key', () => {
    expect(decided(given(), seal('1f3a5c7e'))).toEqual(['ledger-sealed']);
    expect(decided(given(seal('1f3a5c7e')), seal('1f3a5c7e'))).toEqual([]);
    expect(decided(given(seal('1f3a5c7e')), seal('00000000'))).toEqual(['ledger-sealed']);
    expect(given(seal('1f3a5c7e'), seal('00000000'))).toMatchObject({ sealedWith: '00000000' });
  });

  it('is not said of a log that nobody founded', () => {
    expect(decided(undefined, seal('1f3a5c7e'))).toEqual([]);
  });
});

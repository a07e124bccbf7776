import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mapInTurns, sortInTurns } from '../../src/support/turns.js';

interface Card {
  readonly rank: number;
  readonly at: number;
}

describe('long work in turns', () => {
  it('sorts as a stable sort does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 5_000, size: 'max' }),
        async (ranks) => {
          const cards: readonly Card[] = ranks.map((rank, at) => ({ rank, at }));
          const byRank = (one: Card, other: Card) => one.rank - other.rank;
          expect(await sortInTurns(cards, byRank)).toEqual(cards.toSorted(byRank));
        },
      ),
      { numRuns: 10 },
    );
  });

  it('lets others have theirs', async () => {
    let others = 0;
    let isOver = false;
    const other = (): void => {
      others += 1;
      if (!isOver) setImmediate(other);
    };
    setImmediate(other);
    const slow = () => {
      for (const until = performance.now() + 1; performance.now() < until;);
    };
    await mapInTurns(Array.from({ length: 256 }), slow);
    isOver = true;
    expect(others).toBeGreaterThanOrEqual(4);
  });
});

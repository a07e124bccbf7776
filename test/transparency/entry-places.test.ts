import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { entriesUntil, IndexWalk, positionOfEntry } from '../../src/transparency/liability/entry-places.js';
import { createLogged } from './support/logged.js';

const ENTRIES = 700;

describe('places of entries', () => {
  let logged: Awaited<ReturnType<typeof createLogged>>;
  beforeAll(async () => {
    logged = await createLogged();
    // No entries: so positions are no indexes.
    await logged.given(3, 'log');
    const stream = await logged.given(ENTRIES);
    await logged.tamper(
      `UPDATE events SET recorded_at = '2026-11-29T00:00:00Z'::timestamptz + revision * interval '1 minute' WHERE stream = '${stream}'`,
    );
    await logged.start().advance();
  });
  afterAll(() => logged.close());

  it.each([
    ['2026-11-28T23:59:59.999Z', 0],
    ['2026-11-29T00:00:00.000Z', 1],
    ['2026-11-29T04:15:59.999Z', 256],
    ['2026-11-29T04:16:00.000Z', 257],
    ['2026-11-29T08:30:00.000Z', 511],
    ['2027-01-01T00:00:00.000Z', ENTRIES],
  ])('until %s there are %i', async (instant, entries) => {
    expect(await entriesUntil(logged.pool, ENTRIES, new Date(instant))).toBe(entries);
  });

  it('are known by positions, and these by them', async () => {
    const walk = new IndexWalk(logged.pool);
    for (const index of [0, 1, 255, 256, 511, ENTRIES - 1]) {
      const position = await positionOfEntry(logged.pool, index);
      expect(await walk.indexOf(position)).toBe(index);
    }
    await expect(positionOfEntry(logged.pool, ENTRIES)).rejects.toThrow('no entry');
    await expect(new IndexWalk(logged.pool).indexOf(0n)).rejects.toThrow('no entry');
  });
});

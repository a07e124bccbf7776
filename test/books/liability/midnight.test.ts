import { afterEach, describe, expect, it } from '@jest/globals';
import { closeDays } from '../../../src/books/liability/close-liability.js';
import { keptTrees } from '../../../src/transparency/liability/sum-tables.js';
import { ACCOUNT_ID } from '../../support/events.js';
import { type Clocked, createClocked } from './clocked-ledger.js';

const LOOK_EVERY_MS = 10_000;

describe('the end of a day in the zone of the ledger', () => {
  let ledger: Clocked;
  afterEach(() => ledger.close());

  it.each([
    ['UTC', '2026-08-31', '2026-09-01T00:00:00.000Z'],
    ['Asia/Shanghai', '2026-08-31', '2026-08-31T16:00:00.000Z'],
    ['Asia/Kathmandu', '2026-12-31', '2026-12-31T18:15:00.000Z'],
    // Of 23 hours, and of 25.
    ['America/New_York', '2026-03-08', '2026-03-09T04:00:00.000Z'],
    ['America/New_York', '2026-11-01', '2026-11-02T05:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25', '2026-10-25T23:00:00.000Z'],
    // The next day begins at one, since there is no midnight; and the one after it has 24 hours again.
    ['Africa/Cairo', '2026-04-23', '2026-04-23T22:00:00.000Z'],
    ['Africa/Cairo', '2026-04-24', '2026-04-24T21:00:00.000Z'],
  ])('in %s %s ends at %s, and what comes a moment later is of the next', async (zone, day, midnight) => {
    ledger = await createClocked(zone);
    const end = Date.parse(midnight);
    const before = end - 86_400_000;
    // A process is at work since the day before.
    ledger.at(before - 3_600_000);
    await ledger.registered();
    await ledger.given(7n);
    await ledger.advance();
    ledger.at(before + 30_000);
    const look = ledger.start();
    await look();
    ledger.at(end - 1);
    await ledger.given(1_000n);
    await ledger.advance();
    await look();
    ledger.at(end);
    await ledger.given(500n);
    await ledger.advance();
    // What was recorded in time may come a little later.
    for (const later of [0, 59_999]) {
      ledger.at(end + later);
      await look();
      expect((await ledger.closings()).map(([closed]) => closed)).not.toContain(day);
    }
    ledger.at(end + 60_000);
    // The day before is closed too where it was not: tables and tree must have the one before the next.
    for (let each = 0; each < 2; each += 1) {
      await look();
      await ledger.advance();
    }
    expect((await ledger.closings()).at(-1)).toEqual([day, 1_007n]);
    expect(await ledger.proved(day)).toMatchObject({ accountId: ACCOUNT_ID, balance: 1_007n, asOf: day });
    expect(ledger.raised).toEqual([]);
  });

  it('is said once by two processes that look all night, also where one of them is started in between', async () => {
    ledger = await createClocked('Europe/Berlin');
    const midnight = Date.parse('2026-08-31T22:00:00Z');
    ledger.at(midnight - 120_000);
    await ledger.registered();
    await ledger.given(5n);
    await ledger.advance();
    const looks = [ledger.start(), ledger.start()];
    await Promise.all(looks.map((look) => look()));
    for (let at = midnight - LOOK_EVERY_MS; at <= midnight + 90_000; at += LOOK_EVERY_MS) {
      ledger.at(at);
      if (at === midnight + 70_000) looks[1] = ledger.start();
      await ledger.given(1n);
      await ledger.advance();
      await Promise.all(looks.map((look) => look()));
    }
    const closings = await ledger.closings();
    expect(closings.map(([day]) => day)).toEqual(['2026-08-31']);
    // Nothing was there to be closed of the day before; what came at midnight is of the next.
    expect(closings[0]?.[1]).toBe(6n);
  });

  it('is said afterwards of each day through which nobody was there, with what was owed then', async () => {
    ledger = await createClocked('America/New_York');
    ledger.at('2026-10-29T12:00:00Z');
    await ledger.registered();
    // A day's noon each, over a month's end and the day of 25 hours.
    for (const day of ['29', '30', '31', '01', '02', '03']) {
      ledger.at(`2026-${Number(day) < 10 ? '11' : '10'}-${day}T17:00:00Z`);
      await ledger.given(100n);
      await ledger.advance();
      // It closed the 29th and was killed then.
      if (day === '30') await ledger.start()();
    }
    ledger.at('2026-11-04T05:00:30Z');
    const look = ledger.start();
    for (let each = 0; each < 6; each += 1) {
      await look();
      await ledger.advance();
    }
    expect(await ledger.closings()).toEqual([
      ['2026-10-29', 100n],
      ['2026-10-30', 200n],
      ['2026-10-31', 300n],
      ['2026-11-01', 400n],
      ['2026-11-02', 500n],
    ]);
    // The 3rd is over for half a minute.
    ledger.at('2026-11-04T05:01:00Z');
    await look();
    expect((await ledger.closings()).at(-1)).toEqual(['2026-11-03', 600n]);
    expect(await ledger.proved('2026-10-31')).toMatchObject({ balance: 300n });
  });

  it('of a month is still proved when its other days are not kept any more', async () => {
    ledger = await createClocked('UTC');
    ledger.at('2026-01-29T12:00:00Z');
    await ledger.registered();
    for (let day = 0; day < 43; day += 1) {
      ledger.at(Date.parse('2026-01-30T00:01:00Z') + day * 86_400_000);
      await ledger.given(1n);
      await ledger.advance();
      await closeDays(ledger.parts);
    }
    await ledger.advance();
    const kept = await keptTrees(ledger.pool);
    expect([kept[0], kept[1], kept.length]).toEqual(['2026-01-31', '2026-02-01', 41]);
    expect(await ledger.proved('2026-01-31')).toMatchObject({ asOf: '2026-01-31', balance: 2n });
    await expect(ledger.proved('2026-01-30')).rejects.toMatchObject({ code: 'not_closed' });
  });
});

import { describe, expect, it } from '@jest/globals';
import { instantOf } from '../../../src/books/audit/moment.js';

describe('an instant that an auditor names', () => {
  it.each([
    ['2026-10-20', 'UTC', '2026-10-20T23:59:59.999Z'],
    ['2026-10-20', 'Asia/Shanghai', '2026-10-20T15:59:59.999Z'],
    ['2026-10-20', 'Asia/Kathmandu', '2026-10-20T18:14:59.999Z'],
    ['2026-10-20', 'America/New_York', '2026-10-21T03:59:59.999Z'],
    // A day of 25 hours there.
    ['2026-11-01', 'America/New_York', '2026-11-02T04:59:59.999Z'],
    ['2026-10-20T12:30', 'Asia/Shanghai', '2026-10-20T04:30:00.000Z'],
    ['2026-10-20T12:30:01.250+02:00', 'Asia/Shanghai', '2026-10-20T10:30:01.250Z'],
  ])('%s in %s is %s: a day is its end', (text, zone, instant) => {
    expect(instantOf(text, zone)?.toISOString()).toBe(instant);
  });

  it.each(['2026-10', '2026-02-30', '20261020', 'yesterday', '2026-10-20T', '2026-10-20T25:00'])(
    '%s is none',
    (text) => {
      expect(instantOf(text, 'UTC')).toBeUndefined();
    },
  );
});

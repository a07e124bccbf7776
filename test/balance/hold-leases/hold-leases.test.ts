import { describe, expect, it } from '@jest/globals';
import { explore } from './explore.js';
import type { Rule } from './movable.js';
import type { Bounds } from './world.js';

// The protocol of ADR 0050 in every order in which anything can happen. The figures are those of its table.

const SMALL: Bounds = {
  balance: 1,
  calls: 2,
  leaseSize: 1,
  topUps: 0,
  revocations: 1,
  crashes: 1,
  losses: 1,
};

const LATE = 'a call was admitted after the revocation was answered';
const TWICE = 'calls may cost more than there is';
const EARLY = 'a call was refused for what a lease claims beyond its calls';
/** What is found where a rule is left out: every rule is there for something. */
const WITHOUT: Readonly<Record<Rule, string>> = {
  'a lease is refused to an old copy of its key': LATE,
  'a lease counts from when it was asked for': LATE,
  'a lease claims until its holder has closed it': TWICE,
  'nothing is admitted once a lease is being closed': TWICE,
  'closing leaves every open call a hold of its own': TWICE,
  'closing leaves every charge a claim until the tables have it': TWICE,
  'what was resolved before its lease is closed stays resolved': 'something stays claimed or open for ever',
  'a command waits for every lease of its key': LATE,
  'a command waits for the leases of a lost cache': LATE,
  'a call that finds the account short waits for leases': EARLY,
  'none is leased of an account that is spared': EARLY,
  'nothing is held until owners have registered': TWICE,
  'a lease of a lost cache is given up with registering': TWICE,
  'tables pass the end of the log before a lost cache is filled': TWICE,
  'the lease of a dead holder claims until the tables have its charges': TWICE,
};

describe('leases of holds', () => {
  it.each([
    ['one relay dies, and the cache is lost', SMALL, { states: 30_831, moves: 157_838, depth: 25 }],
    [
      'one relay dies, and leases are for several calls',
      { ...SMALL, balance: 2, leaseSize: 2, revocations: 0, losses: 0 },
      { states: 7_509, moves: 41_159, depth: 15 },
    ],
    [
      'a top-up comes',
      { ...SMALL, leaseSize: 2, topUps: 1, revocations: 0, crashes: 0, losses: 0 },
      { states: 5_764, moves: 26_196, depth: 17 },
    ],
  ])(
    'spend nothing twice, admit nothing behind an answered revocation, refuse nobody for what leases claim, and leave nothing claimed: %s',
    (_what, bounds, size) => {
      expect(explore(bounds)).toEqual({ ...size, found: undefined });
    },
  );

  it.each(Object.entries(WITHOUT) as [Rule, string][])('would not, were it not that %s', (rule, wrong) => {
    expect(explore(SMALL, rule).found?.wrong).toBe(wrong);
  });
});

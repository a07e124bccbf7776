import { describe, expect, it } from '@jest/globals';
import { displayWidth } from '../../src/support/display-width.js';
import { table } from '../../src/support/table.js';

describe('a table for a person', () => {
  it('has numbers on the right, and everything else on the left', () => {
    expect(
      table(
        ['user', 'quota'],
        [
          { user: 'ann', quota: 1_250_000n },
          { user: 'b', quota: -5 },
        ],
      ),
    ).toBe(
      [
        '┌──────┬───────────┐',
        '│ user │     quota │',
        '├──────┼───────────┤',
        '│ ann  │ 1,250,000 │',
        '│ b    │        -5 │',
        '└──────┴───────────┘',
      ].join('\n'),
    );
  });

  it('is only its head where there is nothing', () => {
    expect(table(['user'], [])).toBe('┌──────┐\n│ user │\n└──────┘');
  });

  it.each(['张三', 'ＡＢ￥', '한국', 'ひらカタ', 'e\u0301te\u0301', '🙂', 'a\nb\u0007'])(
    'has lines of one width with %j in it',
    (name) => {
      const lines = table(
        ['user', 'n'],
        [
          { user: name, n: 1 },
          { user: 'plain', n: null },
        ],
      ).split('\n');
      expect(lines).toHaveLength(6);
      expect(new Set(lines.map(displayWidth)).size).toBe(1);
    },
  );

  it('does not take longer by the square of its rows', () => {
    const rows = Array.from({ length: 50_000 }, (_, user) => ({
      user: `user_${user}`,
      balance: BigInt(user),
      calls: user,
    }));
    const before = process.cpuUsage();
    expect(table(['user', 'balance', 'calls'], rows).split('\n')).toHaveLength(50_004);
    expect(process.cpuUsage(before).user).toBeLessThan(20_000_000);
  });
});

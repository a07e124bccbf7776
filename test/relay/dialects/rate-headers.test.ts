import { expect, it } from '@jest/globals';
import { dialectNamed } from '../../../src/relay/dialects/all.js';

const NOW = Date.parse('2026-11-21T10:00:00.200Z');
const rate = {
  requests: { limit: 60, remaining: 59, resetMs: 30_000 },
  tokens: { limit: 1_000, remaining: 0, resetMs: 90_500 },
};

it.each(['openai', 'gemini'] as const)('%s: spans', (dialect) => {
  expect(dialectNamed(dialect).rateHeaders(rate, NOW)).toEqual({
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-remaining-requests': '59',
    'x-ratelimit-reset-requests': '30s',
    'x-ratelimit-limit-tokens': '1000',
    'x-ratelimit-remaining-tokens': '0',
    'x-ratelimit-reset-tokens': '91s',
  });
});

it('anthropic: instants, never too early', () => {
  expect(dialectNamed('anthropic').rateHeaders({ ...rate, tokens: undefined }, NOW)).toEqual({
    'anthropic-ratelimit-requests-limit': '60',
    'anthropic-ratelimit-requests-remaining': '59',
    'anthropic-ratelimit-requests-reset': '2026-11-21T10:00:31Z',
  });
});

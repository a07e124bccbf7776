import type { DialectName } from '../dialects/all.js';
import type { Random } from '../random.js';
import type { UpstreamScript } from '../upstream-script.js';
import type { AccountChoice } from './workload.js';

/** Of the price list; per-call prices change while calls are in flight. */
export type Model = 'per-call' | 'by-token' | 'free';
/** Upstream never reports more than this above what was asked for: with the prices it bounds the overshoot of a call. */
export const MOST_EXCESS_TOKENS = 2_000;
export const MOST_OUTPUT_TOKENS = 60;

export interface CallOperation {
  readonly kind: 'call';
  readonly account: AccountChoice;
  readonly relay: number;
  readonly dialect: DialectName;
  readonly model: Model;
  readonly streamed: boolean;
  readonly script: Omit<UpstreamScript, 'requestId' | 'via'>;
  /** The client leaves after so many milliseconds. */
  readonly hangUpMs: number | null;
}

export function drawCall(random: Random, drawAccount: (random: Random) => AccountChoice): CallOperation {
  const dialect = random.weighted<DialectName>([
    ['chat', 35],
    ['completions', 10],
    ['responses', 18],
    ['embeddings', 5],
    ['messages', 18],
    ['generate', 14],
  ]);
  const streamed = dialect !== 'embeddings' && random.chance(0.6);
  const end = random.weighted([
    ['whole', 88],
    ['cut', 6],
    ['error', 4],
    ['garbage', 2],
  ] as const);
  const words = random.int(1, 8);
  // More than was held for, now and then: the charge is made all the same, and the excess is on record.
  const excess = random.chance(0.04) ? random.int(200, MOST_EXCESS_TOKENS) : 0;
  const usage = random.chance(0.9)
    ? { prompt: random.int(5, 40), completion: random.int(1, MOST_OUTPUT_TOKENS) + excess }
    : null;
  // A few outlive a heartbeat, so that what was delivered of them is known when their process dies.
  const pauseMs = random.chance(0.1) ? random.int(200, 500) : random.int(0, 40);
  return {
    kind: 'call',
    account: drawAccount(random),
    relay: random.int(0, 1),
    dialect,
    model: random.weighted([
      ['per-call', 55],
      ['by-token', 40],
      ['free', 5],
    ] as const),
    streamed,
    script: { words, pauseMs, end, usage },
    hangUpMs: random.chance(0.06) ? random.int(5, 400) : null,
  };
}

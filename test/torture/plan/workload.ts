import type { Random } from '../random.js';
import { type CallOperation, drawCall } from './calls.js';
import { drawPurchase, isPurchaseKind, PURCHASES, type PurchaseOperation } from './purchases.js';

/** Accounts that every lane uses, kept nearly empty, so that what is left is fought for. */
export const SHARED_ACCOUNTS = 4;
export const LANES = 6;

/** `buyer`: the lane's account that orders and is disputed, so that nobody else is suspended. */
export type AccountChoice = { readonly shared: number } | { readonly own: true } | { readonly buyer: true };

/** One thing a client does. `back`: which of the lane's earlier payments, counted from the latest. */
export type Operation =
  | CallOperation
  | {
      readonly kind: 'topup';
      readonly account: AccountChoice;
      readonly amountUsd: number;
      readonly copies: number;
    }
  /** Two amounts for one payment at once: one of them at most may be credited. */
  | { readonly kind: 'topup-torn'; readonly amountsUsd: readonly [number, number] }
  | { readonly kind: 'topup-again'; readonly back: number; readonly copies: number }
  | {
      readonly kind: 'topup-other';
      readonly back: number;
      readonly field: 'amount_usd' | 'external_user_id';
    }
  | { readonly kind: 'topup-nobody' | 'topup-invalid'; readonly payment: number }
  | {
      readonly kind: 'refund';
      readonly back: number;
      readonly part: 'some' | 'rest' | 'too-much';
      readonly copies: number;
    }
  | { readonly kind: 'refund-again'; readonly back: number }
  | { readonly kind: 'sync-new' | 'sync-again' | 'sync-taken' }
  /** `limit`: of what the key may spend in its life. */
  | { readonly kind: 'key-make'; readonly copies: number; readonly limit: number | null }
  | { readonly kind: 'key-revoke' | 'key-reset' }
  /** What can be spent, as the front end is told; `fresh`: with all that was acknowledged about the account. */
  | { readonly kind: 'read'; readonly account: AccountChoice; readonly fresh: boolean }
  | {
      readonly kind: 'adjust';
      readonly account: AccountChoice;
      readonly amountUsd: number;
      readonly copies: number;
    }
  | { readonly kind: 'adjust-again' | 'adjust-other'; readonly back: number }
  /** The lane's own account goes into the other group. */
  | { readonly kind: 'group' }
  /** A user comes, pays, gets a key and is erased; the key is tried. */
  | { readonly kind: 'erase' }
  | PurchaseOperation;

export interface Step {
  readonly pauseMs: number;
  readonly operation: Operation;
  /** How often an answer that said neither yes nor no is asked for again at once. Payments are asked for again at the end as well. */
  readonly insist: number;
}

/**
 * `calls`: as many plain ones as can be of one account; `payments`: nothing else; `readings`: of balances between payments; `orders`: what people
 * buy, get back and redeem. All but the first are for aiming at one fault.
 */
export type Profile = 'all' | 'calls' | 'payments' | 'readings' | 'orders';

/** What a lane does, without end; how much of it is done depends on the machine, the order of it does not. */
export function* laneSteps(random: Random, profile: Profile = 'all'): Generator<Step, never> {
  for (let index = 0; ; index++) {
    const operation = profile === 'calls' ? plainCall(index) : draw(random, index, KINDS[profile]);
    const pauseMs = profile === 'all' ? random.int(0, 120) : 0;
    yield { pauseMs, operation, insist: random.int(0, 2) };
  }
}

type Weights = readonly (readonly [Operation['kind'], number])[];

const PAYMENTS: Weights = [
  ['topup', 10],
  ['topup-again', 3],
  ['topup-other', 6],
  ['refund', 3],
];

const ALL: Weights = [
  ['call', 50],
  ['topup', 14],
  ['topup-torn', 2],
  ['topup-again', 5],
  ['topup-other', 3],
  ['topup-nobody', 1],
  ['topup-invalid', 1],
  ['refund', 8],
  ['refund-again', 3],
  ['sync-new', 3],
  ['sync-again', 2],
  ['sync-taken', 1],
  ['key-make', 3],
  ['key-revoke', 2],
  ['key-reset', 1],
  ['read', 10],
  ['adjust', 4],
  ['adjust-again', 1],
  ['adjust-other', 1],
  ['group', 2],
  ['erase', 1],
  ...PURCHASES,
];

const READINGS: Weights = [
  ['topup', 1],
  ['read', 1],
];

const KINDS = { all: ALL, payments: PAYMENTS, readings: READINGS, orders: PURCHASES };

const plainCall = (index: number): Operation => ({
  kind: 'call',
  account: { shared: 0 },
  relay: index % 2,
  dialect: 'chat',
  model: 'per-call',
  streamed: index % 3 === 0,
  script: { words: 2, pauseMs: 1, end: 'whole', usage: { prompt: 10, completion: 5 } },
  hangUpMs: null,
});

function draw(random: Random, index: number, weights: Weights): Operation {
  const kind = random.weighted(weights);
  const back = random.int(0, 4);
  const copies = random.chance(0.25) ? random.int(2, 4) : 1;
  if (isPurchaseKind(kind)) return drawPurchase(random, kind, { back, copies, account: drawAccount });
  switch (kind) {
    case 'call':
      return drawCall(random, drawCaller);
    case 'topup':
      return { kind, account: drawAccount(random), amountUsd: random.int(2, 12) / 100, copies };
    case 'topup-torn':
      return { kind, amountsUsd: [random.int(1, 9) / 100, random.int(10, 19) / 100] };
    case 'topup-again':
      return { kind, back, copies };
    case 'topup-other':
      return { kind, back, field: random.pick(['amount_usd', 'external_user_id']) };
    case 'topup-nobody':
    case 'topup-invalid':
      return { kind, payment: index };
    case 'refund':
      return { kind, back, part: random.pick(['some', 'some', 'rest', 'too-much']), copies };
    case 'refund-again':
      return { kind, back };
    case 'key-make':
      return { kind, copies, limit: random.chance(0.5) ? random.int(5_000, 40_000) : null };
    case 'read':
      return { kind, account: drawAccount(random), fresh: random.chance(0.7) };
    case 'adjust': {
      const amountUsd = (random.chance(0.5) ? 1 : -1) * (random.int(1, 6) / 100);
      return { kind, account: drawAccount(random), amountUsd, copies };
    }
    case 'adjust-again':
    case 'adjust-other':
      return { kind, back };
    default:
      return { kind };
  }
}

/** Now and then who orders calls, suspended or not. */
const drawCaller = (random: Random): AccountChoice =>
  random.chance(0.1) ? { buyer: true } : drawAccount(random);

const drawAccount = (random: Random): AccountChoice =>
  random.chance(0.75) ? { shared: random.int(0, SHARED_ACCOUNTS - 1) } : { own: true };

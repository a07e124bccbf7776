import type { Random } from '../random.js';
import type { AccountChoice } from './workload.js';

/** Codes that there are in a round: few enough that several clients want the same one. */
export const CODES = 40;

/** What people buy, get back and are given. `back`: which of the lane's earlier orders (disputes, refunds), counted from the latest. */
export type PurchaseOperation =
  | {
      readonly kind: 'order';
      readonly account: AccountChoice;
      /** In cents of a yuan. */
      readonly amountMinor: number;
      /** `quietly`: the provider tells nobody, and is to be asked; `too-little`: a cent less than it costs. */
      readonly pay: 'told' | 'quietly' | 'too-little' | 'never';
      /** How often the order is placed at once, and how often its provider tells of it at once. */
      readonly copies: number;
    }
  /** The same order once more, and whatever is known of its money is told once more. */
  | { readonly kind: 'order-again'; readonly back: number; readonly copies: number }
  | {
      readonly kind: 'order-refund';
      readonly back: number;
      readonly part: 'some' | 'rest' | 'too-much';
      readonly copies: number;
    }
  | { readonly kind: 'order-refund-again'; readonly back: number }
  /** Somebody gives money back in the provider's own console. */
  | { readonly kind: 'provider-refund'; readonly back: number }
  | { readonly kind: 'dispute'; readonly back: number }
  | { readonly kind: 'dispute-end'; readonly back: number; readonly outcome: 'won' | 'lost' }
  | {
      readonly kind: 'redeem';
      readonly account: AccountChoice;
      readonly code: number;
      readonly copies: number;
    }
  | {
      readonly kind: 'grant';
      readonly account: AccountChoice;
      readonly amountUsd: number;
      /** Null: it does not end. */
      readonly endsAfterMs: number | null;
      readonly copies: number;
    };

type PurchaseKind = PurchaseOperation['kind'];

export const PURCHASES: readonly (readonly [PurchaseKind, number])[] = [
  ['order', 12],
  ['order-again', 4],
  ['order-refund', 6],
  ['order-refund-again', 2],
  ['provider-refund', 2],
  ['dispute', 3],
  ['dispute-end', 3],
  ['redeem', 6],
  ['grant', 4],
];

const KINDS = new Set<string>(PURCHASES.map(([kind]) => kind));

export const isPurchaseKind = (kind: string): kind is PurchaseKind => KINDS.has(kind);

export const isPurchase = (operation: { readonly kind: string }): operation is PurchaseOperation =>
  isPurchaseKind(operation.kind);

interface Drawn {
  readonly back: number;
  readonly copies: number;
  readonly account: (random: Random) => AccountChoice;
}

export function drawPurchase(
  random: Random,
  kind: PurchaseKind,
  { back, copies, account }: Drawn,
): PurchaseOperation {
  switch (kind) {
    case 'order':
      return {
        kind,
        account: random.chance(0.6) ? { buyer: true } : account(random),
        amountMinor: random.int(10, 60),
        pay: random.weighted([
          ['told', 70],
          ['quietly', 15],
          ['too-little', 7],
          ['never', 8],
        ] as const),
        copies,
      };
    case 'order-refund':
      return { kind, back, part: random.pick(['some', 'some', 'rest', 'too-much']), copies };
    case 'dispute-end':
      return { kind, back, outcome: random.chance(0.6) ? 'won' : 'lost' };
    case 'redeem':
      return { kind, account: account(random), code: random.int(0, CODES - 1), copies };
    case 'grant': {
      const endsAfterMs = random.chance(0.75) ? random.int(3_000, 20_000) : null;
      return { kind, account: account(random), amountUsd: random.int(1, 5) / 100, endsAfterMs, copies };
    }
    case 'order-again':
      return { kind, back, copies };
    case 'order-refund-again':
    case 'provider-refund':
    case 'dispute':
      return { kind, back };
  }
}

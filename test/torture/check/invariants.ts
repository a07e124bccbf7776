import { answerInvariants } from './answers.js';
import { callInvariants } from './calls.js';
import { historyInvariants } from './history.js';
import { lawfulInvariants } from './lawful.js';
import { moneyInvariants } from './money.js';
import { proofInvariant } from './proofs.js';
import { purchaseInvariants, purchaseTableInvariants } from './purchases.js';
import { tableInvariants } from './tables.js';
import type { Invariant } from './verdict.js';

const atRest: Invariant = {
  name: 'everything comes to rest: no process ends by itself, nothing stays held, no fault stays',
  check: ({ complaints }) => complaints,
};

const allInjected: Invariant = {
  name: 'every fault that was planned was injected',
  check: ({ passedOver }) => passedOver,
};

/** Those that need nothing but the log and what was observed. */
export const quickInvariants: readonly Invariant[] = [
  ...moneyInvariants,
  ...answerInvariants,
  ...callInvariants,
  ...historyInvariants,
  ...lawfulInvariants,
  ...purchaseInvariants,
  allInjected,
];

export const invariants: readonly Invariant[] = [
  ...quickInvariants,
  ...tableInvariants,
  ...purchaseTableInvariants,
  proofInvariant,
  atRest,
];

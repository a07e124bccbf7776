import { z } from 'zod';
import { decodeBase64 } from '../base64.js';
import { HASH_BYTES } from '../hashing.js';
import {
  BadReceipt,
  checkFile,
  eventExtra,
  type ProvedEvent,
  type ReceiptParts,
  receiptText,
  type Trusted,
} from '../receipt.js';
import { isIncluded } from '../verify-proofs.js';
import { accountMark, leafNode, SUM_NODE_BYTES, sumNode, SUMS } from './sum-tree.js';
import { type Side, SIDES } from './sum-tables.js';

/** Of the first member: another way of writing it down has another one. */
const FORM = 'counterfoil-liability/v1';
/** Of an event by which trees were committed to, as it is stored. */
const COMMITTED = 'liability-committed.v1';

const amount = z.string().regex(/^(0|[1-9]\d{0,29})$/);
const count = z.int().min(0);

/** An account's leaf, and its path up to the root. */
const leafField = z.strictObject({
  side: z.enum(SIDES),
  account_id: z.uuid(),
  salt: z.base64(),
  quota: amount,
  /** Of the log's entries, that of what moved the account last. */
  last_index: count,
  /** Of the leaf among all of its tree. */
  place: count,
  /** Hash and sum of each neighbour, from the leaf up, in base64. */
  path: z.array(z.base64()).max(63),
});
const extraOf = z.strictObject({ form: z.literal(FORM), ...eventExtra, liability: leafField });

const tree = z.object({ root: z.base64(), quota: amount, accounts: count });
const committedOf = z.object({
  as_of: z.string(),
  time_zone: z.string(),
  entries: count,
  owed: tree,
  overdrawn: tree,
});

/** The leaf of an account, as the trees have it. */
export interface ProvedLeaf {
  readonly side: Side;
  readonly accountId: string;
  readonly salt: Buffer;
  readonly quota: bigint;
  readonly lastIndex: number;
  readonly place: number;
  readonly path: readonly Buffer[];
}

/** One file that proves, to whoever knows the log's key, that an account's balance is in what the ledger says it owes. */
export function balanceProofText(committed: ReceiptParts, leaf: ProvedLeaf): string {
  const liability = {
    side: leaf.side,
    account_id: leaf.accountId,
    salt: leaf.salt.toString('base64'),
    quota: leaf.quota.toString(),
    last_index: leaf.lastIndex,
    place: leaf.place,
    path: leaf.path.map((node) => node.toString('base64')),
  };
  return receiptText(committed, { form: FORM, liability });
}

/** What such a file proves. */
export interface ProvedBalance {
  /** By which the ledger committed to all balances. */
  readonly committed: ProvedEvent;
  /** A day, or an instant. */
  readonly asOf: string;
  readonly timeZone: string;
  readonly accountId: string;
  /** Below zero where the account is overdrawn. */
  readonly balance: bigint;
  /** The first so many entries of the log count; of them, that of what moved the account last. */
  readonly entries: number;
  readonly lastIndex: number;
  /** What is owed to all accounts, and what they owe. */
  readonly owed: bigint;
  readonly overdrawn: bigint;
}

/** Needs nothing but the file and keys. @throws BadReceipt */
export function checkBalanceProof(text: string, trusted: Trusted): ProvedBalance {
  const { event, told } = checkFile(text, trusted, extraOf);
  const committed = committedOf.safeParse(jsonOf(event.data)).data;
  if (event.type !== COMMITTED || !committed)
    throw new BadReceipt('its event does not say what is owed to all accounts');
  const { liability } = told;
  const { account_id: accountId, last_index: lastIndex, place, quota } = liability;
  const { root, quota: sum, accounts } = committed[liability.side];
  const leaf = {
    mark: accountMark(bytesOf(liability.salt, HASH_BYTES), accountId),
    quota: BigInt(quota),
    lastIndex,
  };
  const path = liability.path.map((node) => bytesOf(node, SUM_NODE_BYTES));
  const head = { size: accounts, root: sumNode(bytesOf(root, HASH_BYTES), BigInt(sum)) };
  if (!inTree(() => isIncluded(leafNode(leaf), place, head, path, SUMS)))
    throw new BadReceipt('the balance is not in what the ledger said it owes');
  if (lastIndex >= committed.entries || committed.entries > event.index)
    throw new BadReceipt('it counts what came later');
  return {
    committed: event,
    asOf: committed.as_of,
    timeZone: committed.time_zone,
    accountId,
    balance: liability.side === 'owed' ? leaf.quota : -leaf.quota,
    entries: committed.entries,
    lastIndex,
    owed: BigInt(committed.owed.quota),
    overdrawn: BigInt(committed.overdrawn.quota),
  };
}

/** Sums of more than 128 bits are of no tree. */
function inTree(check: () => boolean): boolean {
  try {
    return check();
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function bytesOf(text: string, length: number): Buffer {
  const bytes = decodeBase64(text);
  if (bytes?.length !== length) throw new BadReceipt('a hash or a salt in it is not whole');
  return bytes;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

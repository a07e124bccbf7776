import { createHash } from 'node:crypto';
import { eventText } from '../../../src/eventstore/event-bytes.js';
import { checkpointText } from '../../../src/transparency/checkpoint.js';
import { hashLeaf } from '../../../src/transparency/hashing.js';
import { createAccountSalts } from '../../../src/transparency/liability/account-salts.js';
import { balanceProofText, type ProvedLeaf } from '../../../src/transparency/liability/balance-proof.js';
import { accountMark, leafNode, sumOf, SUMS } from '../../../src/transparency/liability/sum-tree.js';
import { totalsOf } from '../../../src/transparency/liability/totals-of.js';
import { createLeafMaker, entryBytes } from '../../../src/transparency/leaf-entry.js';
import { privateKeyOf } from '../../../src/transparency/note-keys.js';
import { createSigner, noteText } from '../../../src/transparency/signed-note.js';
import { proverOf } from './trees.js';

const ORIGIN = 'ledger.example/transparency';
const AS_OF = '2026-11-29';
const salts = createAccountSalts(Buffer.alloc(32, 3));
const log = createSigner(ORIGIN, privateKeyOf(Buffer.alloc(32, 1)));
export const logKeys = [log.key];

/** Accounts by number: what they have, and the entry that moved them last. */
export const accountIdOf = (number: number): string =>
  createHash('sha256')
    .update(`${number}`)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');

/** A closing of these balances, each moved last by the entry of its place, as entry 500 of a log of 502. */
export function committed(balances: readonly bigint[], changed: Readonly<Record<string, unknown>> = {}) {
  const accounts = balances.map((balance, place) => ({
    accountId: accountIdOf(place),
    balance,
    lastIndex: place,
  }));
  const totals = totalsOf(AS_OF, salts, accounts);
  const said = ({ root, accounts: count }: (typeof totals)['owed']) => ({
    root: root.toString('base64', 0, 32),
    quota: sumOf(root).toString(),
    accounts: count,
  });
  const data = {
    as_of: AS_OF,
    time_zone: 'UTC',
    entries: 500,
    owed: said(totals.owed),
    overdrawn: said(totals.overdrawn),
  };
  const event = {
    id: '3f0e6a52-0b57-4c0f-8a3e-6a0d0c8f2b71',
    stream: 'liability',
    revision: 0n,
    type: 'liability-committed.v1',
    position: 500n,
    recordedAt: new Date('2026-11-30T00:01:00.123Z'),
    data: {},
    metadata: {},
    dataText: JSON.stringify({ ...data, ...changed }),
    metadataText: '{"actor":"system"}',
  };
  const leafOf = async (number: number): Promise<ProvedLeaf> => {
    const isOverdrawn = (balances[number] as bigint) < 0n;
    const marked = accounts
      .filter(({ balance }) => balance < 0n === isOverdrawn)
      .map((each) => ({ ...each, mark: accountMark(salts(AS_OF, each.accountId), each.accountId) }))
      .sort((one, other) => one.mark.compare(other.mark));
    const quotaOf = (balance: bigint) => (isOverdrawn ? -balance : balance);
    const nodes = marked.map(({ mark, balance, lastIndex }) =>
      leafNode({ mark, quota: quotaOf(balance), lastIndex }),
    );
    const accountId = accountIdOf(number);
    const place = marked.findIndex((each) => each.accountId === accountId);
    const { balance, lastIndex } = marked[place] as (typeof marked)[number];
    return {
      side: isOverdrawn ? 'overdrawn' : 'owed',
      accountId,
      salt: salts(AS_OF, accountId),
      quota: quotaOf(balance),
      lastIndex,
      place,
      path: await proverOf(nodes, SUMS).prover(nodes.length).inclusion(place),
    };
  };
  const proofOf = async (leaf: ProvedLeaf): Promise<string> => {
    const leaves = createLeafMaker(Buffer.alloc(32, 3));
    const entry = leaves.leafOf(event);
    const others = Array.from({ length: 502 }, (_, index) => hashLeaf(Buffer.from(`entry ${index}`)));
    others[500] = hashLeaf(entryBytes(entry));
    const { root, prover } = proverOf(others);
    const text = checkpointText({ origin: ORIGIN, size: 502, root });
    const parts = {
      event: eventText(event),
      salt: leaves.saltOf(event.id),
      slot: entry.slot,
      recordedAt: entry.recordedAt,
      index: 500,
      proof: await prover(502).inclusion(500),
      checkpoint: noteText({ text, signatures: [log.sign(text)] }),
    };
    return balanceProofText(parts, leaf);
  };
  return { totals, data, leafOf, proofOf };
}

// @ts-expect-error: for strangers, who want one file without anything beside it
import * as strangers from '../../../docs/transparency/verify-receipt.mjs';
import { eventually } from '../../support/eventually.js';
import { SERVICE_KEY } from '../cluster/cluster.js';
import { runCli } from '../support/run-cli.js';
import { quota, text } from './raw-log.js';
import { readStored, rootOf, type StoredEvent } from './proof-tree.js';
import type { Evidence, Invariant } from './verdict.js';

/** What the stranger's program says of a file. */
interface Seen {
  readonly id: string;
  readonly index: number;
  readonly data: string;
  readonly balance?: {
    readonly account: string;
    readonly quota: bigint;
    readonly as_of: string;
    readonly owed: { readonly quota: string; readonly accounts: number };
    readonly overdrawn: { readonly quota: string; readonly accounts: number };
  };
}
const { readKey, verifyReceipt } = strangers as {
  readonly readKey: (text: string) => unknown;
  readonly verifyReceipt: (text: string, key: unknown) => Seen;
};

/** A ledger whose proofs are looked at, and what is known of it. */
export interface Proving {
  /** Of the external API. */
  readonly url: string;
  readonly serviceKey: string;
  readonly masterKey: Buffer;
  readonly vkey: string;
  /** Closed after all that is in `balances`. */
  readonly asOf: string;
  readonly readStored: () => Promise<readonly StoredEvent[]>;
  /** Of whom, and the ids of payments and calls. */
  readonly figures: readonly { readonly user: string; readonly figure: string }[];
  /** External id -> account id, and what it has; undefined where nothing ever moved it. */
  readonly balances: ReadonlyMap<string, { readonly account: string; readonly quota: bigint | undefined }>;
}

const SIGNED_WITHIN_MS = 60_000;

/** What is wrong with the tree of the log, receipts and proofs of balances, each looked at as a stranger does. */
export async function proofFaults(proving: Proving): Promise<readonly string[]> {
  const faults: string[] = [];
  const checkpoint = await signedBeyond(proving).catch((error: Error) => error.message);
  if (typeof checkpoint === 'string') return [checkpoint];
  const events = await proving.readStored();
  const root = rootOf(events.slice(0, checkpoint.size), proving.masterKey).toString('base64');
  if (root !== checkpoint.root)
    faults.push(`the first ${checkpoint.size} events come to ${root}, and ${checkpoint.root} was signed`);
  for (const { user, figure } of proving.figures) {
    const fault = await receiptFault(proving, events, user, figure);
    if (fault) faults.push(`receipt of ${figure}: ${fault}`);
  }
  return [...faults, ...(await balanceFaults(proving))];
}

const get = async ({ url, serviceKey }: Proving, path: string) => {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${serviceKey}` } });
  return { status: response.status, text: await response.text() };
};

/** The newest checkpoint, once the closing can be proved. */
async function signedBeyond(proving: Proving) {
  const [user] = [...proving.balances].find(([, { quota: moved }]) => moved !== undefined) ?? [];
  if (user === undefined) throw new Error('nothing was moved');
  await eventually(
    async () => {
      const { status, text: answer } = await get(proving, balanceProofOf(proving, user));
      if (status === 503) throw new Error(`what was closed is not signed: ${answer.slice(0, 200)}`);
      return true;
    },
    { timeoutMs: SIGNED_WITHIN_MS, intervalMs: 500 },
  );
  const { text: note } = await get(proving, '/transparency/checkpoint');
  const [, size, root] = note.split('\n');
  return { size: Number(size), root };
}

const balanceProofOf = ({ asOf }: Proving, user: string): string =>
  `/api/user/external/${encodeURIComponent(user)}/balance-proof?as_of=${asOf}`;

function seen({ vkey }: Proving, file: string): Seen | string {
  try {
    return verifyReceipt(file, readKey(vkey));
  } catch (error) {
    return (error as Error).message;
  }
}

async function receiptFault(
  proving: Proving,
  events: readonly StoredEvent[],
  user: string,
  figure: string,
): Promise<string | undefined> {
  const of = `/api/user/external/${encodeURIComponent(user)}`;
  const { status, text: file } = await get(proving, `${of}/receipts/${encodeURIComponent(figure)}`);
  if (status !== 200) return `answered with ${status}: ${file.slice(0, 200)}`;
  const proved = seen(proving, file);
  if (typeof proved === 'string') return proved;
  const event = events[proved.index];
  if (event?.id !== proved.id || event.data !== proved.data)
    return 'it is of no event at its place of the log';
  return proved.data.includes(JSON.stringify(figure)) ? undefined : `it is of another event: ${proved.data}`;
}

async function balanceFaults(proving: Proving): Promise<readonly string[]> {
  const faults: string[] = [];
  const moved = [...proving.balances.values()].flatMap(({ quota }) => (quota === undefined ? [] : [quota]));
  const sum = moved.reduce((total, quota) => total + quota, 0n);
  for (const [user, { account, quota }] of proving.balances) {
    const { status, text: file } = await get(proving, balanceProofOf(proving, user));
    if (quota === undefined && status === 404) continue;
    const proved = status === 200 ? seen(proving, file) : `answered with ${status}: ${file.slice(0, 200)}`;
    const told = typeof proved === 'string' ? undefined : proved.balance;
    if (!told) {
      faults.push(`balance of ${user}: ${typeof proved === 'string' ? proved : 'none is told'}`);
      continue;
    }
    if (told.account !== account || told.quota !== quota || told.as_of !== proving.asOf)
      faults.push(`balance of ${user}: ${told.quota} is proved, and ${quota ?? 'nothing'} is there`);
    const owed = BigInt(told.owed.quota) - BigInt(told.overdrawn.quota);
    if (owed !== sum || told.owed.accounts + told.overdrawn.accounts !== moved.length)
      faults.push(`as of ${proving.asOf} ${owed} is owed, and ${sum} to ${moved.length} accounts is there`);
  }
  return faults;
}

const FIGURES_OF_A_KIND = 6;
const FIGURES = [
  ['payment-credited', 'payment_id'],
  ['payment-refunded', 'refund_id'],
  ['balance-adjusted', 'adjustment_id'],
  ['consumption-recorded', 'call_id'],
] as const;

/** What the books of a round come to, closed now and proved to a stranger. */
export const proofInvariant: Invariant = {
  name: 'what was signed is the log: its root, receipts, and the proof of every balance',
  async check(evidence, note) {
    const { cluster, events, accounts, random } = evidence;
    const { keys } = JSON.parse(await runCli(cluster, 'transparency', 'key', '--json')) as {
      readonly keys: readonly string[];
    };
    const userOf = new Map([...accounts].map(([user, account]) => [account, user]));
    const figures = FIGURES.flatMap(([type, member]) =>
      random
        .shuffle(events.filter((event) => event.type === type))
        .slice(0, FIGURES_OF_A_KIND)
        .map((event) => ({
          user: userOf.get(text(event, 'account_id')) ?? '',
          figure: text(event, member),
        })),
    );
    const faults = await proofFaults({
      url: cluster.url('api'),
      serviceKey: SERVICE_KEY,
      masterKey: Buffer.from(cluster.environment.MASTER_KEY ?? '', 'base64'),
      vkey: keys[0] ?? '',
      asOf: (await runCli(cluster, 'liability', 'commit')).trim(),
      readStored: () => readStored(cluster),
      figures,
      balances: balancesOf(evidence),
    });
    note(`${figures.length} receipts and ${accounts.size} balances`);
    return faults;
  },
};

const MOVES: ReadonlySet<string> = new Set([
  'payment-credited',
  'payment-refunded',
  'payment-refund-reversed',
  'payment-taken-back',
  'balance-adjusted',
  'grant-given',
  'grant-expired',
  'grant-withdrawn',
  'consumption-recorded',
  'consumption-corrected',
  'call-abandoned',
]);

/** Of whom nothing but free calls is in the log, nothing was moved. */
function balancesOf({ accounts, books, events }: Evidence): Proving['balances'] {
  const moving = events.filter(
    (event) =>
      MOVES.has(event.type) && quota(event, 'difference' in event.data ? 'difference' : 'quota') !== 0n,
  );
  const moved = new Set(moving.map((event) => text(event, 'account_id')));
  return new Map(
    [...accounts].map(([user, account]) => [
      user,
      { account, quota: moved.has(account) ? (books.balances.get(account) ?? 0n) : undefined },
    ]),
  );
}

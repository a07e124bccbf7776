import type { Commands } from '../../../commands/commands.js';
import { accountIdOf } from '../../../commands/handling/identifiers.js';
import type { CommandMeta, CommandResult } from '../../../commands/handling/command.js';
import type { EventType } from '../../../domain/events/catalogue.js';
import { typeOfStored } from '../../../domain/events/versions.js';
import type { Refusal } from '../../../domain/refusal.js';
import { accountStream } from '../../../domain/streams.js';
import type { EventStore } from '../../../eventstore/event-store.js';
import type { ImportPlan, LeftBehind, UserPlan } from './plan.js';

/** What was done; what had been done by an earlier run counts apart. Quota of the file: `credited`, `creditedBefore`, or of one left behind. */
export interface ImportOutcome {
  made: number;
  known: number;
  readonly credited: Credits;
  readonly creditedBefore: Credits;
  /** Access keys that came along, now or by an earlier run. */
  keys: number;
  keysBefore: number;
  readonly left: LeftBehind[];
}

interface Credits {
  count: number;
  quota: bigint;
}

type Needed = Pick<
  Commands,
  'syncAccount' | 'creditPayment' | 'changeAccountGroup' | 'suspendAccount' | 'carryOverToken'
>;

export interface Destination {
  readonly store: Pick<EventStore, 'readStream'>;
  readonly commands: Needed;
  readonly meta: CommandMeta;
  /** Recorded with suspensions. */
  readonly reason: string;
}

/**
 * Carries a plan out, user by user, and may be run again at will, also where it died: what is there already is not done again, and what
 * was decided here since then stands. A user whom the ledger refuses stays behind and holds up nobody.
 */
export async function runImport(
  { users, left }: ImportPlan,
  destination: Destination,
): Promise<ImportOutcome> {
  const outcome: ImportOutcome = {
    made: 0,
    known: 0,
    credited: { count: 0, quota: 0n },
    creditedBefore: { count: 0, quota: 0n },
    keys: 0,
    keysBefore: 0,
    left: [...left],
  };
  for (const user of users) await bringIn(user, destination, outcome);
  return outcome;
}

async function bringIn(user: UserPlan, destination: Destination, outcome: ImportOutcome): Promise<void> {
  const { sync, opening, group, suspended, keys } = user;
  const { commands, meta, reason } = destination;
  const { externalUserId } = sync;
  const went = (what: string, result: CommandResult<unknown>, quota?: bigint): boolean => {
    if (!result.ok)
      outcome.left.push({ what: `${what} of ${externalUserId}`, why: wordsFor(result.refusal), quota });
    return result.ok;
  };
  const before = await happened(destination.store, externalUserId);
  if (before.size > 0) outcome.known += 1;
  else {
    const synced = await commands.syncAccount(sync, meta);
    if (!went('the account', synced, opening?.quota)) return;
    outcome.made += 1;
  }
  // Before the balance: nobody spends it in a group, or with an account, that the other system would not have allowed.
  if (group !== 'default' && !before.has('account-group-changed'))
    went(`the group "${group}"`, await commands.changeAccountGroup({ externalUserId, group }, meta));
  if (suspended && !before.has('account-suspended'))
    went('the suspension', await commands.suspendAccount({ externalUserId, reason }, meta));
  for (const { id, token } of keys) {
    const carried = await commands.carryOverToken(token, meta);
    if (!went(`the access key ${id}`, carried)) continue;
    if (carried.ok && carried.replayed) outcome.keysBefore += 1;
    else outcome.keys += 1;
  }
  if (!opening) return;
  const { paymentId, amountUsd, quota } = opening;
  const note = 'opening balance';
  const credited = await commands.creditPayment({ externalUserId, paymentId, amountUsd, note }, meta);
  if (!went(`the balance (${quota} quota)`, credited, quota)) return;
  const credits = credited.ok && credited.replayed ? outcome.creditedBefore : outcome.credited;
  credits.count += 1;
  credits.quota += quota;
}

function wordsFor(refusal: Refusal): string {
  if (refusal.code === 'idempotency_conflict') return 'another user has brought the same key';
  if (refusal.code === 'group_not_found') return `group_not_found (${refusal.group})`;
  return refusal.code + ('field' in refusal ? ` (${refusal.field})` : '');
}

const PAGE = 200;

/** What was ever decided about an account here. Empty: there is none. */
async function happened(
  store: Destination['store'],
  externalUserId: string,
): Promise<ReadonlySet<EventType>> {
  const stream = accountStream(accountIdOf(externalUserId));
  const types = new Set<EventType>();
  for (let from = 0n; ;) {
    const page = await store.readStream(stream, { from, limit: PAGE });
    for (const event of page) {
      const type = typeOfStored(event.type);
      if (type) types.add(type);
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) return types;
    from = last.revision + 1n;
  }
}

import { codeBatchDecider, grantEnd, redeemable } from '../../domain/code/decide.js';
import { sourceOfCode } from '../../domain/code/source.js';
import { decodeEvent } from '../../domain/events/codec.js';
import { grantDecider } from '../../domain/grant/decide.js';
import { ORDINARY_PRIORITY } from '../../domain/grant/events.js';
import type { GrantState } from '../../domain/grant/state.js';
import type { Refusal } from '../../domain/refusal.js';
import { codeBatchStream, grantStream } from '../../domain/streams.js';
import { loadAccount } from '../account/load-account.js';
import type { Handler } from '../handling/command.js';
import { handle, whileAvailable } from '../handling/handle.js';
import { grantIdOf } from '../handling/identifiers.js';
import { load, type Loaded } from '../handling/load.js';
import { type Plan, planOne, refused } from '../handling/plan.js';
import {
  type CommandDependencies,
  CODE_GUESSES_MOST,
  type KnownBatch,
  type KnownCode,
} from '../handling/ports.js';
import type { GrantGiven } from '../grant/commands.js';
import type { CodeCommands } from './commands.js';
import { hashTyped } from './hash-code.js';

interface Redeemed {
  readonly account: { readonly accountId: string; readonly userId: number };
  readonly grant: Loaded<GrantState>;
  readonly grantId: string;
  readonly codeHash: string;
  readonly known: KnownCode;
  readonly actor: string;
}

/**
 * A code is used by being the source of a grant, whose stream cannot begin twice. Of the batch no more is read than what came after the tables:
 * a code that is voided while it is used was used before.
 */
export function redeemCode(dependencies: CommandDependencies): Handler<CodeCommands['redeemCode']> {
  return ({ externalUserId, code }, meta) => {
    // However often it is decided anew, a guess is counted once.
    let known: KnownCode | Refusal | undefined;
    return handle(dependencies, 'redeem-code', meta, async () => {
      const account = await loadAccount(dependencies, externalUserId);
      if (!account.state) return refused({ code: 'account_not_found' });
      const { accountId, erased, suspended } = account.state;
      if (erased) return refused({ code: 'account_erased' });
      if (suspended) return refused({ code: 'account_suspended' });
      const codeHash = hashTyped(dependencies, code);
      if (codeHash === undefined) return refused({ code: 'code_malformed' });
      known ??= await find(dependencies, accountId, codeHash);
      if ('code' in known) return refused(known);
      const grantId = grantIdOf(sourceOfCode(codeHash));
      const grant = await load(dependencies.store, grantStream(grantId), grantDecider);
      const { actor } = meta;
      return redeem(dependencies, { account: account.state, grant, grantId, codeHash, known, actor });
    });
  };
}

/** Who has guessed too often learns of no code whether it is one. */
async function find(
  { codeOf, codeGuesses, now, timings }: CommandDependencies,
  accountId: string,
  codeHash: string,
): Promise<KnownCode | Refusal> {
  const tooMany = { code: 'code_guesses_most', max: CODE_GUESSES_MOST } as const;
  const known = await whileAvailable(timings, () => codeOf(codeHash));
  if (known) return (await codeGuesses.areTooMany(accountId, now())) ? tooMany : known;
  return (await codeGuesses.count(accountId, now())) ? { code: 'code_unknown' } : tooMany;
}

async function redeem(
  dependencies: CommandDependencies,
  { account: { accountId, userId }, grant, grantId, codeHash, known, actor }: Redeemed,
): Promise<Plan<GrantGiven>> {
  if (grant.state) {
    const { account_id, quota } = grant.state.terms;
    if (account_id !== accountId) return refused({ code: 'code_used' });
    const [given] = grant.positions;
    const again = {
      kind: 'accepted',
      writes: [],
      value: { accountId, grantId, quota },
      replayed: true,
    } as const;
    return { ...again, position: given as bigint };
  }
  if (!dependencies.givesGrants) return refused({ code: 'grants_off' });
  const batch = await batchNow(dependencies, known, codeHash);
  const now = dependencies.now();
  const refusal = redeemable(batch, now);
  if (refusal) return refused(refusal);
  const { name, quota } = batch.terms;
  const endsAt = grantEnd(batch.terms, now);
  const terms = {
    ...{ grant_id: grantId, account_id: accountId, user_id: userId, quota, kind: 'code' as const },
    ...{ source: sourceOfCode(codeHash), priority: ORDINARY_PRIORITY },
    ...(endsAt && { ends_at: endsAt.toISOString() }),
    reason: await dependencies.vault.sealText(accountId, name),
    by: actor,
  };
  const balance = await dependencies.balanceOf(accountId);
  return planOne(grant, grantDecider.decide({ type: 'give', terms, balance }, grant.state), {
    ...{ accountId, grantId, quota },
  });
}

/** As the log has it: what came of it since the tables, or all of it where they do not have it. */
async function batchNow(
  { store }: CommandDependencies,
  { batchId, inTables }: KnownCode,
  codeHash: string,
): Promise<Pick<KnownBatch, 'terms' | 'isVoided'>> {
  const stream = codeBatchStream(batchId);
  if (!inTables) {
    const { state } = await load(store, stream, codeBatchDecider);
    if (!state) throw new Error(`the batch ${batchId} has codes and was never made`);
    return { terms: state.terms, isVoided: state.isVoided || state.voided.has(codeHash) };
  }
  let { isVoided, revision } = inTables;
  for (;;) {
    const page = await store.readStream(stream, { from: revision + 1n, limit: PAGE });
    for (const recorded of page) {
      revision = recorded.revision;
      if (recorded.passedOver) continue;
      const event = decodeEvent(recorded.type, recorded.data);
      isVoided ||= event.type === 'code-batch-voided';
      isVoided ||= event.type === 'code-voided' && event.data.code_hash === codeHash;
    }
    if (page.length < PAGE) return { terms: inTables.terms, isVoided };
  }
}

const PAGE = 100;

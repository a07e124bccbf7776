import type { Account } from '../../domain/account/state.js';
import { accountDecider } from '../../domain/account/decide.js';
import { claimDecider } from '../../domain/claim/decide.js';
import { referralDecider } from '../../domain/referral/decide.js';
import type { Refusal } from '../../domain/refusal.js';
import { accountStream, claimStream, referralStream } from '../../domain/streams.js';
import { valuesCarried } from '../handling/claims.js';
import { referralIdOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { type PlannedWrite, writeOf } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { SyncAccount } from './commands.js';

/**
 * What is to be written so that an account is bound to whoever's referral code was named. One that is bound stays so, whatever is named later:
 * front ends send what they once heard with every synchronisation. Nothing where nobody can be bound, as any member that is not known.
 */
export async function inviterWrites(
  dependencies: CommandDependencies,
  accountId: string,
  named: Pick<SyncAccount, 'affCode' | 'inviterAffCode'>,
  by: string,
): Promise<{ readonly writes: readonly PlannedWrite[]; readonly refusal?: Refusal }> {
  const { affCode: ownCode, inviterAffCode: affCode } = named;
  if (!affCode || !dependencies.bindsReferrals) return { writes: [] };
  const referralId = referralIdOf(accountId);
  const referral = await load(dependencies.store, referralStream(referralId), referralDecider);
  if (referral.state) return { writes: [] };
  // Of a code that the same request gives them nobody else can be meant.
  if (affCode === ownCode) return { writes: [], refusal: { code: 'referral_own' } };
  const inviter = await ownerOfCode(dependencies, affCode);
  if (!inviter) return { writes: [], refusal: { code: 'inviter_not_found' } };
  const terms = { referral_id: referralId, account_id: accountId, inviter_id: inviter.accountId, by };
  const decision = referralDecider.decide({ type: 'bind', terms }, referral.state);
  return decision.kind === 'refused'
    ? { writes: [], refusal: decision.refusal }
    : { writes: [writeOf(referral, decision.events)] };
}

/** Whoever has a referral code now: a claim may be older than what its account says. */
async function ownerOfCode(dependencies: CommandDependencies, affCode: string): Promise<Account | undefined> {
  const { keyring, store } = dependencies;
  const hash = keyring.hashClaim('aff-code', affCode);
  const { state: claim } = await load(store, claimStream('aff-code', hash), claimDecider);
  if (!claim) return undefined;
  const { state: owner } = await load(store, accountStream(claim.owner), accountDecider);
  if (!owner || owner.erased) return undefined;
  const carried = await valuesCarried(dependencies, owner);
  return carried.some((value) => value.kind === 'aff-code' && value.hash === hash) ? owner : undefined;
}

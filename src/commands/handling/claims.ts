import { accountDecider } from '../../domain/account/decide.js';
import { placeholderEmail, type Profile } from '../../domain/account/profile.js';
import type { Account } from '../../domain/account/state.js';
import { claimDecider } from '../../domain/claim/decide.js';
import type { ClaimKind } from '../../domain/claim/events.js';
import type { Refusal } from '../../domain/refusal.js';
import { loginDecider } from '../../domain/login/decide.js';
import { accountStream, claimStream, loginStream } from '../../domain/streams.js';
import { withoutUnseen } from '../../support/clean-text.js';
import { opened } from '../../support/opened.js';
import { load, type Loaded } from './load.js';
import { type PlannedWrite, writeOf } from './plan.js';
import type { CommandDependencies } from './ports.js';

type Dependencies = Pick<CommandDependencies, 'store' | 'vault' | 'keyring' | 'now' | 'claimGraceMs'>;
type Identity = Pick<Profile, 'username' | 'affCode'> & { readonly email: string | undefined };

/** A value that only one account may have; by its keyed hash, so that nothing personal is in the name of a stream. */
export interface ClaimedValue {
  readonly kind: ClaimKind;
  readonly hash: string;
}

/** Of somebody of another service: the hash that the login's events carry. */
export const identityClaim = (hash: string): ClaimedValue => ({ kind: 'identity', hash });

/** What names are compared by: two that differ in nothing but letter case, the width of letters, or what nobody sees, are one to who reads them. */
export const foldedName = (username: string): string =>
  withoutUnseen(username.normalize('NFKC')).toLowerCase();

/**
 * The values an account claims. A name is claimed as it is written and as it is compared: claims from before names were compared stand. An e-mail is compared without regard to case; the placeholder with it, because external ids
 * that differ only in case are different users. What is empty is claimed by nobody.
 */
export function claimedValues(
  keyring: CommandDependencies['keyring'],
  externalUserId: string,
  { username, affCode, email }: Identity,
): ClaimedValue[] {
  const address = email === placeholderEmail(externalUserId) ? email : email?.toLowerCase();
  const values: [ClaimKind, string | undefined][] = [
    ['username', username],
    ['username', username && foldedName(username) !== username ? foldedName(username) : undefined],
    ['email', address],
    ['aff-code', affCode],
  ];
  return values.flatMap(([kind, value]) => (value ? [{ kind, hash: keyring.hashClaim(kind, value) }] : []));
}

/** The values of the first list that are not in the second. */
export const valuesWithout = (values: readonly ClaimedValue[], others: readonly ClaimedValue[]) =>
  values.filter(({ kind, hash }) => !others.some((other) => other.kind === kind && other.hash === hash));

/** What has to be written so that the account holds the values, or why it may not. */
export async function reserveClaims(
  dependencies: Dependencies,
  owner: string,
  values: readonly ClaimedValue[],
): Promise<{ readonly writes: readonly PlannedWrite[]; readonly refusal?: Refusal }> {
  const writes: PlannedWrite[] = [];
  const claims = await Promise.all(values.map((value) => loadClaim(dependencies, value)));
  for (const [index, value] of values.entries()) {
    const claim = claims[index] as Awaited<ReturnType<typeof loadClaim>>;
    const stale = claim.state ? await isStale(dependencies, value, claim.state.owner, claim, owner) : false;
    const decision = claimDecider.decide(
      { type: 'reserve', kind: value.kind, owner, requestHash: null, stale },
      claim.state,
    );
    if (decision.kind === 'refused') return { writes: [], refusal: decision.refusal };
    writes.push(writeOf(claim, decision.events));
  }
  return { writes };
}

/** What has to be written so that the account holds those of the values that nobody holds. */
export async function reserveFree(
  dependencies: Dependencies,
  owner: string,
  values: readonly ClaimedValue[],
): Promise<readonly PlannedWrite[]> {
  const claims = await Promise.all(values.map((value) => loadClaim(dependencies, value)));
  const free = values.filter((_, index) => claims[index]?.state === undefined);
  return (await reserveClaims(dependencies, owner, free)).writes;
}

/** What has to be written so that the account no longer holds the values. */
export async function releaseClaims(
  dependencies: Dependencies,
  owner: string,
  values: readonly ClaimedValue[],
): Promise<readonly PlannedWrite[]> {
  const claims = await Promise.all(values.map((value) => loadClaim(dependencies, value)));
  return claims.flatMap((claim, index) => {
    const { kind } = values[index] as ClaimedValue;
    const decision = claimDecider.decide({ type: 'release', kind, owner }, claim.state);
    return decision.kind === 'accepted' && decision.events.length > 0
      ? [writeOf(claim, decision.events)]
      : [];
  });
}

const loadClaim = ({ store }: Dependencies, { kind, hash }: ClaimedValue) =>
  load(store, claimStream(kind, hash), claimDecider);

/**
 * Where a store keeps each write apart, a claim can be stored without the account event it was for, or outlive it. Such a claim
 * is free again after the grace time. That time is longer than any command waits, so the owner is not about to write the event.
 */
async function isStale(
  dependencies: Dependencies,
  value: ClaimedValue,
  holder: string,
  { lastRecordedAt }: Pick<Loaded<unknown>, 'lastRecordedAt'>,
  owner: string,
): Promise<boolean> {
  if (holder === owner) return false;
  const age = dependencies.now().getTime() - (lastRecordedAt?.getTime() ?? 0);
  if (age < dependencies.claimGraceMs) return false;
  const account = await load(dependencies.store, accountStream(holder), accountDecider);
  if (!account.state || account.state.erased) return true;
  if (value.kind === 'identity') {
    const { state } = await load(dependencies.store, loginStream(holder), loginDecider);
    return !state?.identities.some(({ hash }) => hash === value.hash);
  }
  const carried = await valuesCarried(dependencies, account.state);
  return valuesWithout([value], carried).length > 0;
}

/** The values of an account as it stands in the log. */
export async function valuesCarried(
  { vault, keyring }: Pick<Dependencies, 'vault' | 'keyring'>,
  account: Account,
): Promise<ClaimedValue[]> {
  const personal = await vault.open(account.personal);
  const { externalUserId, username, affCode } = account;
  const names = await opened(vault.openTexts, { username, affCode });
  return claimedValues(keyring, externalUserId, { ...names, email: personal?.email });
}

import { accountDecider } from '../../domain/account/decide.js';
import {
  firstProfile,
  isAnothersPlaceholder,
  mergeProfile,
  personalFields,
  type Profile,
  type ProfileInput,
  samePersonalData,
} from '../../domain/account/profile.js';
import type { Account } from '../../domain/account/state.js';
import { opened } from '../../support/opened.js';
import { accountStream } from '../../domain/streams.js';
import {
  claimedValues,
  type ClaimedValue,
  releaseClaims,
  reserveClaims,
  reserveFree,
  valuesWithout,
} from '../handling/claims.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { accountIdOf } from '../handling/identifiers.js';
import { load, type Loaded } from '../handling/load.js';
import { lastPosition, type Plan, refused, writeOf } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { loadRequestClaim, type RequestClaim } from '../handling/request-claims.js';
import { inviterWrites } from './bind-inviter.js';
import type { AccountCommands, SyncAccount } from './commands.js';
import { identityOf, planRegistration } from './plan-registration.js';

const COMMAND = 'sync-account';
/** What an idempotency key is claimed for. */
const NEW_ACCOUNT = 'account:new';
const KNOWN_ACCOUNT = 'account:known';

type Synced = { accountId: string; userId: number; isNew: boolean };

/** Creates the account or brings its profile up to date. A sync that changes nothing appends nothing; none touches money. */
export function syncAccount(dependencies: CommandDependencies): Handler<AccountCommands['syncAccount']> {
  return async (input, meta) => {
    const accountId = accountIdOf(input.externalUserId);
    let userId: number | undefined;
    // Taken once, however often the command has to decide again.
    const nextUserId = async () => (userId ??= await dependencies.ids.nextUserId());
    return handle(dependencies, COMMAND, meta, async () => {
      const [account, claim] = await Promise.all([
        load(dependencies.store, accountStream(accountId), accountDecider),
        loadRequestClaim(dependencies, { name: COMMAND, accountId, request: input }, meta),
      ]);
      if (claim && 'refusal' in claim) return refused(claim.refusal);
      if (claim?.claimed && account.state) return firstAnswer(account, account.state, claim);
      const plan = account.state
        ? await planUpdate(dependencies, account, account.state, profileInput(input))
        : await planRegistration(dependencies, account, {
            accountId,
            externalUserId: input.externalUserId,
            profile: firstProfile(input.externalUserId, profileInput(input)),
            nextUserId,
          });
      if (plan.kind === 'refused') return plan;
      const inviter = await inviterWrites(dependencies, accountId, input, meta.actor);
      if (inviter.refusal) return refused(inviter.refusal);
      // Last: what a store that keeps each write apart may lose is the claim and not the account.
      const claimWrite = claim?.claim(plan.value.isNew ? NEW_ACCOUNT : KNOWN_ACCOUNT);
      return { ...plan, writes: [...plan.writes, ...inviter.writes, ...(claimWrite ? [claimWrite] : [])] };
    });
  };
}

/** What the first request under the same idempotency key was answered. */
function firstAnswer(
  loaded: Loaded<Account | undefined>,
  account: Account,
  claim: RequestClaim,
): Plan<Synced> {
  const { accountId, userId } = account;
  const value = { accountId, userId, isNew: claim.owner === NEW_ACCOUNT };
  return { kind: 'accepted', writes: [], value, position: lastPosition(loaded), replayed: true };
}

/** What brings an account to another profile: its claims before the event, and what it no longer has after it. */
export async function planUpdate(
  dependencies: CommandDependencies,
  loaded: Loaded<Account | undefined>,
  account: Account,
  input: ProfileInput,
): Promise<Plan<Synced>> {
  const { accountId, userId, externalUserId } = account;
  const current = await profileOf(dependencies.vault, account);
  if (!current) return refused({ code: 'account_erased' });
  const next = mergeProfile(current, input);
  const { email } = next.personal;
  if (email !== current.personal.email && isAnothersPlaceholder(email, externalUserId))
    return refused({ code: 'email_taken' });
  const before = claimedValues(dependencies.keyring, externalUserId, identityOf(current));
  const after = claimedValues(dependencies.keyring, externalUserId, identityOf(next));
  // Of a name from before names were compared only the one spelling is held. It is the account's own, whoever else has another by now.
  const [names, others] = [ofKind(after, 'username'), after.filter(({ kind }) => kind !== 'username')];
  const isRenamed = next.username !== current.username;
  const wanted = [...(isRenamed ? names : []), ...valuesWithout(others, before)];
  const claims = await reserveClaims(dependencies, accountId, wanted);
  if (claims.refusal) return refused(claims.refusal);
  const owed = isRenamed || names.length === 1 ? [] : await reserveFree(dependencies, accountId, names);
  const decision = accountDecider.decide(
    { type: 'update-profile', changes: await changesOf(dependencies, accountId, current, next) },
    account,
  );
  if (decision.kind === 'refused') return decision;
  return {
    kind: 'accepted',
    writes: [
      ...claims.writes,
      ...owed,
      writeOf(loaded, decision.events),
      // Only after the account event: until then the account carries the old values and nobody else may.
      ...(await releaseClaims(dependencies, accountId, valuesWithout(before, after))),
    ],
    value: { accountId, userId, isNew: false },
    position: lastPosition(loaded),
    replayed: false,
  };
}

const ofKind = (values: readonly ClaimedValue[], kind: ClaimedValue['kind']) =>
  values.filter((value) => value.kind === kind);

/** What is known of a person; undefined once the person was erased. */
async function profileOf(
  vault: CommandDependencies['vault'],
  account: Account,
): Promise<Profile | undefined> {
  const personal = account.erased ? undefined : await vault.open(account.personal);
  if (!personal) return undefined;
  const { username, affCode, loginType } = account;
  return opened(vault.openTexts, { username, affCode, loginType, personal });
}

async function changesOf({ vault }: CommandDependencies, accountId: string, current: Profile, next: Profile) {
  return {
    ...(next.username !== current.username && { username: await vault.sealText(accountId, next.username) }),
    ...(next.loginType !== current.loginType && { login_type: next.loginType }),
    ...(next.affCode !== current.affCode && { aff_code: await vault.sealText(accountId, next.affCode) }),
    ...(!samePersonalData(next.personal, current.personal) && {
      personal: await vault.seal(accountId, next.personal),
    }),
  };
}

function profileInput(input: SyncAccount): ProfileInput {
  const personal = Object.fromEntries(personalFields.map((field) => [field, input[field]]));
  return { username: input.username, loginType: input.loginType, affCode: input.affCode, ...personal };
}

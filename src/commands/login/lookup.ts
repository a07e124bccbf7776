import { accountDecider } from '../../domain/account/decide.js';
import type { Account } from '../../domain/account/state.js';
import { loginDecider } from '../../domain/login/decide.js';
import { claimDecider } from '../../domain/claim/decide.js';
import type { ClaimKind } from '../../domain/claim/events.js';
import { accountStream, claimStream, loginStream } from '../../domain/streams.js';
import { foldedName, valuesCarried } from '../handling/claims.js';
import { load } from '../handling/load.js';
import type { CommandDependencies } from '../handling/ports.js';

type Dependencies = Pick<CommandDependencies, 'store' | 'keyring' | 'vault'>;

type Found = Promise<Account | undefined>;

/** By the name as it is written, else as names are compared: of two accounts from before that were compared each is found by its own. */
export async function accountOfName(dependencies: Dependencies, username: string): Found {
  const byName = await accountOfClaim(dependencies, 'username', username);
  if (byName || foldedName(username) === username) return byName;
  return accountOfClaim(dependencies, 'username', foldedName(username));
}

/**
 * The account that has the name or the address, by the log itself: whoever has just registered is found. What only looks like an address may
 * be a name that a front end gave.
 */
export async function accountOfLogin(dependencies: Dependencies, login: string): Found {
  const byAddress = login.includes('@') ? await accountOfEmail(dependencies, login) : undefined;
  return byAddress ?? (await accountOfName(dependencies, login));
}

export const accountOfEmail = (dependencies: Dependencies, email: string): Found =>
  accountOfClaim(dependencies, 'email', email.toLowerCase());

/** Only an account that carries the value: a claim may be left from one that does not any more. */
async function accountOfClaim(dependencies: Dependencies, kind: ClaimKind, value: string): Found {
  const { store, keyring } = dependencies;
  const hash = keyring.hashClaim(kind, value);
  const claim = await load(store, claimStream(kind, hash), claimDecider);
  if (!claim.state) return undefined;
  const account = await load(store, accountStream(claim.state.owner), accountDecider);
  if (!account.state || account.state.erased) return undefined;
  const carried = await valuesCarried(dependencies, account.state);
  return carried.some((each) => each.kind === kind && each.hash === hash) ? account.state : undefined;
}

/** The account that somebody of another service is linked to; only where its login says so too. */
export async function accountOfIdentity(dependencies: Dependencies, hash: string): Found {
  const { store } = dependencies;
  const { state: claim } = await load(store, claimStream('identity', hash), claimDecider);
  if (!claim) return undefined;
  const { state: login } = await load(store, loginStream(claim.owner), loginDecider);
  if (!login?.identities.some((each) => each.hash === hash)) return undefined;
  const account = await accountOfId(dependencies, claim.owner);
  return account?.erased ? undefined : account;
}

/** The account of an id, as the log has it now. */
export async function accountOfId({ store }: Pick<CommandDependencies, 'store'>, accountId: string): Found {
  return (await load(store, accountStream(accountId), accountDecider)).state;
}

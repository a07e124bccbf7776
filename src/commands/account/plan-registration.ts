import { accountDecider } from '../../domain/account/decide.js';
import { isAnothersPlaceholder, type Profile } from '../../domain/account/profile.js';
import type { Account } from '../../domain/account/state.js';
import { claimedValues, reserveClaims } from '../handling/claims.js';
import type { Loaded } from '../handling/load.js';
import { lastPosition, type Plan, refused, writeOf } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';

/** The group of an account that nobody has put into another. */
const FIRST_GROUP = 'default';

export interface Registration {
  readonly accountId: string;
  readonly externalUserId: string;
  readonly profile: Profile;
  readonly nextUserId: () => Promise<number>;
}

/** What makes an account that there is not: the claims of its values, and its first event. */
export async function planRegistration(
  dependencies: CommandDependencies,
  account: Loaded<undefined | Account>,
  { accountId, externalUserId, profile, nextUserId }: Registration,
): Promise<Plan<{ accountId: string; userId: number; isNew: boolean }>> {
  if (isAnothersPlaceholder(profile.personal.email, externalUserId)) return refused({ code: 'email_taken' });
  const values = claimedValues(dependencies.keyring, externalUserId, identityOf(profile));
  const claims = await reserveClaims(dependencies, accountId, values);
  if (claims.refusal) return refused(claims.refusal);
  const userId = await nextUserId();
  const decision = accountDecider.decide(
    {
      type: 'register',
      account: {
        account_id: accountId,
        user_id: userId,
        external_user_id: externalUserId,
        username: await dependencies.vault.sealText(accountId, profile.username),
        login_type: profile.loginType,
        aff_code: await dependencies.vault.sealText(accountId, profile.affCode),
        group: FIRST_GROUP,
        personal: await dependencies.vault.seal(accountId, profile.personal),
      },
    },
    account.state,
  );
  if (decision.kind === 'refused') return decision;
  return {
    kind: 'accepted',
    writes: [...claims.writes, writeOf(account, decision.events)],
    value: { accountId, userId, isNew: true },
    position: lastPosition(account),
    replayed: false,
  };
}

/** What of a profile nobody else may have. */
export const identityOf = ({ username, affCode, personal }: Profile) => ({
  username,
  affCode,
  email: personal.email,
});

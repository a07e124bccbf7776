import { accountDecider } from '../../domain/account/decide.js';
import { firstProfile } from '../../domain/account/profile.js';
import type { LoginCommand } from '../../domain/login/decide.js';
import type { LoginState } from '../../domain/login/state.js';
import { accountStream } from '../../domain/streams.js';
import { identityClaim, reserveClaims } from '../handling/claims.js';
import { inviterWrites } from '../account/bind-inviter.js';
import { planRegistration } from '../account/plan-registration.js';
import type { CommandMeta, Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { accountIdOf } from '../handling/identifiers.js';
import { load, type Loaded } from '../handling/load.js';
import { lastPosition, type Plan, refused, writeOf } from '../handling/plan.js';
import { decideAll, loadLogin } from './change-login.js';
import type { LoginCommands, RegisterPerson } from './commands.js';
import { emailHash, type LoginDependencies } from './dependencies.js';

type Registered = { accountId: string };

/**
 * The account and the login in one append; then the password, which opens nothing before. Sent again after a crash, it does what is missing;
 * the first password stands.
 */
export function registerPerson(dependencies: LoginDependencies): Handler<LoginCommands['registerPerson']> {
  return async (input, meta) => {
    const accountId = accountIdOf(input.externalUserId);
    let userId: number | undefined;
    const nextUserId = async () => (userId ??= await dependencies.ids.nextUserId());
    const registered = await handle(dependencies, 'register-person', meta, async () => {
      const [account, login] = await Promise.all([
        load(dependencies.store, accountStream(accountId), accountDecider),
        loadLogin(dependencies, accountId),
      ]);
      if (account.state?.erased) return refused({ code: 'account_erased' });
      const profile = firstProfile(input.externalUserId, { username: input.username, email: input.email });
      const { externalUserId } = input;
      const plan: Plan<Registered> = account.state
        ? {
            kind: 'accepted',
            writes: [],
            value: { accountId },
            position: lastPosition(account),
            replayed: true,
          }
        : await planRegistration(dependencies, account, { accountId, externalUserId, profile, nextUserId });
      if (plan.kind === 'refused') return plan;
      // Nobody is kept out by a code that was mistyped, or that has gone since the mail was sent.
      const inviter = account.state
        ? []
        : (await inviterWrites(dependencies, accountId, input, meta.actor)).writes;
      const invited = { ...plan, writes: [...plan.writes, ...inviter] };
      return withLogin(dependencies, invited, login, { input, accountId, meta });
    });
    if (registered.ok) await dependencies.credentials.add(accountId, input.passwordHash);
    return registered;
  };
}

type Accepted = Extract<Plan<Registered>, { kind: 'accepted' }>;

async function withLogin(
  dependencies: LoginDependencies,
  plan: Accepted,
  login: Loaded<LoginState>,
  { input, accountId, meta }: { input: RegisterPerson; accountId: string; meta: CommandMeta },
): Promise<Plan<Registered>> {
  const by = meta.actor;
  const commands: LoginCommand[] = [{ type: 'open', accountId, by }];
  if (input.verified)
    commands.push({ type: 'verify-email', accountId, email: emailHash(dependencies, input.email), by });
  const { identity } = input;
  if (identity) commands.push({ type: 'link-identity', accountId, identity, by });
  const claims = await reserveClaims(dependencies, accountId, identity ? [identityClaim(identity.hash)] : []);
  if (claims.refusal) return refused(claims.refusal);
  const decision = decideAll(commands, login.state);
  if (decision.kind === 'refused') return decision;
  // Last: without the account there is nothing to sign in to.
  return {
    ...plan,
    writes: [...claims.writes, ...plan.writes, writeOf(login, decision.events)],
    value: { accountId },
    replayed: plan.replayed && decision.events.length === 0,
  };
}

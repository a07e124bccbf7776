import { identityClaim, releaseClaims, reserveClaims } from '../handling/claims.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { planOne, refused } from '../handling/plan.js';
import type { Keyring } from '../../support/keyring.js';
import { decideAll, loadLogin } from './change-login.js';
import type { LoginCommands } from './commands.js';
import type { LoginDependencies } from './dependencies.js';

/** Somebody is who they are by issuer and subject alone: names and addresses of a provider change hands. */
export const identityHash = (
  { keyring }: { readonly keyring: Pick<Keyring, 'hashClaim'> },
  issuer: string,
  subject: string,
): string => keyring.hashClaim('identity', `${issuer}\0${subject}`);

/** The claim comes first: an identity that two accounts want is that of one. */
export function linkIdentity(dependencies: LoginDependencies): Handler<LoginCommands['linkIdentity']> {
  return ({ accountId, identity }, meta) =>
    handle(dependencies, 'link-identity', meta, async () => {
      const login = await loadLogin(dependencies, accountId);
      const linking = { type: 'link-identity', accountId, identity, by: meta.actor } as const;
      const plan = planOne(login, decideAll([linking], login.state), { accountId });
      if (plan.kind === 'refused' || plan.writes.every(({ events }) => events.length === 0)) return plan;
      const claims = await reserveClaims(dependencies, accountId, [identityClaim(identity.hash)]);
      if (claims.refusal) return refused(claims.refusal);
      return { ...plan, writes: [...claims.writes, ...plan.writes] };
    });
}

/** It is free for whoever is it. */
export function unlinkIdentity(dependencies: LoginDependencies): Handler<LoginCommands['unlinkIdentity']> {
  return ({ accountId, identity }, meta) =>
    handle(dependencies, 'unlink-identity', meta, async () => {
      const login = await loadLogin(dependencies, accountId);
      const unlinking = { type: 'unlink-identity', accountId, identity, by: meta.actor } as const;
      const plan = planOne(login, decideAll([unlinking], login.state), { accountId });
      if (plan.kind === 'refused') return plan;
      const released = await releaseClaims(dependencies, accountId, [identityClaim(identity.hash)]);
      return { ...plan, writes: [...plan.writes, ...released] };
    });
}

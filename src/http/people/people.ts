import { askEmail, confirmEmail } from './email-change.js';
import { enter, handOver, type HandoverParts } from './handover.js';
import { ownPasskeys } from './passkeys.js';
import { byProvider, type IdentityParts, ownIdentities } from './identities.js';
import { clearFactorsOf, endSessionsOf, type InvitationParts, invite, inviteAgain } from './invitation.js';
import type { People } from './ports/people.js';
import { forgot, resend, reset } from './recovery.js';
import { closedBecause, register, type RegistrationParts, verify } from './registration.js';
import { ownFactors } from './second-step.js';
import { createSigningIn, type SignInParts } from './sign-in.js';

export type PeopleParts = SignInParts & RegistrationParts & HandoverParts & InvitationParts & IdentityParts;

/** What the people of accounts can do about their own sign-in. */
export function createPeople(parts: PeopleParts): People {
  return {
    ...createSigningIn(parts),
    ...byProvider(parts),
    ...ownIdentities(parts),
    ...ownFactors(parts),
    ...ownPasskeys(parts),
    languageOf: (accountId) => parts.languages.of(accountId),
    speak: (accountId, language) => parts.languages.keep(accountId, language),
    handOver: (handover) => handOver(parts, handover),
    enter: (code, visitor) => enter(parts, code, visitor),
    invite: (person, meta) => invite(parts, person, meta),
    inviteAgain: (externalUserId, language) => inviteAgain(parts, externalUserId, language),
    clearFactors: (externalUserId, given, meta) => clearFactorsOf(parts, externalUserId, given, meta),
    endSessionsOf: (externalUserId) => endSessionsOf(parts, externalUserId),
    closed: () => closedBecause(parts),
    register: (person, visit) => register(parts, person, visit),
    verify: (token, username, visit) => verify(parts, token, username, visit),
    resend: (email, visit) => resend(parts, email, visit),
    forgot: (email, visit) => forgot(parts, email, visit),
    reset: (token, password, visit) => reset(parts, token, password, visit),
    askEmail: (person, email, visit) => askEmail(parts, person, email, visit),
    confirmEmail: (token, visit) => confirmEmail(parts, token, visit),
  };
}

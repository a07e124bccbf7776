import type { Visitor } from '../../sessions/browser-sessions.js';
import type { HalfSignedIn, SignedInPerson, Started, Visit } from './person.js';
import type { Registered } from './registering.js';

/** A service of others at which people sign in. */
export interface OfferedProvider {
  readonly name: string;
  readonly kind: 'oidc' | 'github';
  readonly label: string;
}

/** Somebody whom nobody here is linked to. */
export interface Newcomer {
  /** The ticket to register with, for half an hour. */
  readonly newcomer: string;
  /** A proposal. */
  readonly username: string;
  /** Undefined where the service has verified none. */
  readonly email: string | undefined;
}

/** What a browser came back with from a service. */
export interface CameBack {
  readonly provider: string;
  /** Of the cookie that was given on the way there. */
  readonly secret: string | undefined;
  readonly answered: Readonly<Record<string, string>>;
}

/** What a browser is sent to a service with: `secret` is for its cookie. */
export interface SentThere {
  readonly url: string;
  readonly secret: string;
}

/** Signing in by services of others. Throws 404 `provider_not_found`, 502 `provider_away`. */
export interface ByProvider {
  providers(): Promise<readonly OfferedProvider[]>;
  /** @param inviterAffCode by which they came, in case that they register */
  beginAtProvider(provider: string, visitor: Visitor, inviterAffCode: string | undefined): Promise<SentThere>;
  /** Also throws 400 `sign_in_expired`, 401 `provider_refused`. */
  signInByProvider(given: CameBack, visitor: Visitor): Promise<Started | HalfSignedIn | Newcomer>;
  /** Throws as `register` does. */
  registerByProvider(
    given: { readonly ticket: string; readonly username: string; readonly email: string },
    visit: Visit,
  ): Promise<{ readonly status: Registered['status']; readonly started: Started | undefined }>;
}

export interface LinkedIdentity {
  readonly id: string;
  readonly provider: string;
  readonly label: string;
}

/** What people do about who they are elsewhere. All but looking throws as `requireProof` does. */
export interface OwnIdentities {
  identities(person: SignedInPerson): Promise<readonly LinkedIdentity[]>;
  beginLink(person: SignedInPerson, provider: string, visitor: Visitor): Promise<SentThere>;
  /** Throws as `signInByProvider`, and 409 `identity_taken`. */
  link(person: SignedInPerson, given: CameBack, visit: Visit): Promise<void>;
  /** Throws 404 `identity_not_found`. */
  unlink(person: SignedInPerson, id: string, visit: Visit): Promise<void>;
}

/** A service of others at which people are known (setting `identity_providers`), and our secret there. */
export interface OpenedProvider {
  readonly kind: 'oidc' | 'github';
  readonly issuer: string;
  readonly client_id: string;
  readonly secret_id: string;
  readonly secret: string;
}

/** One visit there: what ties its end to its beginning. */
export interface ProviderVisit {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly verifier: string;
}

/** Who somebody is there, as the service itself has said. */
export interface ProvenIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** What they are called there; a proposal. */
  readonly name: string | undefined;
  /** Only one that the service says to have verified. */
  readonly verifiedEmail: string | undefined;
}

/** It could not be asked, or what it said is not to be believed. The message is for operators. */
export class ProviderFailed extends Error {
  override readonly name = 'ProviderFailed';
  constructor(
    readonly why: 'away' | 'refused',
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : 'no reason was given', { cause });
  }
}

/** Services of others at which people sign in. All throw ProviderFailed. */
export interface IdentityServices {
  /** Whether it is there, and speaks what it should. */
  probe(provider: OpenedProvider): Promise<void>;
  /** Where the browser goes. */
  begin(provider: OpenedProvider, visit: ProviderVisit): Promise<string>;
  /** @param answered what the browser came back with */
  finish(
    provider: OpenedProvider,
    visit: ProviderVisit,
    answered: Readonly<Record<string, string>>,
  ): Promise<ProvenIdentity>;
}

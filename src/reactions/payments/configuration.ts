import type { ProviderKind } from '../../domain/provider/settings.js';

/** One revision of a provider's configuration: orders keep to the one that they were placed under. */
export interface ProviderRevision {
  readonly providerId: string;
  readonly revision: number;
  readonly kind: ProviderKind;
  /** As the kind's schema has them. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly configuredBy: string;
  readonly configuredAt: Date;
}

/** With its secrets, for whoever speaks to the provider. */
export interface OpenedRevision extends ProviderRevision {
  readonly secrets: Readonly<Record<string, string>>;
}

export interface ProviderListed extends ProviderRevision {
  readonly isEnabled: boolean;
}

export interface NewRevision {
  readonly providerId: string;
  readonly kind: ProviderKind;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Those that are given; the others stay as they were. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly by: string;
}

/** Where configurations are: sealed, and none is ever changed. */
export interface ProviderStore {
  /** The newest of each, by name. */
  list(): Promise<readonly ProviderListed[]>;
  /** The newest first; none where there is no such provider. */
  revisions(providerId: string): Promise<readonly OpenedRevision[]>;
  add(revision: Required<NewRevision>, now: Date): Promise<number>;
  /** @returns false where there is no such provider */
  enable(providerId: string, isEnabled: boolean): Promise<boolean>;
}

/** What the address that providers notify answers from outside. */
export interface SelfTest {
  readonly url: string;
  readonly verdict: 'reached' | 'redirected' | 'other-answer' | 'not-reached';
  /** Of HTTP; null where nothing answered. */
  readonly status: number | null;
}

export type Configured =
  | { readonly ok: true; readonly provider: ProviderListed }
  | { readonly ok: false; readonly faults: readonly { readonly field: string; readonly message: string }[] };

/** Providers, for operators. */
export interface ProviderDesk {
  list(): Promise<readonly ProviderListed[]>;
  /** The address that the provider is to notify. */
  notifyUrl(providerId: string): string;
  configure(revision: NewRevision): Promise<Configured>;
  /** Undefined where there is no such provider. */
  enable(providerId: string, isEnabled: boolean): Promise<ProviderListed | undefined>;
  /** Asks for our own address, from outside as far as this machine can. */
  selfTest(): Promise<SelfTest>;
  /** What the address of the self-test answers. */
  probe(token: string): string;
}

import type { Command } from '../handling/command.js';

export interface NewKey<Scope> {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Where people may be led back to: origins, as browsers say them. */
  readonly returnOrigins: readonly string[];
}

/** Keys that let front ends in, each change recorded with who made it. */
export interface ServiceKeyCommands<Key, Scope> {
  /** Sent again, it makes another key: who did not hear of the first one revokes it. */
  readonly create: Command<NewKey<Scope>, Key>;
  readonly revoke: Command<{ readonly id: string }, { readonly id: string }>;
}

/** The keys of front ends, beside the log. */
export interface ServiceKeyRegistry<Key extends { readonly id: string }, Scope extends string> {
  create(name: string, scopes: readonly Scope[], returnOrigins: readonly string[]): Promise<Key>;
  revoke(id: string): Promise<boolean>;
}

import type { Command } from '../handling/command.js';

/** Keys that let front ends in, each change recorded with who made it. */
export interface ServiceKeyCommands<Key, Scope> {
  /** Sent again, it makes another key: who did not hear of the first one revokes it. */
  readonly create: Command<{ readonly name: string; readonly scopes: readonly Scope[] }, Key>;
  readonly revoke: Command<{ readonly id: string }, { readonly id: string }>;
}

/** The keys of front ends, beside the log. */
export interface ServiceKeyRegistry<Key extends { readonly id: string }, Scope extends string> {
  create(name: string, scopes: readonly Scope[]): Promise<Key>;
  revoke(id: string): Promise<boolean>;
}

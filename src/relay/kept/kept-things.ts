/** What a call left at upstream (a response, its items, a conversation, a container), by whose call and with which key. */
export interface Kept {
  readonly accountId: string;
  readonly channelId: string;
  readonly keyId: string;
  /** Prompt and output of the call, as charged: what comes on top of the next prompt. */
  readonly tokens: number;
}

/** The record of what is kept at upstreams, for thirty days from the last call that left it there. Rejects when it cannot be asked. */
export interface KeptThings {
  /** Those of the ids that a call of ours left: the account's own where it is among those whose call did. */
  find(accountId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Kept>>;
  /** Durable when it resolves. */
  keep(kept: Kept, ids: readonly string[]): Promise<void>;
  /** It was deleted at upstream. */
  forget(accountId: string, id: string): Promise<void>;
  /** The keys with which anybody but the account has ever left something, each as `channel/key`. */
  sharedKeys(accountId: string): Promise<ReadonlySet<string>>;
}

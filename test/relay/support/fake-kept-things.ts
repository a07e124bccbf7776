import type { Kept, KeptThings } from '../../../src/relay/kept/kept-things.js';

/** What calls left at upstreams, in memory, for ever. */
export class FakeKeptThings implements KeptThings {
  readonly things = new Map<string, Kept[]>();
  private readonly keepers = new Map<string, Set<string>>();

  async find(accountId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Kept>> {
    const found = new Map<string, Kept>();
    for (const id of ids) {
      const all = this.things.get(id) ?? [];
      const kept = all.find((each) => each.accountId === accountId) ?? all[0];
      if (kept) found.set(id, kept);
    }
    return found;
  }

  async keep(kept: Kept, ids: readonly string[]): Promise<void> {
    const key = `${kept.channelId}/${kept.keyId}`;
    this.keepers.set(key, (this.keepers.get(key) ?? new Set()).add(kept.accountId));
    for (const id of ids) {
      const others = (this.things.get(id) ?? []).filter(({ accountId }) => accountId !== kept.accountId);
      this.things.set(id, [...others, kept]);
    }
  }

  async forget(accountId: string, id: string): Promise<void> {
    this.things.set(
      id,
      (this.things.get(id) ?? []).filter((kept) => kept.accountId !== accountId),
    );
  }

  async sharedKeys(accountId: string): Promise<ReadonlySet<string>> {
    const others = [...this.keepers].filter(([, accounts]) =>
      [...accounts].some((each) => each !== accountId),
    );
    return new Set(others.map(([key]) => key));
  }
}

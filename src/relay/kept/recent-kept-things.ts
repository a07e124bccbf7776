import { RecentMap } from '../../support/recent-map.js';
import type { Kept, KeptThings } from './kept-things.js';

const MAX_REMEMBERED = 20_000;

/** Remembers what this process has seen of the record: the next call of a conversation asks nobody. */
export class RecentKeptThings implements KeptThings {
  private readonly known = new RecentMap<string, Kept | 'deleted'>(MAX_REMEMBERED);

  constructor(private readonly record: KeptThings) {}

  async find(accountId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Kept>> {
    const found = new Map<string, Kept>();
    const asked: string[] = [];
    for (const id of ids) {
      const kept = this.known.get(nameOf(accountId, id));
      if (kept === undefined) asked.push(id);
      else if (kept !== 'deleted') found.set(id, kept);
    }
    if (asked.length === 0) return found;
    for (const [id, kept] of await this.record.find(accountId, asked)) {
      found.set(id, kept);
      if (kept.accountId === accountId) this.known.set(nameOf(accountId, id), kept);
    }
    return found;
  }

  async keep(kept: Kept, ids: readonly string[]): Promise<void> {
    await this.record.keep(kept, ids);
    for (const id of ids) this.known.set(nameOf(kept.accountId, id), kept);
  }

  async forget(accountId: string, id: string): Promise<void> {
    await this.record.forget(accountId, id);
    this.known.set(nameOf(accountId, id), 'deleted');
  }

  sharedKeys(accountId: string): Promise<ReadonlySet<string>> {
    return this.record.sharedKeys(accountId);
  }
}

const nameOf = (accountId: string, id: string): string => `${accountId} ${id}`;

import { decodeEvent } from '../../domain/events/catalogue.js';
import { isUsageEvent, type UsageEvent } from '../../domain/usage/state.js';
import type { EventStore, ExpectedRevision, RecordedEvent } from '../../eventstore/event-store.js';
import { RecentMap } from '../../support/recent-map.js';
import { KnownCalls, type KnownCall } from './known-calls.js';

/** How far the clocks of the log and of the processes may be apart. */
const CLOCK_MARGIN_MS = 60_000;
/** How far a start that another process noted may be off: its clock, or ours, may have been set since. */
const OTHER_CLOCK_MARGIN_MS = 15 * 60_000;
const PAGE = 250;
/** Of a longer read only the calls in question are kept, so that it cannot push them out of memory again. */
const MAX_PAGES_KEPT = 40;
const MAX_BOOKMARKS = 50_000;

interface Bookmark {
  readonly revision: ExpectedRevision;
  /** Whatever was appended to the stream since this moment (this process's clock) has been learned. */
  readonly completeSinceMs: number;
}

/**
 * What this process knows of the usage streams: the last revision of those used lately, and which calls ended in them.
 * It reads no further back than the calls in question reach. Reads reject with EventStoreUnavailable.
 */
export class UsageHistory {
  private readonly bookmarks = new RecentMap<string, Bookmark>(MAX_BOOKMARKS);
  private readonly calls: KnownCalls;

  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly now: () => number,
    calls = new KnownCalls(),
  ) {
    this.calls = calls;
  }

  find(callId: string): KnownCall | undefined {
    return this.calls.find(callId);
  }

  /**
   * Makes sure that these calls, none of which started before `sinceMs`, can be found when they have ended in this stream, and
   * answers the stream's last revision. `otherClock`: another process noted their start.
   */
  async cover(
    stream: string,
    calls: { readonly ids: ReadonlySet<string>; readonly sinceMs: number; readonly otherClock: boolean },
  ): Promise<ExpectedRevision> {
    const since = this.earliestEnd(calls);
    const bookmark = this.bookmarks.get(stream);
    if (bookmark && since >= bookmark.completeSinceMs && since > this.calls.forgottenUntilMs) {
      return bookmark.revision;
    }
    return this.readBack(stream, since, calls.ids);
  }

  /** Before it none of the calls can have ended. A start that lies ahead says that a clock is wrong, and nothing of when it was. */
  private earliestEnd({
    sinceMs,
    otherClock,
  }: {
    readonly sinceMs: number;
    readonly otherClock: boolean;
  }): number {
    const now = this.now();
    if (!otherClock) return Math.min(sinceMs, now);
    return sinceMs > now + CLOCK_MARGIN_MS ? -Infinity : Math.min(sinceMs, now) - OTHER_CLOCK_MARGIN_MS;
  }

  /** Another writer was there: reads what came after `revision`. */
  async catchUp(stream: string, revision: ExpectedRevision): Promise<void> {
    let last = revision;
    for (;;) {
      const from = last === 'no-stream' ? 0n : last + 1n;
      const page = await this.store.readStream(stream, { from, limit: PAGE });
      for (const event of page) this.learn(event);
      last = page.at(-1)?.revision ?? last;
      if (page.length < PAGE) break;
    }
    this.moveTo(stream, last);
  }

  /** This process appended these events itself; `revision` is that of the last one. */
  appended(stream: string, events: readonly UsageEvent[], revision: bigint, position: bigint): void {
    for (const event of events) this.calls.learn(event, position, this.now());
    this.moveTo(stream, revision);
  }

  private async readBack(
    stream: string,
    sinceMs: number,
    callIds: ReadonlySet<string>,
  ): Promise<ExpectedRevision> {
    let revision: ExpectedRevision = 'no-stream';
    let next: bigint | undefined;
    for (let pageNumber = 0; ; pageNumber += 1) {
      const page = await this.store.readStream(stream, {
        direction: 'backwards',
        limit: PAGE,
        ...(next === undefined ? {} : { from: next }),
      });
      if (pageNumber === 0) revision = page[0]?.revision ?? 'no-stream';
      const keepsAll = pageNumber < MAX_PAGES_KEPT;
      for (const event of page) this.learn(event, keepsAll ? undefined : callIds);
      const oldest = page.at(-1);
      const atStart = oldest === undefined || oldest.revision === 0n;
      if (atStart || oldest.recordedAt.getTime() < sinceMs - CLOCK_MARGIN_MS) {
        const since = atStart ? -Infinity : sinceMs;
        this.bookmarks.set(stream, { revision, completeSinceMs: keepsAll ? since : this.now() });
        return revision;
      }
      next = oldest.revision - 1n;
    }
  }

  private learn(recorded: RecordedEvent, only?: ReadonlySet<string>): void {
    if (recorded.passedOver) return;
    const event = decodeEvent(recorded.type, recorded.data);
    if (!isUsageEvent(event) || (only && !only.has(event.data.call_id))) return;
    this.calls.learn(event, recorded.position, this.now());
  }

  private moveTo(stream: string, revision: ExpectedRevision): void {
    this.bookmarks.set(stream, {
      revision,
      completeSinceMs: this.bookmarks.get(stream)?.completeSinceMs ?? this.now(),
    });
  }
}

import { decodeEvent } from '../../domain/events/codec.js';
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
  /** Likewise what stands behind a revision. */
  readonly completeAfter?: { readonly revision: bigint; readonly readMs: number } | undefined;
}

/** Calls that are to be found if they have ended. */
export interface CallsInQuestion {
  readonly ids: ReadonlySet<string>;
  /** None of them started before. */
  readonly sinceMs: number;
  /** Another process noted their start. */
  readonly otherClock: boolean;
  /** None of them ended before what stands behind this revision. */
  readonly after?: bigint | undefined;
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
   * The revision behind which the ending of a call of this process must stand, if there is one: up to there this process has seen all that came
   * since the call began, and nothing of the call. -1: anywhere. Undefined when that is not known.
   */
  endingAfter(stream: string, callId: string, startedAtMs: number): bigint | undefined {
    const bookmark = this.bookmarks.get(stream);
    if (!bookmark || !this.covers(bookmark, Math.min(startedAtMs, this.now()), undefined)) return undefined;
    if (this.calls.find(callId)) return undefined;
    return bookmark.revision === 'no-stream' ? -1n : bookmark.revision;
  }

  /** Makes sure that these calls can be found when they have ended in this stream, and answers the stream's last revision. */
  async cover(stream: string, calls: CallsInQuestion): Promise<ExpectedRevision> {
    const sinceMs = this.earliestEnd(calls);
    const bookmark = this.bookmarks.get(stream);
    if (bookmark && this.covers(bookmark, sinceMs, calls.after)) return bookmark.revision;
    return this.readBack(stream, { ...calls, sinceMs });
  }

  private covers(
    { completeSinceMs, completeAfter }: Bookmark,
    sinceMs: number,
    after: bigint | undefined,
  ): boolean {
    const { forgottenUntilMs } = this.calls;
    if (sinceMs >= completeSinceMs && sinceMs > forgottenUntilMs) return true;
    if (after === undefined || completeAfter === undefined) return false;
    return after >= completeAfter.revision && completeAfter.readMs > forgottenUntilMs;
  }

  /** Before it none of the calls can have ended. A start that lies ahead says that a clock is wrong, and nothing of when it was. */
  private earliestEnd({ sinceMs, otherClock }: CallsInQuestion): number {
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
    { sinceMs, ids, after = -1n }: CallsInQuestion,
  ): Promise<ExpectedRevision> {
    const readMs = this.now();
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
      for (const event of page) this.learn(event, keepsAll ? undefined : ids);
      const oldest = page.at(-1);
      const atStart = oldest === undefined || oldest.revision === 0n;
      const isEarlier = !atStart && oldest.recordedAt.getTime() < sinceMs - CLOCK_MARGIN_MS;
      if (atStart || isEarlier || oldest.revision <= after + 1n) {
        const since = isEarlier ? sinceMs : this.now();
        this.bookmarks.set(stream, {
          revision,
          completeSinceMs: keepsAll ? (atStart ? -Infinity : since) : this.now(),
          completeAfter: keepsAll ? { revision: atStart ? -1n : oldest.revision - 1n, readMs } : undefined,
        });
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
    this.bookmarks.set(stream, { completeSinceMs: this.now(), ...this.bookmarks.get(stream), revision });
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '../eventstore/event-store.js';
import type { LogWriter } from '../eventstore/log-writer.js';
import { asCopied } from '../eventstore/original-times.js';
import { isUnavailable } from '../support/unavailable.js';
import { type Alignment, alignLogs } from './align-logs.js';
import { readMoved } from './moved-events.js';

export interface CopyOptions {
  readonly source: EventStore;
  /** Of the source, where it is a copy itself. */
  readonly copyEnd: bigint | undefined;
  readonly target: EventStore;
  readonly writer: LogWriter;
  readonly onProgress?: ((doing: 'copying' | 'comparing', events: number) => void) | undefined;
}

const FAILURES_IN_A_ROW = 5;
const PAUSE_MS = 1_000;

/** How far a copy goes: the place in the source, and the number of events. */
export type CopiedTo = Pick<Alignment, 'after' | 'events' | 'whole' | 'given'>;

/**
 * Copies what the target does not have yet, up to the end that the source has when it is met. Goes on from what is there, whoever wrote it:
 * all of it is compared first. Not so from where an earlier one `ended`, which nobody else may have written behind.
 *
 * @throws CopyDiffers, SourceNotWhole, OutOfOrder, EventStoreUnavailable when either stays away
 */
export async function copyEvents(options: CopyOptions, ended?: CopiedTo): Promise<CopiedTo> {
  let known = -1;
  for (let [failures, from] = [0, ended]; ; from = undefined) {
    try {
      const start = from ?? (await align(options));
      if (start.events > known) failures = 0;
      known = start.events;
      return await copyFrom(start, options);
    } catch (error) {
      failures += 1;
      if (!isUnavailable(error) || failures >= FAILURES_IN_A_ROW) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

const align = ({ source, target, onProgress }: CopyOptions): Promise<Alignment> =>
  alignLogs({ source, target, onProgress: (events) => onProgress?.('comparing', events) });

async function copyFrom(
  { after, events, whole, given }: CopiedTo,
  { source, copyEnd, writer, onProgress }: CopyOptions,
): Promise<CopiedTo> {
  let [end, copied] = [after, events];
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const page of readMoved(source, after, given)) {
      for (const event of page.events) whole.apply(event);
      const placed = page.events.map((event) => asCopied(event, copyEnd));
      await writing;
      writing = writer.write(placed);
      // It is waited for above, when the next page is there.
      writing.catch(() => undefined);
      copied += placed.length;
      end = page.position;
      onProgress?.('copying', copied);
    }
    await writing;
  } finally {
    // Who begins again must find all that is on its way.
    await writing.catch(() => undefined);
  }
  return { after: end, events: copied, whole, given };
}

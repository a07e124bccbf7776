import { EventStoreUnavailable, type EventStore } from '../../eventstore/event-store.js';
import { type PlacedCall, usageStream } from '../../domain/streams.js';
import { LedgerUnavailable } from '../handling/command.js';
import type { CallEnding, EndedCall } from './call-ending.js';
import { toEventData } from './event-data.js';
import { UsageHistory } from './usage-history.js';
import { UsageBatch, type PendingEnding } from './usage-batch.js';

/** Below the store's own limits, with room for a correction that is longer than what it replaces. */
const MAX_BATCH_EVENTS = 200;
const MAX_BATCH_BYTES = 384 * 1024;
/** So many fit in any case: all texts of an ending at their longest and all escaped are below 10 KB. */
const ALWAYS_FIT = 32;

/**
 * Writes how calls ended: one charge a call, whoever asks and however often.
 *
 * Calls of one usage stream that end together share an append, and a stream has one append in flight, so that the revision
 * expected is always known; streams are independent (the store groups their appends where it can).
 */
export interface UsageWriter {
  /**
   * Resolves when the log has the call's ending. Rejects with LedgerUnavailable when it may or may not be there: the same ending may
   * be sent again at any time, by any process. An event that breaks its schema rejects at once with a ZodError.
   */
  end(ending: CallEnding): Promise<EndedCall>;
  /**
   * For whoever may have to recover a call of this process: the revision of its stream behind which its ending must stand, if there is one.
   * Undefined when this process does not know.
   */
  endingAfter(call: PlacedCall): bigint | undefined;
  /** Calls that wait for the log. */
  readonly pending: number;
}

export interface UsageWriterOptions {
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** No new try begins after this long. */
  readonly resolveWithinMs: number;
  /** More calls than this do not wait for the log: they are refused with LedgerUnavailable. */
  readonly maxPending: number;
}

export function createUsageWriter(options: UsageWriterOptions): UsageWriter {
  return new BatchingUsageWriter(options);
}

class BatchingUsageWriter implements UsageWriter {
  private readonly queues = new Map<string, PendingEnding[]>();
  private readonly history: UsageHistory;
  private undecided = 0;

  constructor(private readonly options: UsageWriterOptions) {
    this.history = new UsageHistory(options.store, options.now);
  }

  get pending(): number {
    return this.undecided;
  }

  endingAfter(call: PlacedCall): bigint | undefined {
    return this.history.endingAfter(usageStream(call), call.call_id, Date.parse(call.started_at));
  }

  async end(ending: CallEnding): Promise<EndedCall> {
    if (this.undecided >= this.options.maxPending) {
      throw new LedgerUnavailable('too many calls wait for the event store');
    }
    const data = toEventData(ending.event);
    const startedAtMs = Date.parse(ending.event.data.started_at);
    const stream = usageStream(ending.event.data);
    this.undecided += 1;
    try {
      return await new Promise<EndedCall>((resolve, reject) => {
        this.enqueue(stream, { ...ending, data, startedAtMs, resolve, reject });
      });
    } finally {
      this.undecided -= 1;
    }
  }

  private enqueue(stream: string, pending: PendingEnding): void {
    const queue = this.queues.get(stream);
    if (queue) {
      queue.push(pending);
      return;
    }
    const started = [pending];
    this.queues.set(stream, started);
    // The queue's own turn, so that calls that end in the same tick share an append.
    setImmediate(() => void this.work(stream, started));
  }

  private async work(stream: string, queue: PendingEnding[]): Promise<void> {
    while (queue.length > 0) {
      const batch = takeBatch(queue);
      const deadlineMs = performance.now() + this.options.resolveWithinMs;
      const usage = new UsageBatch(this.options.store, this.history, stream, deadlineMs);
      try {
        await usage.write(batch);
      } catch (error) {
        // Those already resolved ignore it. The rest of the queue would wait for the same store in vain.
        const reason = unavailable(error);
        for (const { reject } of [...batch, ...queue.splice(0)]) reject(reason);
      }
    }
    this.queues.delete(stream);
  }
}

function unavailable(error: unknown): unknown {
  return error instanceof EventStoreUnavailable
    ? new LedgerUnavailable(error.message, { cause: error })
    : error;
}

function takeBatch(queue: PendingEnding[]): PendingEnding[] {
  if (queue.length <= ALWAYS_FIT) return queue.splice(0);
  let bytes = 0;
  let count = 0;
  for (const pending of queue) {
    bytes += Buffer.byteLength(JSON.stringify(pending.data));
    if (count > 0 && (count === MAX_BATCH_EVENTS || bytes > MAX_BATCH_BYTES)) break;
    count += 1;
  }
  return queue.splice(0, count);
}

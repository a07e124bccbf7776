import type { LogPage, LogQuery, RecordedEvent } from '../event-store.js';
import type { Attempt } from './connection.js';
import { LogPageReading } from './log-page-reading.js';
import { filterOfAllThatConcerns, type OwnStreams } from './own-streams.js';
import type { StreamFilter } from './wire/read-request.js';

/** Of the time until the next event, how long a search may find nothing before the server is asked how far it has come. */
const SHARE_OF_SILENCE = 0.5;

export interface ReadPage {
  readonly page: LogPage;
  /** What the server says in the log, which may be of streams of ours. */
  readonly ofTheServer: readonly RecordedEvent[];
}

/**
 * Reads the whole log page by page. As long as most of it is ours all of it is read, so that what others write is counted; behind a page
 * that is mostly of others the server looks for ours, until the end is reached. So a log full of others' events is neither sent nor starved in.
 */
export class LogReader {
  private readonly concerns: StreamFilter | undefined;
  private readonly isOurs: OwnStreams['isOurs'];
  private searching = false;

  /** @param run as one call of the port, whose deadline is that of the next event */
  constructor(
    private readonly run: <T>(call: (attempt: Attempt) => Promise<T>) => Promise<T>,
    { isOurs, prefixes }: OwnStreams,
  ) {
    this.isOurs = isOurs;
    this.concerns = prefixes && filterOfAllThatConcerns(prefixes);
  }

  /** One more than asked for is read, since the server begins with the event at `after`. */
  async read(query: LogQuery): Promise<ReadPage> {
    const only = this.searching && !query.withPassedOver ? this.concerns : undefined;
    const reading = new LogPageReading(query, this.isOurs);
    const page = await this.run((attempt) =>
      only ? searched(attempt, reading, { ...query, only }) : whole(attempt, reading, query),
    );
    this.searching = only ? !page.atEnd : reading.isMostlyOfOthers;
    return { page, ofTheServer: reading.ofTheServer };
  }
}

async function whole(
  { client, signal, alive }: Attempt,
  reading: LogPageReading,
  { after, limit }: LogQuery,
): Promise<LogPage> {
  const page = { direction: 'forwards', limit: limit + 1, signal, alive } as const;
  await client.eachOfAll(placeOf(after), page, (event) => reading.take(event));
  return reading.read();
}

/**
 * The end of the log is asked for first, of the same server: where the search comes to an end there is nothing of ours before it, and what was
 * searched once is not searched again. A search that is silent for long ends with how far it has come.
 */
async function searched(
  { client, signal, alive, deadlineMs }: Attempt,
  reading: LogPageReading,
  { after, limit, only }: LogQuery & { readonly only: StreamFilter },
): Promise<LogPage> {
  const silenceMs = deadlineMs * SHARE_OF_SILENCE;
  const [last] = await client.readAll(undefined, { direction: 'backwards', limit: 1, signal });
  const giveUp = new AbortController();
  const silent = setTimeout(() => giveUp.abort(), silenceMs);
  const page = {
    direction: 'forwards',
    limit: limit + 1,
    signal: AbortSignal.any([signal, giveUp.signal]),
    alive: () => {
      clearTimeout(silent);
      alive();
    },
    only,
  } as const;
  try {
    await client.eachOfAll(placeOf(after), page, (event) => reading.take(event));
    return reading.read(last?.position);
  } catch (error) {
    if (!giveUp.signal.aborted) throw error;
    const reached = await client.searchedTo(placeOf(after), only, { signal, forMs: silenceMs, alive });
    return { events: [], position: reached !== undefined && reached > after ? reached : after, atEnd: false };
  } finally {
    clearTimeout(silent);
  }
}

const placeOf = (after: bigint): bigint | undefined => (after < 0n ? undefined : after);

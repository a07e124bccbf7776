import type { Usage } from '../../../../domain/pricing/usage.js';
import { laterReport } from '../../../metering/later-report.js';
import { type JsonObject, objectAt } from '../../json/read.js';
import { countsOutput, serviceTierOf, usageOf } from './usage.js';

/** Which sides of a usage have figures that are not zero. */
interface Says {
  readonly prompt: boolean;
  readonly output: boolean;
}

interface Report {
  readonly read: () => JsonObject | undefined;
  readonly says: Says;
}

const PROMPT_FIGURE = /"prompt(?:TokenCount|_token_count)"\s*:\s*[1-9]/;
const OUTPUT_FIGURE = /"(?:candidates|thoughts)(?:TokenCount|_token_count)"\s*:\s*[1-9]/;
/** The counts of a usage stand within so many bytes. */
const MOST_BYTES = 1_024;

/** Of payloads that are kept whole until they are read. */
const MOST_KEPT = 64 * 1024;
/** Longer ones are no usage. */
const LONGEST = 64 * 1024;

/** What a payload says of usage, by itself; undefined where it says nothing. */
export function reportIn(payload: JsonObject | undefined): JsonObject | undefined {
  const usageMetadata = objectAt(payload?.['usageMetadata']);
  return usageMetadata && JSON.stringify(usageMetadata).length <= LONGEST ? { usageMetadata } : undefined;
}

/** What the usage that begins at `from` has figures of, without parsing it. */
function glanceAt(unit: Buffer, from: number): Says {
  const text = unit.toString('latin1', from, from + MOST_BYTES);
  return { prompt: PROMPT_FIGURE.test(text), output: OUTPUT_FIGURE.test(text) };
}

/** The same of one that has been parsed. */
export function saysOf(payload: JsonObject): Says {
  const {
    promptTokenCount: prompt,
    candidatesTokenCount,
    thoughtsTokenCount,
  } = objectAt(payload['usageMetadata']) ?? {};
  return {
    prompt: isFigure(prompt),
    output: isFigure(candidatesTokenCount) || isFigure(thoughtsTokenCount),
  };
}

const isFigure = (count: unknown): boolean => count !== undefined && count !== null && count !== 0;

/**
 * The last usage that a stream has reported. Every payload of Google's carries one, and the last one counts, but for a side of which it says
 * nothing: a payload is kept as it came, and read when somebody asks.
 */
export class LastReport {
  /** Oldest first; an older one only while it says something that no later one does. */
  private reports: readonly Report[] = [];
  /** More of the answer came since a report told of the output. */
  isEarly = false;

  /** A payload that may carry a usage. */
  keep(read: () => JsonObject | undefined, says: Says): void {
    const older = this.reports.filter((report) => hasMore(report.says, says));
    this.reports = [...older, { read, says }];
    if (says.output) this.isEarly = false;
  }

  /** One that is not parsed before somebody asks, unless it is long: a picture is not kept for the sake of the usage beside it. */
  keepUnit(unit: Buffer, usage: number, read: () => JsonObject | undefined): void {
    const isLong = unit.length > MOST_KEPT;
    const report = isLong ? reportIn(read()) : undefined;
    this.keep(isLong ? () => report : () => reportIn(read()), glanceAt(unit, usage));
  }

  /** More of the answer came, of which no report tells. */
  wrote(): void {
    if (this.reports.length > 0) this.isEarly = true;
  }

  get usage(): Usage | undefined {
    let usage: Usage | undefined;
    for (const payload of this.payloads()) {
      const later = usageOf(payload);
      if (later) usage = laterReport(usage, later);
    }
    return usage;
  }

  /** The class of service that the last of them names. */
  get serviceTier(): string | undefined {
    return this.payloads()
      .map(serviceTierOf)
      .findLast((tier) => tier !== undefined);
  }

  /** It does not count what has been written: more came after it, or it counts the prompt only. */
  get isStale(): boolean {
    const payload = this.payloads().at(-1);
    return payload !== undefined && (this.isEarly || !countsOutput(payload));
  }

  private payloads(): readonly JsonObject[] {
    return this.reports.flatMap(({ read }) => {
      const payload = read();
      return payload ? [payload] : [];
    });
  }
}

const hasMore = (older: Says, later: Says): boolean =>
  (older.prompt && !later.prompt) || (older.output && !later.output);

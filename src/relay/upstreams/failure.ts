import { upstreamComplaint, type UpstreamComplaint } from './complaint.js';
import type { UpstreamFailure } from './transport/exchange.js';

/** What a failure is about, as the shared state names it. */
export type TargetScope = 'channel' | 'key' | 'model' | 'key-model';

/** How an attempt ended that gave no answer. */
export type AttemptFailure =
  | { readonly kind: 'network'; readonly failure: UpstreamFailure }
  /** Upstream's own error. */
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly body: Buffer;
      readonly retryAfterMs: number;
      /** Until a limit that is used up begins anew; absent: upstream does not say. */
      readonly resetMs?: number | undefined;
    }
  /** HTML, empty, truncated: not what an answer should be. */
  | { readonly kind: 'bad-body' };

export interface Verdict {
  readonly fault: 'client' | 'key' | 'channel' | 'model' | 'network' | 'nobody';
  /** Worth asking another channel, or another key of this one. */
  readonly retry: boolean;
  /** What is left alone for a while. */
  readonly cools?: {
    readonly scope: TargetScope;
    /** What upstream asked for; 0 for nothing. */
    readonly leastMs: number;
    /** Failures in a row that are let pass: one may be an accident. */
    readonly spare: number;
  };
  /** The key cannot be used until a person has seen to it. */
  readonly permanent?: string;
  /** For metrics and for the record: a closed set of texts, nothing of what upstream wrote. */
  readonly reason: UpstreamFailure | 'bad-body' | `status-${number}`;
}

const MAX_RETRY_AFTER_MS = 600_000;
/** The longest limit that providers have is of a week. */
const MAX_RESET_MS = 7 * 86_400_000;
/** A key that is refused without a word that says why may come right again, but not at once. */
const REFUSED_KEY_MS = 30_000;
const DOUBTFUL_KEY_MS = 300_000;

/** Whose fault it was, and what follows from it. */
export function judge(failed: AttemptFailure): Verdict {
  if (failed.kind === 'network') return ofNetwork(failed.failure);
  if (failed.kind === 'bad-body')
    return { fault: 'channel', retry: true, cools: softly('model'), reason: 'bad-body' };
  return { ...ofError(failed, upstreamComplaint(failed.body)), reason: `status-${failed.status}` };
}

const softly = (scope: TargetScope, leastMs = 0) => ({ scope, leastMs, spare: 1 });
const atOnce = (scope: TargetScope, leastMs = 0) => ({ scope, leastMs, spare: 0 });

function ofNetwork(reason: UpstreamFailure): Verdict {
  switch (reason) {
    case 'unprepared':
      return { fault: 'key', retry: true, cools: softly('key'), reason };
    case 'undecodable':
      return { fault: 'channel', retry: true, cools: softly('model'), reason };
    case 'not-allowed':
    case 'unreachable':
    case 'broken':
      return { fault: 'network', retry: true, cools: softly('channel'), reason };
    case 'timeout':
      return { fault: 'channel', retry: true, cools: softly('model'), reason };
    case 'oversized':
      return { fault: 'channel', retry: true, reason };
    case 'aborted':
      return { fault: 'nobody', retry: false, reason };
  }
}

type Judged = Omit<Verdict, 'reason'>;

function ofError(
  { status, retryAfterMs, resetMs = 0 }: Extract<AttemptFailure, { kind: 'error' }>,
  complaint: UpstreamComplaint | undefined,
): Judged {
  if (status === 429 && resetMs > 0)
    return { fault: 'key', retry: true, cools: atOnce('key', Math.min(resetMs, MAX_RESET_MS)) };
  const leastMs = Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
  switch (complaint) {
    case 'bad-key':
      return {
        fault: 'key',
        retry: true,
        cools: atOnce('key', REFUSED_KEY_MS),
        permanent: 'the key is refused',
      };
    case 'no-credit':
      return {
        fault: 'key',
        retry: true,
        cools: atOnce('key', REFUSED_KEY_MS),
        permanent: 'no credit is left',
      };
    case 'perhaps-no-credit':
      return { fault: 'key', retry: true, cools: atOnce('key', DOUBTFUL_KEY_MS) };
    case 'unknown-model':
      return { fault: 'model', retry: true, cools: atOnce('model', REFUSED_KEY_MS) };
    case 'elsewhere':
      return { fault: 'nobody', retry: true };
    case undefined:
      return ofStatus(status, leastMs);
  }
}

function ofStatus(status: number, leastMs: number): Judged {
  if (status === 401) return { fault: 'key', retry: true, cools: atOnce('key', REFUSED_KEY_MS) };
  if (status === 402) {
    return {
      fault: 'key',
      retry: true,
      cools: atOnce('key', REFUSED_KEY_MS),
      permanent: 'no credit is left',
    };
  }
  // Also what a filter of the provider answers to one client's prompt: it takes several in a row to blame the key.
  if (status === 403) return { fault: 'key', retry: true, cools: { scope: 'key', leastMs, spare: 4 } };
  if (status === 404) return { fault: 'model', retry: true };
  if (status === 429) return { fault: 'key', retry: true, cools: atOnce('key-model', leastMs) };
  if (status === 408 || status === 425) return { fault: 'channel', retry: true, cools: softly('model') };
  if (status === 500 || status === 529)
    return { fault: 'model', retry: true, cools: softly('model', leastMs) };
  if (status > 500) return { fault: 'channel', retry: true, cools: softly('channel', leastMs) };
  if (status < 400) return { fault: 'channel', retry: true, cools: softly('channel') };
  return { fault: 'client', retry: false };
}

/** `Retry-After` in seconds or as a date, and the milliseconds that OpenAI and Azure send beside it; 0 where there is none. */
export function retryAfterMs(
  headers: { readonly [name: string]: string | string[] | undefined },
  nowMs: number,
): number {
  const milliseconds = Number(headers['retry-after-ms']);
  if (Number.isFinite(milliseconds) && milliseconds > 0) return milliseconds;
  const text = headers['retry-after'];
  if (typeof text !== 'string') return 0;
  const seconds = Number(text);
  const waitMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(text) - nowMs;
  return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : 0;
}

/**
 * Milliseconds until an account's limit of hours or of a week begins anew, where upstream refused a call for it; undefined: it says no such
 * thing. Being overloaded is none.
 */
export function limitResetMs(
  headers: { readonly [name: string]: string | string[] | undefined },
  nowMs: number,
): number | undefined {
  if (headers['anthropic-ratelimit-unified-status'] !== 'rejected') return undefined;
  const seconds = Number(headers['anthropic-ratelimit-unified-reset']);
  const waitMs = seconds * 1_000 - nowMs;
  return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : undefined;
}

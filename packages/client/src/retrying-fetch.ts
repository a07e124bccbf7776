import { NoAnswer } from './errors.js';

export interface RetryOptions {
  readonly fetch: (request: Request) => Promise<Response>;
  /** Attempts in all, at least one. */
  readonly attempts: number;
  /** Of one attempt, until its answer is whole. */
  readonly timeoutMs: number;
}

/** Of the service itself or of a proxy before it: the same request may be answered a moment later. */
const PASSING = new Set([408, 429, 502, 503, 504]);
const FIRST_PAUSE_MS = 200;
/** Whoever is asked to wait longer is told instead. */
const LONGEST_PAUSE_MS = 30_000;

/**
 * Sends a request until it is answered. Every attempt is the same request, ids and all, so that what an unheard answer had done is not
 * done again. @throws NoAnswer, or the reason of the caller's signal
 */
export function retryingFetch(options: RetryOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    for (let attempt = 1; ; attempt++) {
      const last = attempt >= options.attempts;
      const outcome = await attemptOnce(request, options);
      if (outcome instanceof Response) {
        const pauseMs = PASSING.has(outcome.status) ? pauseAfter(outcome, attempt) : Infinity;
        if (last || pauseMs > LONGEST_PAUSE_MS) return outcome;
        await pause(pauseMs, request.signal);
        continue;
      }
      if (request.signal.aborted || last) throw outcome;
      await pause(backoff(attempt), request.signal);
    }
  };
}

/** The whole answer, read here, so that a connection that breaks within it is an attempt that failed. */
async function attemptOnce(request: Request, { fetch, timeoutMs }: RetryOptions): Promise<Response | Error> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const response = await fetch(new Request(request.clone(), { signal }));
    const { headers, status, statusText } = response;
    return new Response(await response.text(), { headers, status, statusText });
  } catch (cause) {
    if (request.signal.aborted) return request.signal.reason as Error;
    const why = cause instanceof Error ? cause.message : String(cause);
    return new NoAnswer(`no answer came from ${new URL(request.url).origin}: ${why}`, { cause });
  }
}

function pauseAfter(response: Response, attempt: number): number {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : backoff(attempt);
}

/** Twice as long each time, with a part left to chance so that many clients do not come back at once. */
const backoff = (attempt: number): number => FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

import { CallRefused } from '../../../errors.js';
import type { RequestFacts } from '../../request-facts.js';
import { Asks } from '../../request-members/asks.js';
import { judgeTrials, trialsToForward } from '../../request-members/trials.js';
import type { UpstreamRequest } from '../../upstream-request.js';

const VERSION = 'anthropic-version';
/** What a request is taken for that names no version; Anthropic itself refuses it. */
const DEFAULT_VERSION = '2023-06-01';

/**
 * Versions whose requests are judged and whose answers are metered here. The first of all (2023-01-01) is none: its events have no names and each
 * says all of the text again.
 */
const KNOWN_VERSIONS: readonly string[] = [DEFAULT_VERSION, '2026-10-21'];

/** In upstream's words: nobody here has read what an answer of another version says of its usage. @throws CallRefused `invalid_request` */
export function assertKnownVersion({ headers }: RequestFacts): void {
  const version = textOf(headers[VERSION]) ?? DEFAULT_VERSION;
  if (KNOWN_VERSIONS.includes(version)) return;
  const message = `anthropic-version: "${version.slice(0, 100)}" is not a valid version`;
  throw new CallRefused({ code: 'invalid_request', message, param: null });
}

const TRIALS = 'anthropic-beta';

/** What goes to upstream beside the body. */
export const besideBody = (facts: RequestFacts): Pick<UpstreamRequest, 'query' | 'headers'> => ({
  query: queryFor(facts),
  headers: headersFor(facts),
});

/** What the trials of the header ask for that must be paid for; undefined where it has none. */
export function trialsAsked({ headers }: RequestFacts): Asks | undefined {
  const header = headers[TRIALS];
  if (header === undefined) return undefined;
  const asks = new Asks();
  judgeTrials(header, asks);
  return asks;
}

/** The client's headers that upstream must see: which version of the API, which of its trials. */
function headersFor({ headers }: RequestFacts): Record<string, string> {
  const version = textOf(headers[VERSION]) ?? DEFAULT_VERSION;
  const trials = trialsToForward(headers[TRIALS]);
  return trials.length === 0 ? { [VERSION]: version } : { [VERSION]: version, [TRIALS]: trials.join(',') };
}

/** Of the query only what steers: clients of trials ask with `?beta=true`. */
function queryFor({ query }: RequestFacts): string {
  const beta = query.get('beta');
  return beta === null ? '' : `?${new URLSearchParams({ beta }).toString()}`;
}

function textOf(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join(',') : header;
  return text === '' ? undefined : text;
}

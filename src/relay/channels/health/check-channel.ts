import { type Channel, dialectsOf, upstreamModelOf } from '../../upstreams/channel.js';
import { dialectNamed } from '../../dialects/all.js';
import { upstreamComplaint, type UpstreamComplaint } from '../../upstreams/complaint.js';
import { judge, limitResetMs, retryAfterMs, type Verdict } from '../../upstreams/failure.js';
import type { KeyRetirement } from '../retirement.js';
import { sendTo } from '../../upstreams/transport/send.js';
import type { ChannelState, Check } from '../state/channel-state.js';
import type { ChannelTraffic } from '../traffic.js';
import type { UpstreamAnswer, UpstreamFailure } from '../../upstreams/transport/exchange.js';
import type { UpstreamPools } from '../../upstreams/transport/pools.js';

export interface CheckParts {
  readonly state: Pick<ChannelState, 'checked'>;
  readonly pools: Pick<UpstreamPools, 'send'>;
  readonly traffic: Pick<ChannelTraffic, 'answered' | 'failed'>;
  readonly retirement: Pick<KeyRetirement, 'retire'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface CheckResult extends Check {
  /** What was wrong, in our own words; null where the outcome says it all. */
  readonly message: string | null;
}

export interface CheckUnderWay {
  /** When it is recorded. Undefined: it was aborted. Rejects when the shared state is away. */
  readonly result: Promise<CheckResult | undefined>;
  abort(): void;
}

const CHECK_TIMEOUT_MS = 30_000;

/** Asks a channel's key for the smallest call to a model, and records what came of it for all processes. Nobody is charged. */
export function beginCheck(parts: CheckParts, channel: Channel, model: string, by: string): CheckUnderWay {
  const upstreamModel = upstreamModelOf(channel, model);
  const [dialect = 'openai'] = dialectsOf(channel.protocols);
  const sentMs = performance.now();
  const exchange = sendTo(
    parts.pools,
    channel,
    dialectNamed(dialect).checkRequest(upstreamModel),
    {},
    undefined,
  );
  let aborted = false;
  const follow = async (): Promise<CheckResult | undefined> => {
    const timer = setTimeout(() => exchange.abort(), CHECK_TIMEOUT_MS);
    const answer = await exchange.answer;
    clearTimeout(timer);
    if (aborted) return undefined;
    const durationMs = performance.now() - sentMs;
    const verdict = verdictOf(answer, parts.now());
    const { channelId, keyId } = channel;
    const check = { channelId, keyId, model, ...outcomeOf(answer, verdict), durationMs, by };
    tell(parts, channel, upstreamModel, verdict, durationMs);
    await parts.state.checked(check);
    return { ...check, message: messageOf(answer) };
  };
  return {
    result: follow(),
    abort: () => {
      aborted = true;
      exchange.abort();
    },
  };
}

function tell(
  { traffic, retirement }: CheckParts,
  channel: Channel,
  upstreamModel: string,
  verdict: Verdict | undefined,
  durationMs: number,
): void {
  // A complaint about the request is an answer, too.
  if (!verdict || verdict.fault === 'client') return traffic.answered(channel, upstreamModel, durationMs);
  traffic.failed(channel, upstreamModel, verdict, durationMs);
  if (verdict.permanent !== undefined) retirement.retire(channel, `${verdict.permanent} (${verdict.reason})`);
}

/** Undefined: it answered. */
export function verdictOf(answer: UpstreamAnswer, nowMs: number): Verdict | undefined {
  if (answer.kind === 'failed') {
    // Broken off here only because it took too long.
    const failure = answer.failure === 'aborted' ? 'timeout' : answer.failure;
    return judge({ kind: 'network', failure });
  }
  if (answer.kind === 'stream') return undefined;
  if (answer.status === 200) return isObject(answer.body) ? undefined : judge({ kind: 'bad-body' });
  const { status, body, headers } = answer;
  const waits = { retryAfterMs: retryAfterMs(headers, nowMs), resetMs: limitResetMs(headers, nowMs) };
  return judge({ kind: 'error', status, body, ...waits });
}

/** A page that asks for a login is no answer. */
function isObject(body: Buffer): boolean {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null;
  } catch {
    return false;
  }
}

/** How it went, as it is shown. */
export function outcomeOf(
  answer: UpstreamAnswer,
  verdict: Verdict | undefined,
): Pick<Check, 'outcome' | 'status' | 'reason'> {
  const status = answer.kind === 'failed' ? null : answer.status;
  if (!verdict) return { outcome: 'answered', status, reason: null };
  return { outcome: verdict.fault === 'client' ? 'refused' : 'failed', status, reason: verdict.reason };
}

const NETWORK: Readonly<Partial<Record<UpstreamFailure, string>>> = {
  'not-allowed': 'the address is private; UPSTREAM_ALLOW_PRIVATE names those that may be called',
  unreachable: 'no connection came about',
  broken: 'the connection broke',
};
const COMPLAINTS: Readonly<Record<UpstreamComplaint, string>> = {
  'bad-key': 'the key is refused',
  'no-credit': 'no credit is left',
  'perhaps-no-credit': 'perhaps no credit is left',
  'unknown-model': 'the model is not known there',
  elsewhere: 'what it asks for is elsewhere',
};

/** In our words alone: what stands behind an address is not told to whoever may have it asked. */
export function messageOf(answer: UpstreamAnswer): string | null {
  if (answer.kind === 'failed') return NETWORK[answer.failure] ?? null;
  const complaint = answer.kind === 'whole' ? upstreamComplaint(answer.body) : undefined;
  return complaint ? COMPLAINTS[complaint] : null;
}

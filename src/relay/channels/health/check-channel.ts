import { type Channel, upstreamModelOf } from '../../upstreams/channel.js';
import { dialectNamed } from '../../dialects/all.js';
import { upstreamMessage } from '../../upstreams/complaint.js';
import { judge, retryAfterMs, type Verdict } from '../../upstreams/failure.js';
import type { KeyRetirement } from '../retirement.js';
import { sendTo } from '../../upstreams/transport/send.js';
import type { ChannelState, Check } from '../state/channel-state.js';
import type { ChannelTraffic } from '../traffic.js';
import type { UpstreamAnswer } from '../../upstreams/transport/exchange.js';
import type { UpstreamPools } from '../../upstreams/transport/pools.js';
import { withoutSecrets } from '../../upstreams/without-secrets.js';

export interface CheckParts {
  readonly state: Pick<ChannelState, 'checked'>;
  readonly pools: Pick<UpstreamPools, 'send'>;
  readonly traffic: Pick<ChannelTraffic, 'answered' | 'failed'>;
  readonly retirement: Pick<KeyRetirement, 'retire'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface CheckResult extends Check {
  /** What upstream said was wrong, without the channel's secrets; null where it said nothing. */
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
  const [dialect = 'openai'] = channel.type.dialects;
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
    return { ...check, message: messageOf(answer, channel) };
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
function verdictOf(answer: UpstreamAnswer, nowMs: number): Verdict | undefined {
  if (answer.kind === 'failed') {
    // Broken off here only because it took too long.
    const failure = answer.failure === 'aborted' ? 'timeout' : answer.failure;
    return judge({ kind: 'network', failure });
  }
  if (answer.kind === 'stream') return undefined;
  if (answer.status === 200) return isObject(answer.body) ? undefined : judge({ kind: 'bad-body' });
  const waitMs = retryAfterMs(answer.headers, nowMs);
  return judge({ kind: 'error', status: answer.status, body: answer.body, retryAfterMs: waitMs });
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

function outcomeOf(
  answer: UpstreamAnswer,
  verdict: Verdict | undefined,
): Pick<Check, 'outcome' | 'status' | 'reason'> {
  const status = answer.kind === 'failed' ? null : answer.status;
  if (!verdict) return { outcome: 'answered', status, reason: null };
  return { outcome: verdict.fault === 'client' ? 'refused' : 'failed', status, reason: verdict.reason };
}

const MAX_MESSAGE = 500;

function messageOf(answer: UpstreamAnswer, channel: Channel): string | null {
  if (answer.kind !== 'whole') return null;
  const message = upstreamMessage(answer.body);
  return message === undefined ? null : withoutSecrets(message, channel).slice(0, MAX_MESSAGE);
}

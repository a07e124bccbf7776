import { z } from 'zod';
import { modelField } from '../../../domain/stored/fields.js';
import { type Channel, dialectsOf } from '../../upstreams/channel.js';
import type { DialectName } from '../../../domain/usage/dialects.js';
import type { UpstreamPools } from '../../upstreams/transport/pools.js';
import { sendTo } from '../../upstreams/transport/send.js';
import type { Check } from '../state/channel-state.js';
import { messageOf, outcomeOf, verdictOf } from './check-channel.js';

/** What an upstream says that it serves. */
export interface ModelsOffered extends Pick<Check, 'outcome' | 'status' | 'reason'> {
  /** What was wrong, in our own words; null where the outcome says it all. */
  readonly message: string | null;
  readonly models: readonly string[];
  /** There are more than were taken. */
  readonly more: boolean;
}

const LIST_TIMEOUT_MS = 15_000;
/** A list of names: what is larger is something else. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_MODELS = 1_000;

/**
 * Each dialect's list of models, its first page as long as it may be.
 * https://platform.openai.com/docs/api-reference/models/list, https://docs.anthropic.com/en/api/models-list,
 * https://ai.google.dev/api/models#method:-models.list
 */
const questions: Readonly<
  Record<DialectName, { readonly query: string; readonly headers?: Readonly<Record<string, string>> }>
> = {
  openai: { query: '' },
  anthropic: { query: `?limit=${MOST_MODELS}`, headers: { 'anthropic-version': '2023-06-01' } },
  gemini: { query: `?pageSize=${MOST_MODELS}` },
};

const answers = z.union([
  z
    .object({ data: z.array(z.object({ id: z.string() })), has_more: z.boolean().optional() })
    .transform(({ data, has_more = false }) => ({ names: data.map(({ id }) => id), more: has_more })),
  z
    .object({ models: z.array(z.object({ name: z.string() })), nextPageToken: z.string().optional() })
    .transform(({ models, nextPageToken }) => ({
      names: models.map(({ name }) => name.replace(/^models\//, '')),
      more: nextPageToken !== undefined && nextPageToken !== '',
    })),
]);

/** Asks what is served with the channel's key. No user is charged, and nothing of it counts for the channel's health. */
export async function askForModels(
  pools: Pick<UpstreamPools, 'send'>,
  channel: Channel,
): Promise<ModelsOffered> {
  const [dialect = 'openai'] = dialectsOf(channel.protocols);
  const { query, headers } = questions[dialect];
  const request = {
    method: 'GET',
    path: '/models',
    query,
    model: '',
    headers,
    body: Buffer.alloc(0),
  } as const;
  const exchange = sendTo(pools, channel, request, {}, undefined);
  const timer = setTimeout(() => exchange.abort(), LIST_TIMEOUT_MS);
  const answer = await exchange.answer.finally(() => clearTimeout(timer));
  const verdict = verdictOf(answer, Date.now());
  const told = { ...outcomeOf(answer, verdict), message: messageOf(answer) };
  if (verdict || answer.kind !== 'whole') return { ...told, models: [], more: false };
  const offered = read(answer.body);
  if (offered) return { ...told, ...offered };
  return {
    ...told,
    outcome: 'failed',
    reason: 'bad-body',
    message: 'what it answers is no list of models',
    models: [],
    more: false,
  };
}

/** Names that a channel may have, each once, in order. Undefined: it is no list. */
function read(body: Buffer): Pick<ModelsOffered, 'models' | 'more'> | undefined {
  if (body.length > MOST_BYTES) return undefined;
  const parsed = answers.safeParse(JSON.parse(body.toString('utf8')));
  if (!parsed.success) return undefined;
  const names = [...new Set(parsed.data.names)].filter((name) => modelField.safeParse(name).success).sort();
  return { models: names.slice(0, MOST_MODELS), more: parsed.data.more || names.length > MOST_MODELS };
}

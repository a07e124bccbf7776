import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { CallRefused } from '../../errors.js';
import { estimatePromptTokens, NestedTooDeeply } from './estimate.js';
import { type JsonEdit, type JsonMember, setMembers, topLevelMembers } from './json-members.js';

/** The members that decide route and charge; whatever else the body holds is upstream's business. */
const picked = z.object({
  model: z.string().min(1).max(200),
  messages: z.custom<readonly object[]>(
    (value) => Array.isArray(value) && value.length > 0 && value.every(isObject),
    'messages must be a list of at least one message',
  ),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  n: z.int().min(1).max(128).nullish(),
});
type Picked = z.infer<typeof picked>;

/** Members that may appear once only and spelled exactly so: an upstream's parser must not see another value than this one does. */
const deciding = new Set(Object.keys(picked.shape));

/** Models that know no `max_tokens`. */
const WANTS_COMPLETION_LIMIT = /(^|\/)(o[1-9]|gpt-[5-9])/;

/** A chat request as the relay needs it: the bytes as they came and what was read from them. */
export interface ChatRequest {
  readonly body: Buffer;
  readonly model: string;
  readonly streamed: boolean;
  /** The client asked for the usage chunk of a stream. */
  readonly wantsUsage: boolean;
  readonly choices: number;
  /** The most tokens a choice may have, where the client said so. */
  readonly outputLimit: number | undefined;
  /** From above. */
  readonly promptTokens: number;
  readonly members: readonly JsonMember[];
  readonly fields: Picked;
}

/** One JSON.parse, a shallow check, one linear scan. @throws CallRefused `invalid_request` */
export function parseChatRequest(body: Buffer): ChatRequest {
  const parsed = parseObject(body);
  const result = picked.safeParse({
    model: parsed['model'],
    messages: parsed['messages'],
    stream: parsed['stream'],
    stream_options: parsed['stream_options'],
    max_tokens: parsed['max_tokens'],
    max_completion_tokens: parsed['max_completion_tokens'],
    n: parsed['n'],
  });
  if (!result.success) throw shapeError(result.error);
  const fields = result.data;
  const members = topLevelMembers(body);
  refuseAmbiguous(members);
  return {
    body,
    model: fields.model,
    streamed: fields.stream === true,
    wantsUsage: fields.stream_options?.include_usage === true,
    choices: fields.n ?? 1,
    outputLimit: outputLimit(fields),
    promptTokens: promptTokens(parsed),
    members,
    fields,
  };
}

/**
 * The body for upstream: the client's own bytes but for what must differ, which is the model's name at the channel, the output limit
 * where it was lowered (or the client's was above the model's), and the wish for the usage chunk of a stream.
 */
export function upstreamBody(
  request: ChatRequest,
  upstreamModel: string,
  loweredLimit: number | undefined,
): Buffer {
  const edits: JsonEdit[] = [];
  if (upstreamModel !== request.model) edits.push({ name: 'model', json: JSON.stringify(upstreamModel) });
  if (loweredLimit !== undefined) edits.push(...limitEdits(request.fields, upstreamModel, loweredLimit));
  if (request.streamed && !request.wantsUsage) {
    const options = { ...request.fields.stream_options, include_usage: true };
    edits.push({ name: 'stream_options', json: JSON.stringify(options) });
  }
  return edits.length === 0 ? request.body : setMembers(request.body, request.members, edits);
}

function limitEdits(fields: Picked, upstreamModel: string, limit: number): JsonEdit[] {
  const json = String(limit);
  const given = (['max_tokens', 'max_completion_tokens'] as const).filter(
    (name) => typeof fields[name] === 'number',
  );
  if (given.length > 0) return given.map((name) => ({ name, json }));
  const name = WANTS_COMPLETION_LIMIT.test(upstreamModel) ? 'max_completion_tokens' : 'max_tokens';
  return [{ name, json }];
}

/** Where both are given an upstream may look at either: the larger is the worst case. */
function outputLimit({ max_tokens, max_completion_tokens }: Picked): number | undefined {
  const largest = Math.max(max_tokens ?? 0, max_completion_tokens ?? 0);
  return largest === 0 ? undefined : largest;
}

function parseObject(body: Buffer): Record<string, unknown> {
  if (!isUtf8(body)) throw invalid('The body is not valid UTF-8.', null);
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw invalid('The body is not valid JSON.', null);
  }
  if (!isObject(parsed)) throw invalid('The body must be a JSON object.', null);
  return parsed;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuseAmbiguous(members: readonly JsonMember[]): void {
  const seen = new Set<string>();
  for (const { name } of members) {
    const plain = name.toLowerCase();
    if (!deciding.has(plain)) continue;
    if (seen.has(plain) || plain !== name) {
      throw invalid(`"${plain}" must appear once, spelled exactly so.`, plain);
    }
    seen.add(plain);
  }
}

function promptTokens(parsed: Record<string, unknown>): number {
  try {
    return estimatePromptTokens(parsed);
  } catch (error) {
    if (error instanceof NestedTooDeeply) throw invalid('The body nests too deeply.', 'messages');
    throw error;
  }
}

function shapeError(error: z.ZodError): CallRefused {
  const issue = error.issues[0];
  const param = issue?.path.join('.') ?? '';
  return invalid(param ? `${param}: ${issue?.message}` : 'The request is malformed.', param || null);
}

function invalid(message: string, param: string | null): CallRefused {
  return new CallRefused({ code: 'invalid_request', message, param });
}

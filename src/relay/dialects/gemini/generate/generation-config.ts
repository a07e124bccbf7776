import { z } from 'zod';
import { invalidRequest, pick } from '../../json/body.js';
import { type JsonEdit, type JsonMember, setMembers, topLevelMembers } from '../../json/members.js';
import { type JsonObject, objectAt } from '../../json/read.js';
import { objectIn } from '../../request-members/values.js';
import { type DecidingMembers, decidingMembers } from '../members.js';

const DECIDING = ['maxOutputTokens', 'candidateCount', 'thinkingConfig'] as const;
/** Structure that the model reads. */
const SCHEMAS = ['responseSchema', 'response_schema', 'responseJsonSchema', 'response_json_schema'];

/** The least budget of thoughts that every thinking model takes. */
const LEAST_THINKING_TOKENS = 512;

/** Numbers may come as text, as in all of Google's JSON. */
const integer = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d{1,10}$/)
    .transform(Number),
]);
const picked = z.object({
  maxOutputTokens: integer.pipe(z.int().min(1)).nullish(),
  candidateCount: integer.pipe(z.int().min(1).max(128)).nullish(),
  thinkingBudget: integer.nullish(),
});

export interface GenerationConfig {
  readonly maxOutputTokens: number | undefined;
  readonly candidateCount: number;
  /** Thoughts count as output; undefined: the model decides. */
  readonly thinkingBudget: number | undefined;
  readonly schemas: readonly unknown[];
  /** As the client sent it, undefined for none, and where its members stand in it. */
  readonly json: Buffer | undefined;
  readonly members: readonly JsonMember[];
  readonly deciding: DecidingMembers<(typeof DECIDING)[number]>;
}

/** `member` is that of the whole request's body, where it has one. @throws CallRefused `invalid_request` */
export function generationConfig(
  parsed: JsonObject,
  body: Buffer,
  member: JsonMember | undefined,
): GenerationConfig {
  const value = member && (parsed[member.name] ?? undefined);
  const object = objectAt(value);
  if (value !== undefined && !object) {
    throw invalidRequest('generationConfig must be an object', 'generationConfig');
  }
  const json = member && object ? body.subarray(member.valueStart, member.valueEnd) : undefined;
  const members = json ? topLevelMembers(json) : [];
  const deciding = decidingMembers(members, DECIDING);
  const fields = pick(picked, {
    maxOutputTokens: valueOf(object, deciding.maxOutputTokens),
    candidateCount: valueOf(object, deciding.candidateCount),
    thinkingBudget: thinkingBudget(object, json, deciding.thinkingConfig)?.value,
  });
  return {
    maxOutputTokens: fields.maxOutputTokens ?? undefined,
    candidateCount: fields.candidateCount ?? 1,
    thinkingBudget: fields.thinkingBudget ?? undefined,
    schemas: SCHEMAS.map((name) => object?.[name]),
    json,
    members,
    deciding,
  };
}

/**
 * The same configuration with a lower output limit. Thoughts count towards it: a budget that would use it up is lowered as well, to half of
 * it, so that the client gets an answer and not only its preparation.
 */
export function lowerLimit(config: GenerationConfig, limit: number): string {
  const edits: JsonEdit[] = [
    { name: config.deciding.maxOutputTokens?.name ?? 'maxOutputTokens', json: String(limit) },
  ];
  const budget = Math.max(LEAST_THINKING_TOKENS, Math.floor(limit / 2));
  const { thinkingConfig } = config.deciding;
  if (config.json && thinkingConfig && (config.thinkingBudget ?? 0) > budget) {
    const thinking = config.json.subarray(thinkingConfig.valueStart, thinkingConfig.valueEnd);
    const members = topLevelMembers(thinking);
    const name = decidingMembers(members, ['thinkingBudget']).thinkingBudget?.name as string;
    const json = setMembers(thinking, members, [{ name, json: String(budget) }]).toString('utf8');
    edits.push({ name: thinkingConfig.name, json });
  }
  const json = config.json ?? Buffer.from('{}');
  return setMembers(json, config.members, edits).toString('utf8');
}

function thinkingBudget(
  config: JsonObject | undefined,
  json: Buffer | undefined,
  member: JsonMember | undefined,
): { readonly value: unknown } | undefined {
  const object = objectIn(valueOf(config, member), 'generationConfig: thinkingConfig');
  if (!json || !member || !object) return undefined;
  const members = topLevelMembers(json.subarray(member.valueStart, member.valueEnd));
  return { value: valueOf(object, decidingMembers(members, ['thinkingBudget']).thinkingBudget) };
}

function valueOf(object: JsonObject | undefined, member: JsonMember | undefined): unknown {
  return member && object?.[member.name];
}

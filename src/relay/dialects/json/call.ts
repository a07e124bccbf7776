import type { z } from 'zod';
import type { UpstreamRequest } from '../upstream-request.js';
import { type DecidingMembers, parseBody, pick, refuseAmbiguous } from './body.js';
import { type JsonEdit, type JsonMember, setMembers, topLevelMembers } from './members.js';
import type { JsonObject } from './read.js';

/** A JSON request as it came: its bytes, what was parsed of them, and where its members stand. */
export interface JsonCall<Fields> {
  readonly body: Buffer;
  readonly fields: Fields;
  readonly members: readonly JsonMember[];
}

/**
 * The call without what has been read of it and is not needed again: while a call is under way its request is kept as bytes, not also as
 * what they mean.
 */
export function without<Fields, Name extends keyof Fields>(
  { body, fields, members }: JsonCall<Fields>,
  name: Name,
): JsonCall<Omit<Fields, Name>> {
  return { body, fields: { ...fields, [name]: undefined }, members };
}

/** One JSON.parse, a shallow check, one linear scan. `parsed` is not kept. @throws CallRefused `invalid_request` */
export function readJsonCall<Fields>(
  body: Buffer,
  schema: z.ZodType<Fields>,
  deciding: DecidingMembers,
): { readonly call: JsonCall<Fields>; readonly parsed: JsonObject } {
  const parsed = parseBody(body);
  const fields = pick(schema, parsed);
  const members = topLevelMembers(body);
  refuseAmbiguous(members, deciding);
  return { call: { body, fields, members }, parsed };
}

const NOTHING_BESIDE: Pick<UpstreamRequest, 'query' | 'headers'> = { query: '', headers: undefined };

/** The client's own bytes, but for the model's name at the channel and the edits; `beside` is what goes with the body. */
export function forwardJson(
  path: string,
  { body, fields, members }: JsonCall<{ readonly model?: string | null | undefined }>,
  upstreamModel: string,
  edits: readonly JsonEdit[],
  { query, headers } = NOTHING_BESIDE,
): UpstreamRequest {
  const named =
    upstreamModel === fields.model ? [] : [{ name: 'model', json: JSON.stringify(upstreamModel) }];
  const changed = setMembers(body, members, [...named, ...edits]);
  return { path, query, model: upstreamModel, headers, body: changed };
}

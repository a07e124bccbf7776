import { isAscii, isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { CallRefused } from '../../errors.js';
import { NestedTooDeeply } from '../../metering/estimate-nodes.js';
import type { JsonMember } from './members.js';
import { parseInTurns } from './parse-in-turns.js';
import { type JsonObject, objectAt } from './read.js';
import { shapeWords } from './shape-words.js';

/** Bodies beyond it are not parsed at once: those below keep the process busy for some milliseconds at most. */
const AT_ONCE_BYTES = 256 * 1024;

/** What was parsed ahead, for whoever asks for it first. */
const ahead = new WeakMap<Buffer, JsonObject>();

/** A request's body as JSON.parse gives it. @throws CallRefused `invalid_request` for anything but a JSON object in UTF-8 */
export function parseBody(body: Buffer): JsonObject {
  const parsed = ahead.get(body);
  if (parsed) {
    ahead.delete(body);
    return parsed;
  }
  try {
    return objectOf(JSON.parse(textOf(body)));
  } catch (error) {
    throw error instanceof CallRefused ? error : notJson();
  }
}

/** Most bodies have no character that takes more than a byte, and are a text at half the cost. @throws CallRefused where they are none */
function textOf(body: Buffer): string {
  if (isAscii(body)) return body.toString('latin1');
  if (!isUtf8(body)) throw notUtf8();
  return body.toString('utf8');
}

/**
 * Parses a large body while other calls go on, so that `parseBody` has it ready the next time that it is asked for this one. Does nothing
 * with a small one. @throws CallRefused as parseBody does
 */
export async function parseAhead(body: Buffer): Promise<void> {
  if (body.length <= AT_ONCE_BYTES) return;
  if (!isUtf8(body)) throw notUtf8();
  try {
    ahead.set(body, objectOf(await parseInTurns(body)));
  } catch (error) {
    throw error instanceof CallRefused ? error : notJson();
  }
}

function objectOf(parsed: unknown): JsonObject {
  const object = objectAt(parsed);
  if (!object) throw invalidRequest('The body must be a JSON object.');
  return object;
}

const notUtf8 = () => invalidRequest('The body is not valid UTF-8.');
const notJson = () => invalidRequest('The body is not valid JSON.');

/** The members that decide route and charge, checked; the rest of the body is not looked at. @throws CallRefused `invalid_request` */
export function pick<Fields>(schema: z.ZodType<Fields>, body: JsonObject): Fields {
  const result = compiled(schema).safeParse(body);
  if (!result.success) throw shapeError(schema, body);
  return result.data;
}

const compiledSchemas = new WeakMap<z.ZodType, z.ZodType>();

/** A schema as one function: the same answers, a few microseconds a call sooner. */
function compiled<Fields>(schema: z.ZodType<Fields>): z.ZodType<Fields> {
  let made = compiledSchemas.get(schema);
  if (!made) compiledSchemas.set(schema, (made = z.compile(schema)));
  return made as z.ZodType<Fields>;
}

/** Folded names of members -> as they must be spelled, in one of these ways. */
export type DecidingMembers = ReadonlyMap<string, readonly string[]>;

/** A name as the most generous of parsers takes it: case and underscores are nothing to it. */
export const foldedName = (name: string): string => name.replaceAll('_', '').toLowerCase();

/** The members that a schema picks, and further ones. */
export function decidingMembers(schema: z.ZodObject, further: readonly string[] = []): DecidingMembers {
  const deciding = new Map<string, readonly string[]>();
  for (const name of new Set([...Object.keys(schema.shape), ...further])) {
    const folded = foldedName(name);
    deciding.set(folded, [...(deciding.get(folded) ?? []), name]);
  }
  return deciding;
}

/**
 * Deciding members may appear once only and spelled exactly so: an upstream's parser must not see another value than this one does.
 * @throws CallRefused `invalid_request`
 */
export function refuseAmbiguous(members: readonly JsonMember[], deciding: DecidingMembers): void {
  const seen = new Set<string>();
  for (const { name } of members) {
    const folded = foldedName(name);
    const spelled = deciding.get(folded);
    if (!spelled) continue;
    if (seen.has(folded) || !spelled.includes(name)) throw oddlySpelled(spelled[0]);
    seen.add(folded);
  }
}

/** Of a member that decides, and stands there twice or in another spelling. */
export const oddlySpelled = (name = ''): CallRefused =>
  invalidRequest(`"${name}" must appear once, spelled exactly so.`, name);

/** Estimates with a refusal for a body that nests deeper than any real one. @throws CallRefused `invalid_request` naming `param` */
export function estimated(estimate: () => number, param: string): number {
  try {
    return estimate();
  } catch (error) {
    if (error instanceof NestedTooDeeply) throw invalidRequest('The body nests too deeply.', param);
    throw error;
  }
}

export function invalidRequest(message: string, param: string | null = null): CallRefused {
  return new CallRefused({ code: 'invalid_request', message, param });
}

/** Of a body that the schema refuses: the first thing that is wrong, in our own words. */
export function shapeError(schema: z.ZodType, body: unknown): CallRefused {
  const issue = schema.safeParse(body, { error: shapeWords }).error?.issues[0];
  const param = issue?.path.join('.') ?? '';
  return invalidRequest(param ? `${param}: ${issue?.message}` : 'The request is malformed.', param || null);
}

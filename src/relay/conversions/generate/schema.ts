import { type JsonObject, listAt, objectAt } from '../../dialects/json/read.js';
import { jsonName } from '../../dialects/gemini/members.js';
import { schemaOf } from '../reading.js';

/** Names and values of Google's own kind of schema; what else is in one makes it a JSON schema. */
const PLAIN: ReadonlySet<string> = new Set([
  ...['type', 'title', 'description', 'properties', 'required', 'items', 'enum', 'nullable'],
  ...['minimum', 'maximum', 'minItems', 'maxItems', 'minLength', 'maxLength', 'pattern'],
]);
/** Counts that Google's JSON may have as text. */
const COUNTS: ReadonlySet<string> = new Set([
  ...['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'],
]);
const MOST_LEVELS = 64;

/** A tool's arguments as Google takes them, under one of two names; it takes none for a tool that has no arguments. */
export function writeParameters(schema: JsonObject): JsonObject {
  const isEmpty =
    schema['type'] === 'object' && Object.keys(objectAt(schema['properties']) ?? {}).length === 0;
  if (isEmpty && isPlain(schema)) return {};
  return isPlain(schema) ? { parameters: schema } : { parametersJsonSchema: schema };
}

function isPlain(value: unknown, level = 0): boolean {
  const schema = objectAt(value);
  if (!schema || level > MOST_LEVELS) return false;
  if (!Object.keys(schema).every((name) => PLAIN.has(name)) || typeof schema['type'] !== 'string')
    return false;
  const { properties, items, enum: values } = schema;
  const isOfTexts =
    values === undefined ||
    (Array.isArray(values) && values.every((each) => typeof each === 'string' && each));
  // Google refuses these in its own kind of schema: lists of anything, objects without members, and demands for members that are not there.
  if (schema['type'] === 'array' && items === undefined) return false;
  if (schema['type'] === 'object' && level > 0 && Object.keys(objectAt(properties) ?? {}).length === 0)
    return false;
  const known = objectAt(properties) ?? {};
  if (!listAt(schema['required']).every((name) => String(name) in known)) return false;
  const inner = [...Object.values(objectAt(properties) ?? {}), ...(items === undefined ? [] : [items])];
  return isOfTexts && inner.every((each) => isPlain(each, level + 1));
}

/** A schema of Google's as JSON Schema; one that is a JSON schema already stays as it is. */
export function readSchema(own: unknown, json: unknown): JsonObject {
  if (objectAt(json)) return schemaOf(json);
  return schemaOf(objectAt(own) && plainly(own, 0));
}

function plainly(value: unknown, level: number): unknown {
  const schema = objectAt(value);
  if (!schema || level > MOST_LEVELS) return value;
  const written: Record<string, unknown> = {};
  for (const [spelled, inner] of Object.entries(schema)) {
    const name = jsonName(spelled);
    if (name === 'propertyOrdering' || name === 'nullable') continue;
    written[name] = memberOf(name, inner, level);
  }
  const { type } = written;
  if (schema['nullable'] === true && typeof type === 'string') written['type'] = [type, 'null'];
  return written;
}

function memberOf(name: string, value: unknown, level: number): unknown {
  if (name === 'type') return typeof value === 'string' ? value.toLowerCase() : value;
  if (COUNTS.has(name)) return typeof value === 'string' ? Number(value) : value;
  if (name === 'items') return plainly(value, level + 1);
  if (name === 'anyOf' && Array.isArray(value)) return value.map((each) => plainly(each, level + 1));
  if (name !== 'properties') return value;
  const properties = Object.entries(objectAt(value) ?? {});
  return Object.fromEntries(properties.map(([each, inner]) => [each, plainly(inner, level + 1)]));
}

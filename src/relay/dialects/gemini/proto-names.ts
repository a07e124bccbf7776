import { type JsonObject, listAt, objectAt } from '../json/read.js';
import { jsonName, protoName } from './members.js';

/** What an answer says lies within so many levels. */
const MOST_LEVELS = 12;
/** What the model itself has named. */
const OF_THE_MODEL = new Set(['args', 'response']);

/**
 * An answer with the names of its JSON, also where upstream writes those of the proto (`usage_metadata`), as some that speak for Google do.
 * The very same object where it has them already.
 */
export function inJsonNames(payload: JsonObject): JsonObject {
  const isProto = [payload, ...listAt(payload['candidates'])].some((part) => {
    const object = objectAt(part);
    return object !== undefined && Object.keys(object).some((name) => name.includes('_'));
  });
  const usage = objectAt(payload['usageMetadata']);
  const isUsageProto = usage !== undefined && Object.keys(usage).some((name) => name.includes('_'));
  return isProto || isUsageProto ? (renamed(payload, 0) as JsonObject) : payload;
}

/** Both names of a member, quoted as they stand in JSON. */
export const bothNames = (name: string): readonly Buffer[] =>
  [name, protoName(name)].map((each) => Buffer.from(`"${each}"`));

function renamed(value: unknown, level: number): unknown {
  if (level > MOST_LEVELS) return value;
  if (Array.isArray(value)) return value.map((element) => renamed(element, level + 1));
  const object = objectAt(value);
  if (!object) return value;
  return Object.fromEntries(
    Object.entries(object).map(([name, inner]) => [
      jsonName(name),
      OF_THE_MODEL.has(name) ? inner : renamed(inner, level + 1),
    ]),
  );
}

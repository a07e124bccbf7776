import { type JsonObject, listAt, objectAt } from '../../dialects/json/read.js';
import { jsonName } from '../../dialects/gemini/members.js';

/** The object's own members under their names in JSON, whichever of their two names they came under. */
export function membersAt(value: unknown): JsonObject {
  const object = objectAt(value) ?? {};
  const names = Object.keys(object);
  if (!names.some((name) => name.includes('_'))) return object;
  return Object.fromEntries(names.map((name) => [jsonName(name), object[name]]));
}

/** Google takes one alone for a list of one. */
export const listOrOne = (value: unknown): readonly unknown[] => (objectAt(value) ? [value] : listAt(value));

import { foldedName, invalidRequest } from '../json/body.js';
import type { JsonMember } from '../json/members.js';

/** A member that decides, as the client spelled it. Undefined members are absent. */
export type DecidingMembers<Name extends string> = Readonly<Partial<Record<Name, JsonMember>>>;

/**
 * Google takes each member under its JSON name and under its name in the proto (`generationConfig`, `generation_config`). A deciding member
 * may appear once, in one of the two, so that no upstream’s parser sees another value than this one does.
 * @throws CallRefused `invalid_request`
 */
export function decidingMembers<Name extends string>(
  members: readonly JsonMember[],
  names: readonly Name[],
): DecidingMembers<Name> {
  const found: Partial<Record<Name, JsonMember>> = {};
  const known = plainNames(names);
  for (const member of members) {
    const name = known.get(foldedName(member.name)) as Name | undefined;
    if (name === undefined) continue;
    const isSpelled = member.name === name || member.name === protoName(name);
    if (!isSpelled || found[name]) {
      throw invalidRequest(`"${name}" must appear once, spelled so or as "${protoName(name)}".`, name);
    }
    found[name] = member;
  }
  return found;
}

const plainOf = new WeakMap<readonly string[], ReadonlyMap<string, string>>();

/** The names as they are looked up, made once for each list of them. */
function plainNames(names: readonly string[]): ReadonlyMap<string, string> {
  let known = plainOf.get(names);
  if (!known) plainOf.set(names, (known = new Map(names.map((name) => [foldedName(name), name]))));
  return known;
}

/** A member’s name in JSON, of either of its names. */
export function jsonName(name: string): string {
  return name.includes('_') ? name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) : name;
}

/** The same in the proto, of its name in JSON. */
export function protoName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

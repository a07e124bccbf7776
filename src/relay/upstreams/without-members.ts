import type { JsonMember } from '../dialects/json/members.js';

const COMMA = Buffer.from(',');

/** A JSON object without these members of its own; every other byte of a member as it was. `members` are those of topLevelMembers. */
export function withoutMembers(
  json: Buffer,
  members: readonly JsonMember[],
  names: ReadonlySet<string>,
): Buffer {
  const kept = members.filter(({ name }) => !names.has(name));
  if (kept.length === members.length) return json;
  return objectOf(kept.map(({ nameStart, valueEnd }) => json.subarray(nameStart, valueEnd)));
}

/** An object of these members, each as its JSON text. */
export function objectOf(members: readonly Buffer[]): Buffer {
  const parts = members.flatMap((member, index) => (index === 0 ? [member] : [COMMA, member]));
  return Buffer.concat([Buffer.from('{'), ...parts, Buffer.from('}')]);
}

import { parseBody } from './json/body.js';
import type { JsonEdit } from './json/members.js';
import { listAt } from './json/read.js';

/** How signatures begin that this service gave thoughts of other upstreams. As it stands in JSON; text that quotes it has `\"`, which does not match. */
export const OWN_SIGNATURE = 'cf1.';
const MARK = Buffer.from(`"${OWN_SIGNATURE}`);

export const isOwnSignature = (value: unknown): boolean =>
  typeof value === 'string' && value.startsWith(OWN_SIGNATURE);

/**
 * Takes thoughts out of the conversation that upstream never signed, for it would refuse the call: they are of a channel of another dialect, to which the
 * conversation went before. All other requests go on as they are. `kept`: what becomes of an element of the list, nothing or one.
 */
export function withoutOwnThoughts(
  body: Buffer,
  member: string,
  kept: (element: unknown) => readonly unknown[],
): readonly JsonEdit[] {
  if (!body.includes(MARK)) return [];
  const list = parseBody(body)[member];
  return Array.isArray(list) ? [{ name: member, json: JSON.stringify(listAt(list).flatMap(kept)) }] : [];
}

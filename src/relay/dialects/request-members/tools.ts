import { invalidRequest } from '../json/body.js';
import { objectAt } from '../json/read.js';
import type { MemberRow, Reading } from './rows.js';
import { asSpelled } from './spelled.js';

/**
 * Reads a list of tools by the rows of its table. A tool that has no row may run anything for money, so it needs the channel's consent.
 * @param kindsOf by which names a tool is looked up: its type, or in Gemini's dialect each of its members
 */
export function toolsBy(
  rows: readonly MemberRow[],
  kindsOf: (tool: Readonly<Record<string, unknown>>) => readonly string[],
): Reading {
  const byName = new Map(rows.flatMap((row) => row.names.map((name) => [name, row] as const)));
  return (value, asks, list) => {
    // One alone is taken by some for a list of one.
    const tools = Array.isArray(value) ? value : [value];
    for (const element of tools) {
      const tool = objectAt(element);
      if (!tool) throw invalidRequest(`${list} must be a list of objects`, list);
      asSpelled(tool, list);
      for (const kind of kindsOf(tool)) {
        const row = byName.get(kind);
        const member = `${list}: ${kind.slice(0, 100)}`;
        if (row) row.read?.(tool, asks, member);
        else asks.needs.push({ member, allowance: 'unknown_tools' });
      }
    }
  };
}

/** The type that a tool says it is; `otherwise` where it says none. */
export const typeOfTool =
  (otherwise: string) =>
  ({ type }: Readonly<Record<string, unknown>>): readonly string[] => [typeIn(type) ?? otherwise];

/**
 * The same of lists in which the client's own tools need no type: they have a name, or a function with one. What has neither is called by its
 * members, as in Gemini's dialect (`{"googleSearch": {}}`), which services before Gemini take in every other one.
 */
export const typeOfNamedTool =
  (own: string) =>
  (tool: Readonly<Record<string, unknown>>): readonly string[] => {
    const { name, function: called } = tool;
    const type = typeIn(tool['type']);
    if (type !== undefined) return [type];
    if (typeof name === 'string' || objectAt(called)) return [own];
    return Object.keys(tool).filter((member) => member !== 'type');
  };

/** @throws CallRefused `invalid_request` for a type that is no text: an upstream that takes it would see another one than is seen here */
function typeIn(type: unknown): string | undefined {
  if (type === undefined || type === null || typeof type === 'string') return type ?? undefined;
  throw invalidRequest('The type of a tool must be a text.', 'tools');
}

import { type JsonObject, listAt, objectAt, textIn } from '../dialects/json/read.js';
import type { CanonicalRequest } from './canonical.js';

type Offered = Pick<CanonicalRequest, 'tools' | 'hosted'>;
type Chosen = Pick<CanonicalRequest, 'tools' | 'hosted' | 'choice'>;

/** What a function of a namespace is called where there are none. */
export const nameIn = (namespace: string | undefined, name: string): string =>
  namespace === undefined ? name : `${namespace}__${name}`;

/** Which tool may or must be called, in the words of OpenAI's two protocols. Where some of the tools are allowed, the others are not offered. */
export function readToolChoice(choice: unknown, offered: Offered): Chosen {
  if (choice === 'auto' || choice === 'none') return { choice: { kind: choice }, ...offered };
  if (choice === 'required') return { choice: { kind: 'any' }, ...offered };
  const given = objectAt(choice);
  if (given?.['type'] === 'allowed_tools') {
    const { mode, tools } = objectAt(given['allowed_tools']) ?? given;
    const allowed = new Set(listAt(tools).map((tool) => nameOf(objectAt(tool) ?? {})));
    return { choice: { kind: mode === 'required' ? 'any' : 'auto' }, ...onlyOf(offered, allowed) };
  }
  const name = given && nameOf(given);
  return { choice: name === undefined ? undefined : { kind: 'one', name }, ...offered };
}

/** Those of the tools that have one of the names. */
export const onlyOf = ({ tools, hosted }: Offered, names: ReadonlySet<unknown>): Offered => ({
  tools: tools.filter(({ name }) => names.has(name)),
  hosted: hosted.filter(({ name }) => names.has(name)),
});

/** Of a tool that upstream would run its type is all there is. */
function nameOf(tool: JsonObject): string | undefined {
  const type = textIn(tool['type']) ?? 'function';
  const name = textIn(objectAt(tool[type])?.['name']) ?? textIn(tool['name']);
  if (name === undefined) return type === 'function' ? undefined : type;
  return nameIn(textIn(tool['namespace']), name);
}

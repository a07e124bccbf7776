import { type JsonObject, listAt, objectAt, textIn } from '../../dialects/json/read.js';
import type { CanonicalRequest, Tool } from '../canonical.js';
import type { Losses } from '../losses.js';
import { schemaOf, stringAt } from '../reading.js';
import { nameIn } from '../tool-choice.js';

/** What a freeform tool takes, where every tool takes an object. */
const FREEFORM = {
  type: 'object',
  properties: { input: { type: 'string', description: 'The input of the tool, whole and as it is.' } },
  required: ['input'],
};

/** What a client that finds tools by itself calls that. */
export const SEARCH = 'tool_search';

/** A search for tools, or a call or a result of one, that its client runs and no upstream. */
export const isOfClient = ({ execution }: JsonObject): boolean => execution === 'client';

/** Functions, freeform tools as functions of one text, and the functions of namespaces; what upstream would run itself apart. */
export function readTools(value: unknown, losses: Losses): Pick<CanonicalRequest, 'tools' | 'hosted'> {
  const tools: Tool[] = [];
  const hosted: { type: string; name: string }[] = [];
  for (const element of listAt(value)) {
    const tool = objectAt(element) ?? {};
    const type = String(tool['type']);
    if (type === 'namespace') {
      const namespace = textIn(tool['name']);
      for (const inner of listAt(tool['tools']))
        tools.push(...toolsIn(objectAt(inner) ?? {}, namespace, losses));
    } else if (type === 'function' || type === 'custom') tools.push(...toolsIn(tool, undefined, losses));
    else if (isOfClient(tool)) tools.push(searchOf(tool));
    else hosted.push({ type, name: textIn(tool['name']) ?? type });
  }
  return { tools: onceEach(tools), hosted };
}

function onceEach(tools: readonly Tool[]): Tool[] {
  const names = new Set<string>();
  return tools.filter(({ name }) => !names.has(name) && names.add(name));
}

const searchOf = ({ description, parameters }: JsonObject): Tool => ({
  name: SEARCH,
  description: stringAt(description),
  schema: schemaOf(parameters),
  form: { kind: 'search', namespace: undefined, name: SEARCH },
});

/** Tools that the client has found since the conversation began, or brings with a turn: they may be called as those that it began with. */
export const toolsFound = (input: unknown): readonly unknown[] =>
  listAt(input).flatMap((element) => {
    const item = objectAt(element) ?? {};
    const brings =
      item['type'] === 'additional_tools' || (item['type'] === 'tool_search_output' && isOfClient(item));
    return brings ? listAt(item['tools']) : [];
  });

function toolsIn(tool: JsonObject, namespace: string | undefined, losses: Losses): Tool[] {
  const own = textIn(tool['name']);
  if (own === undefined) return [];
  if (tool['strict'] === true) losses.tell('strict');
  const description = stringAt(tool['description']);
  const name = nameIn(namespace, own);
  if (tool['type'] !== 'custom')
    return [
      {
        name,
        description,
        schema: schemaOf(tool['parameters']),
        form: { kind: 'function', namespace, name: own },
      },
    ];
  const grammar = textIn(objectAt(tool['format'])?.['definition']);
  const told =
    grammar === undefined
      ? description
      : `${description ?? ''}\n\nThe input keeps to this grammar:\n${grammar}`;
  return [{ name, description: told, schema: FREEFORM, form: { kind: 'freeform', namespace, name: own } }];
}

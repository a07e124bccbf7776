import { type JsonObject, listAt, objectAt } from '../../json/read.js';
import { listIn, objectIn } from '../../request-members/values.js';

/**
 * Tools that a turn of the conversation brings with it, whole as in `tools`: in a block of their own, or in that of a summary which made
 * room for them. @throws CallRefused `invalid_request` for what is of no documented type
 */
export function toolsBroughtBy({ type, tool, tool_changes: changes }: JsonObject): readonly unknown[] {
  const added = type === 'tool_addition' ? [tool] : [];
  const kept = listIn(changes, 'messages: tool_changes').map(
    (change) => objectIn(change, 'messages: tool_changes')?.['tool'],
  );
  return [...added, ...kept].flatMap((given) => objectIn(given, 'messages: tool')?.['definition'] ?? []);
}

/** As it stands in JSON. */
const DEFINITION = Buffer.from('"tool_definition"');

/** Every tool of a request that has been judged: those of `tools`, and those that turns bring. */
export function toolsOf(body: Buffer, parsed: JsonObject): readonly unknown[] {
  const listed = listAt(parsed['tools']);
  if (!body.includes(DEFINITION)) return listed;
  const blocks = listAt(parsed['messages']).flatMap((turn) => listAt(objectAt(turn)?.['content']));
  return [...listed, ...blocks.flatMap((block) => toolsBroughtBy(objectAt(block) ?? {}))];
}

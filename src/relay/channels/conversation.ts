import type { IncomingHttpHeaders } from 'node:http';
import { arrayElements, type JsonMember, topLevelMembers } from '../dialects/json/members.js';

/** Headers by which clients say what belongs together. */
const HEADERS = ['x-session-id', 'session_id', 'session-id', 'conversation_id', 'x-conversation-id'];
/** Members of the body that do, and the name under which an object has it. */
const NAMES: readonly (readonly [name: string, inside?: string])[] = [
  ['prompt_cache_key'],
  ['conversation', 'id'],
  ['metadata', 'user_id'],
  ['user'],
  ['previous_response_id'],
];
/** What a prompt begins with. */
const INSTRUCTIONS = ['system', 'instructions', 'systemInstruction', 'system_instruction'];
const TURNS = ['messages', 'input', 'contents', 'prompt'];

const MAX_NAME_BYTES = 2_048;
const PREFIX_BYTES = 512;
const SYSTEM_ROLE = /"role"\s*:\s*"(system|developer)"/;
const OPEN_BRACE = 0x7b;

/**
 * A text that is the same for all calls of a conversation, as far as they show it: a header, a member that names the conversation or its
 * user, or else how the prompt begins. Undefined when there is none of them. `body` has passed JSON.parse, or is no JSON at all.
 */
export function conversationOf(headers: IncomingHttpHeaders, body: Buffer): string | undefined {
  for (const name of HEADERS) {
    const value = headers[name];
    if (typeof value === 'string' && value !== '') return `header ${value}`;
  }
  if (body.find((byte) => byte > 0x20) !== OPEN_BRACE) return undefined;
  const members = topLevelMembers(body);
  return namedIn(body, members) ?? prefixOf(body, members);
}

function namedIn(body: Buffer, members: readonly JsonMember[]): string | undefined {
  for (const [name, inside] of NAMES) {
    const member = members.find((each) => each.name === name);
    if (!member || member.valueEnd - member.valueStart > MAX_NAME_BYTES) continue;
    const value: unknown = JSON.parse(body.toString('utf8', member.valueStart, member.valueEnd));
    const named =
      typeof value === 'object' && inside ? (value as Record<string, unknown> | null)?.[inside] : value;
    if (typeof named === 'string' && named !== '') return `${name} ${named}`;
  }
  return undefined;
}

/** Instructions and the first turn: what stays in front while a conversation grows. */
function prefixOf(body: Buffer, members: readonly JsonMember[]): string | undefined {
  const heads: string[] = [];
  const head = (from: number, to: number) => {
    heads.push(body.toString('latin1', from, Math.min(to, from + PREFIX_BYTES)));
  };
  for (const { name, valueStart, valueEnd } of members)
    if (INSTRUCTIONS.includes(name)) head(valueStart, valueEnd);
  const turns = members.find(({ name }) => TURNS.includes(name));
  if (!turns) return undefined;
  const elements = arrayElements(body, turns.valueStart, 2);
  const [first] = elements;
  if (!first) head(turns.valueStart, turns.valueEnd);
  else {
    const role = body.toString('latin1', first.start, Math.min(first.end, first.start + PREFIX_BYTES));
    for (const { start, end } of SYSTEM_ROLE.test(role) ? elements : [first]) head(start, end);
  }
  return `prompt ${heads.join('\n')}`;
}

import type { Part, ResultPart, Turn } from './canonical.js';
import type { Losses } from './losses.js';
import { pushTurn } from './reading.js';

const NO_RESULT = 'no result';

/** Instructions amid a conversation, as what a user says. */
export function reminder({ parts }: Turn, losses: Losses): string {
  losses.tell('system');
  const text = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
  return `<system-reminder>\n${text}\n</system-reminder>`;
}

const resultsIn = (turn: Turn | undefined): readonly ResultPart[] =>
  (turn?.role === 'user' ? turn.parts : []).filter((part): part is ResultPart => part.kind === 'result');

/**
 * The conversation in which every call has an id of its own, and its result in the turn behind it, before all else there: whoever asks otherwise is
 * refused by all providers. A result that came later, behind an instruction or another text, is put there; a call whose result never came gets one
 * that says so; the last calls of a conversation may be without.
 */
export function withResults(given: readonly Turn[], losses: Losses): readonly Turn[] {
  const turns = distinct(merged(given), losses);
  const late = new Map(
    turns.flatMap((turn) => resultsIn(turn).map((result) => [result.id, result] as const)),
  );
  const moved = new Set<Part>();
  const whole: Turn[] = [];
  for (const turn of turns) {
    const parts =
      turn.role === 'user' ? resultsFirst(turn.parts.filter((part) => !moved.has(part))) : turn.parts;
    const waiting = callsOf(whole.at(-1)).filter((id) => !resultsIn(turn).some((result) => result.id === id));
    const results = waiting.map((id) => late.get(id) ?? noResult(id, losses));
    for (const result of results) moved.add(result);
    if (turn.role !== 'user' && results.length > 0) whole.push({ role: 'user', parts: results }, turn);
    else pushTurn(whole, turn.role, turn.role === 'user' ? [...results, ...parts] : parts);
  }
  return whole;
}

function noResult(id: string, losses: Losses): ResultPart {
  losses.tell('tool_result');
  return { kind: 'result', id, parts: [{ kind: 'text', text: NO_RESULT }], failed: false };
}

/** Some upstreams number the calls of each answer anew, so that a conversation has one id twice. */
function distinct(turns: readonly Turn[], losses: Losses): readonly Turn[] {
  const used = new Map<string, number>();
  const taken = new Set<string>();
  const fresh = (id: string): string => {
    let times = used.get(id) ?? 0;
    let own = times === 0 ? id : `${id}_${times + 1}`;
    while (taken.has(own)) own = `${id}_${(times += 1) + 1}`;
    used.set(id, times + 1);
    taken.add(own);
    return own;
  };
  let waiting = new Map<string, string[]>();
  return turns.map((turn) => {
    if (turn.role === 'assistant' && callsOf(turn).some((id) => used.has(id))) waiting = new Map();
    const parts = turn.parts.map((part) => {
      if (part.kind === 'result') return { ...part, id: waiting.get(part.id)?.shift() ?? part.id };
      if (part.kind !== 'call') return part;
      const id = fresh(part.id);
      if (id !== part.id) losses.tell('ids');
      waiting.set(part.id, [...(waiting.get(part.id) ?? []), id]);
      return { ...part, id };
    });
    return { ...turn, parts };
  });
}

const callsOf = (turn: Turn | undefined): readonly string[] =>
  turn?.role === 'assistant' ? turn.parts.flatMap((part) => (part.kind === 'call' ? [part.id] : [])) : [];

const resultsFirst = (parts: readonly Part[]): readonly Part[] => [
  ...parts.filter(({ kind }) => kind === 'result'),
  ...parts.filter(({ kind }) => kind !== 'result'),
];

/** Neighbours of one role as one turn: results of calls may come in turns of their own. */
function merged(turns: readonly Turn[]): readonly Turn[] {
  const whole: Turn[] = [];
  for (const turn of turns) {
    const before = whole.at(-1);
    if (before?.role === turn.role)
      whole[whole.length - 1] = { role: turn.role, parts: [...before.parts, ...turn.parts] };
    else whole.push(turn);
  }
  return whole;
}

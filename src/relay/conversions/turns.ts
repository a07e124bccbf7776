import type { Part, ResultPart, Turn } from './canonical.js';
import type { Losses } from './losses.js';

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
 * The conversation in which every call has its result in the turn behind it, before all else there: whoever asks otherwise is refused by all
 * providers. A call whose result never came gets one that says so; the last calls of a conversation may be without.
 */
export function withResults(turns: readonly Turn[], losses: Losses): readonly Turn[] {
  const whole: Turn[] = [];
  for (const turn of merged(turns)) {
    const waiting = callsOf(whole.at(-1)).filter((id) => !resultsIn(turn).some((result) => result.id === id));
    if (waiting.length === 0)
      whole.push(turn.role === 'user' ? { role: 'user', parts: resultsFirst(turn.parts) } : turn);
    else {
      losses.tell('tool_result');
      const made = waiting.map((id): ResultPart => {
        return { kind: 'result', id, parts: [{ kind: 'text', text: NO_RESULT }], failed: false };
      });
      if (turn.role === 'user') whole.push({ role: 'user', parts: [...made, ...resultsFirst(turn.parts)] });
      else whole.push({ role: 'user', parts: made }, turn);
    }
  }
  return whole;
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

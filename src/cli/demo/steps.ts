import { z } from 'zod';
import type { Terminal } from '../output.js';
import type { Answer } from './client.js';

/** One step of a story, as a person reads it. */
export type Step = (title: string, lines: string | readonly string[]) => void;

export function numberedSteps(terminal: Terminal): Step {
  let number = 0;
  return (title, lines) => {
    number += 1;
    terminal.out(`\n${String(number).padStart(2)}. ${title}`);
    for (const line of typeof lines === 'string' ? [lines] : lines) terminal.out(`    ${line}`);
  };
}

export function parse<Schema extends z.ZodType>(schema: Schema, answer: Answer): z.output<Schema> {
  const parsed = schema.safeParse(JSON.parse(answer.body));
  if (!parsed.success)
    throw new Error(`unexpected answer: ${z.prettifyError(parsed.error)}\n${answer.body.slice(0, 500)}`);
  return parsed.data;
}

export function expect(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}

/** Read models follow the log by milliseconds; a reader that wants to see a call's charge asks again. Bounded at 10 s. */
export async function eventually<Value>(read: () => Promise<Value | undefined>): Promise<Value> {
  for (const deadline = Date.now() + 10_000; ; await new Promise((resolve) => setTimeout(resolve, 25))) {
    const value = await read();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error('the read models did not follow the log within 10 s');
  }
}

export const count = (value: number) => value.toLocaleString('en-US');

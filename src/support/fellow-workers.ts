import { z } from 'zod';
import { withDeadline } from './deadline.js';

/** What one worker asks of all. */
export type Question = 'readiness' | 'metrics';
const questions = ['readiness', 'metrics'] as const satisfies readonly Question[];

/** What a worker tells the process that started it. */
export const fromWorker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), url: z.string() }),
  z.object({ kind: z.literal('ask'), id: z.int(), question: z.enum(questions) }),
  z.object({ kind: z.literal('answer'), id: z.int(), answer: z.string() }),
]);
export type FromWorker = z.output<typeof fromWorker>;

/** What it is told. `null`: one that is not ready, or did not answer. */
export const toWorker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stop') }),
  z.object({ kind: z.literal('question'), id: z.int(), question: z.enum(questions) }),
  z.object({ kind: z.literal('answers'), id: z.int(), answers: z.array(z.string().nullable()) }),
]);
export type ToWorker = z.output<typeof toWorker>;

/** So long the process that started the workers waits for their answers. */
export const ANSWER_WITHIN_MS = 1_000;
const ANSWERS_WITHIN_MS = 1_500;

/** The workers of one command, as one of them sees them. */
export interface FellowWorkers {
  /** What each answers, this one included; null for one that is not ready or does not answer. Rejects when nobody answers in time. */
  ask(question: Question): Promise<readonly (string | null)[]>;
  /** How this one answers. */
  answer(question: Question, reply: () => Promise<string>): void;
  /** This one takes connections. */
  ready(url: string): void;
}

/** @param onStop the process that started this one wants it to end */
export function openFellowWorkers(onStop: () => void): FellowWorkers {
  const replies = new Map<Question, () => Promise<string>>();
  const waiting = new Map<number, (answers: readonly (string | null)[]) => void>();
  let asked = 0;
  const tell = (message: FromWorker) => process.send?.(message);
  process.on('message', (message) => {
    // The runtime's own messages between the two come by here as well.
    const { data } = toWorker.safeParse(message);
    if (data?.kind === 'stop') onStop();
    if (data?.kind === 'answers') waiting.get(data.id)?.(data.answers);
    if (data?.kind === 'question')
      void replies
        .get(data.question)?.()
        .then(
          (answer) => tell({ kind: 'answer', id: data.id, answer }),
          // It counts as one that does not answer.
          () => undefined,
        );
  });
  return {
    ask: (question) => {
      const id = asked++;
      const answers = new Promise<readonly (string | null)[]>((resolve) => waiting.set(id, resolve));
      tell({ kind: 'ask', id, question });
      return withDeadline(answers, ANSWERS_WITHIN_MS).finally(() => waiting.delete(id));
    },
    answer: (question, reply) => void replies.set(question, reply),
    ready: (url) => void tell({ kind: 'ready', url }),
  };
}

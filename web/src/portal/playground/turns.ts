import type { Said } from '../calls/dialects.ts';

/** How an answer stands: on its way, whole, ended by whoever asked, or failed. */
export type TurnState = 'running' | 'whole' | 'stopped' | 'failed';

/** What was said, and what came of it. */
export interface Turn {
  readonly id: number;
  readonly question: string;
  readonly answer: string;
  readonly model: string;
  readonly state: TurnState;
  readonly error?: unknown;
  readonly requestId?: string | undefined;
  readonly milliseconds?: number;
  /** Quota; undefined until the ledger has it, and where it did not say it in time. */
  readonly charge?: number | undefined;
  /** Whether the ledger was asked. */
  readonly isSettled?: boolean;
}

/** The conversation so far; what failed is no part of it. */
export const saidIn = (turns: readonly Turn[]): readonly Said[] =>
  turns
    .filter(({ state, answer }) => state !== 'failed' && answer !== '')
    .flatMap(({ question, answer }): readonly Said[] => [
      { by: 'user', text: question },
      { by: 'assistant', text: answer },
    ]);

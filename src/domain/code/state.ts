import type { DataIn, EventIn } from '../stored/event-in.js';
import type { codeEvents } from './events.js';

export type CodeEvent = EventIn<typeof codeEvents>;
export type CodeTerms = DataIn<typeof codeEvents, 'code-batch-made'>;

export interface CodeBatch {
  readonly terms: CodeTerms;
  /** By their hashes, in the order in which they were made. */
  readonly codes: ReadonlySet<string>;
  readonly voided: ReadonlySet<string>;
  readonly isVoided: boolean;
}

/** Undefined before it was made. */
export type CodeBatchState = CodeBatch | undefined;

export function evolveCodeBatch(state: CodeBatchState, event: CodeEvent): CodeBatchState {
  if (event.type === 'code-batch-made')
    return { terms: event.data, codes: new Set(), voided: new Set(), isVoided: false };
  if (!state) throw new Error(`${event.type} comes before the batch was made`);
  switch (event.type) {
    case 'code-batch-filled':
      return { ...state, codes: new Set([...state.codes, ...event.data.hashes]) };
    case 'code-voided':
      return { ...state, voided: new Set([...state.voided, event.data.code_hash]) };
    case 'code-batch-voided':
      return { ...state, isVoided: true };
  }
}

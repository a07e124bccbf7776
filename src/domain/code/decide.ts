import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import type { Refusal } from '../refusal.js';
import { codeEvents } from './events.js';
import {
  type CodeBatch,
  type CodeBatchState,
  type CodeEvent,
  type CodeTerms,
  evolveCodeBatch,
} from './state.js';

export interface MakeBatch {
  readonly type: 'make';
  readonly terms: CodeTerms;
}

/** The next of its codes. */
export interface FillBatch {
  readonly type: 'fill';
  readonly hashes: readonly string[];
}

export interface VoidCode {
  readonly type: 'void-code';
  readonly codeHash: string;
  readonly reason: string;
  readonly by: string;
}

export interface VoidBatch {
  readonly type: 'void-batch';
  readonly reason: string;
  readonly by: string;
}

export type CodeCommand = MakeBatch | FillBatch | VoidCode | VoidBatch;

function decide(command: CodeCommand, state: CodeBatchState): Decision<CodeEvent> {
  if (command.type === 'make') return make(command.terms, state);
  if (!state) return refuse({ code: 'code_batch_not_found' });
  const { batch_id } = state.terms;
  switch (command.type) {
    case 'fill':
      return fill(command, state);
    case 'void-code': {
      const { codeHash: code_hash, reason, by } = command;
      if (!state.codes.has(code_hash)) return refuse({ code: 'code_unknown' });
      if (state.isVoided || state.voided.has(code_hash)) return replay();
      return accept({ type: 'code-voided', data: { batch_id, code_hash, reason, by } });
    }
    case 'void-batch': {
      const { reason, by } = command;
      return state.isVoided
        ? replay()
        : accept({ type: 'code-batch-voided', data: { batch_id, reason, by } });
    }
  }
}

function make(terms: CodeTerms, state: CodeBatchState): Decision<CodeEvent> {
  if (terms.quota <= 0n) return refuse({ code: 'amount_invalid', field: 'quota' });
  if (!state) return accept({ type: 'code-batch-made', data: terms });
  const differs = (['name', 'codes', 'quota', 'ends_at', 'grant_days'] as const).find(
    (field) => state.terms[field] !== terms[field],
  );
  return differs === undefined ? replay() : refuse({ code: 'code_batch_conflict', field: differs });
}

function fill({ hashes }: FillBatch, { terms, codes }: CodeBatch): Decision<CodeEvent> {
  const added = hashes.filter((hash) => !codes.has(hash));
  if (added.length === 0) return replay();
  if (added.length < hashes.length || codes.size + added.length > terms.codes)
    throw new Error(`the batch ${terms.batch_id} is filled with other codes than it has`);
  return accept({ type: 'code-batch-filled', data: { batch_id: terms.batch_id, hashes: [...hashes] } });
}

/** What a code that nobody has used is worth now; why it is worth nothing. */
export function redeemable(
  { terms, isVoided }: { readonly terms: Pick<CodeTerms, 'ends_at'>; readonly isVoided: boolean },
  now: Date,
): Refusal | undefined {
  if (isVoided) return { code: 'code_void' };
  return new Date(terms.ends_at) <= now ? { code: 'code_over' } : undefined;
}

const DAY_MS = 86_400_000;

/** When the grant of a code ends that is used now; undefined: never. */
export const grantEnd = ({ grant_days }: Pick<CodeTerms, 'grant_days'>, now: Date): Date | undefined =>
  grant_days === null ? undefined : new Date(now.getTime() + grant_days * DAY_MS);

export const codeBatchDecider: Decider<CodeBatchState, CodeCommand, CodeEvent> = {
  initialState: () => undefined,
  evolve: evolveCodeBatch,
  decide,
  events: codeEvents,
};

import type { Dialect } from '../dialect.js';
import type { ParameterDocument } from '../document.js';
import type { FreeEndpoint } from '../endpoint.js';
import type { RequestFacts } from '../request-facts.js';
import { walletDocument } from './document.js';
import type { KeyHolder } from './key-holder.js';

interface Question {
  /** Whose errors are answered. */
  readonly dialect: Dialect;
  /** The path that is documented. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly ParameterDocument[];
}

/** An endpoint at which whoever holds a key asks what it has, has used, or was charged. */
export const question = (
  { dialect, path, operationId, summary, parameters }: Question,
  answer: (holder: KeyHolder, facts: RequestFacts) => Promise<object>,
): FreeEndpoint => ({
  kind: 'free',
  dialect,
  name: path,
  document: walletDocument(operationId, summary, parameters),
  answer: ({ holder, facts }) => answer(holder, facts),
});

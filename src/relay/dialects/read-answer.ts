import type { Usage } from '../../domain/pricing/usage.js';

/** What an upstream's whole answer turns out to be. */
export type ReadAnswer =
  | {
      readonly kind: 'completion';
      /** As reported, or known beforehand where the charge depends on the request only; undefined: to be counted. */
      readonly usage: Usage | undefined;
      /** Searches that upstream bills, where it says nothing of tokens: those are to be counted. */
      readonly searches?: number | undefined;
      /** What the model wrote, for counting. */
      readonly outputText: () => string;
      /** For the client, where it is not to have upstream's own. */
      readonly body?: Buffer;
      /** Where it is not JSON. */
      readonly contentType?: string;
    }
  | FailedAnswer;

export type FailedAnswer =
  /** Upstream's own error object, to be passed through with its status. */
  | { readonly kind: 'error'; readonly status: number; readonly body: Buffer }
  /** HTML, empty, truncated, an error without an error object: not what it should be. */
  | { readonly kind: 'bad' };

import type { Usage } from '../../domain/pricing/usage.js';
import type { JsonObject } from './json/read.js';
import type { UsageBeside } from '../metering/usage-beside.js';
import type { ToolRuns } from '../metering/tool-runs.js';

/** What an upstream's whole answer turns out to be. */
export type ReadAnswer =
  | {
      readonly kind: 'completion';
      /** As reported, or known beforehand where the charge depends on the request only; undefined: to be counted. */
      readonly usage: Usage | undefined;
      /** What was used and is not in `usage`. */
      readonly beside?: readonly UsageBeside[] | undefined;
      /** What upstream ran and bills by the piece, as the answer shows it. */
      readonly runs?: ToolRuns | undefined;
      /** The class of service, as upstream names it. */
      readonly serviceTier?: string | undefined;
      /** What its bytes say, for whoever has more to read of it: they are parsed once. */
      readonly payload?: JsonObject;
      /** What the model wrote, for counting. */
      readonly outputText: () => string;
      /** The same, choice by choice: each is counted by itself. Absent: there is one. */
      readonly outputTexts?: (() => readonly string[]) | undefined;
      /** Ids of what it left at upstream, for later calls to refer to. */
      readonly leaves?: readonly string[] | undefined;
      /** What it made beside text, in tokens from above. */
      readonly outputMedia?: (() => number) | undefined;
      /** For the client, where it is not to have upstream's own. */
      readonly body?: Buffer;
      /** The same where it tells what was charged. */
      readonly rendered?: (usage: Usage) => Buffer;
      /** Of the answer, beside those that every one has. */
      readonly headers?: Readonly<Record<string, string>>;
      /** Where it is not JSON. */
      readonly contentType?: string;
    }
  | FailedAnswer;

export type FailedAnswer =
  /** Upstream's own error object, to be passed through with its status. */
  | { readonly kind: 'error'; readonly status: number; readonly body: Buffer }
  /** HTML, empty, truncated, an error without an error object: not what it should be. */
  | { readonly kind: 'bad' };

/** What a whole answer holds, for counting. */
export const writtenIn = ({
  outputText,
  outputTexts,
  outputMedia,
}: Extract<ReadAnswer, { kind: 'completion' }>) => ({
  texts: outputTexts?.() ?? [outputText()],
  estimatedBeyond: outputMedia?.() ?? 0,
});

import type { JsonObject } from '../dialects/json/read.js';

/** How hard a model thinks, from little to much; what a provider calls otherwise is the nearest of these. */
export const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof efforts)[number];

/** What is asked of a model, in no dialect: richer than each of them, so that nothing is lost on the way through the middle. */
export interface CanonicalRequest {
  /** What stands before the conversation, text by text. */
  readonly system: readonly string[];
  readonly turns: readonly Turn[];
  readonly tools: readonly Tool[];
  /** Tools that upstream itself would run, by their type, and what they are called. */
  readonly hosted: readonly { readonly type: string; readonly name: string }[];
  readonly choice: ToolChoice | undefined;
  /** At most one call in an answer. */
  readonly oneCall: boolean;
  readonly outputLimit: number | undefined;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  readonly topK: number | undefined;
  readonly stop: readonly string[];
  readonly seed: number | undefined;
  readonly frequencyPenalty: number | undefined;
  readonly presencePenalty: number | undefined;
  readonly thinking: Thinking | undefined;
  readonly format: AnswerFormat | undefined;
  /** Whom the client speaks for. */
  readonly user: string | undefined;
  /** Its client does not want to be shown thoughts. */
  readonly hidesThoughts?: boolean;
}

/** `system`: instructions that come in the middle of a conversation. */
export interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly parts: readonly Part[];
}

export type Part = TextPart | PicturePart | DocumentPart | ThoughtPart | CallPart | ResultPart;

export interface TextPart {
  readonly kind: 'text';
  readonly text: string;
}

/** Bytes in base64, or an address that upstream fetches itself: nothing is fetched here. */
export type Source =
  | { readonly from: 'data'; readonly mediaType: string; readonly data: string }
  | { readonly from: 'url'; readonly url: string };

export interface PicturePart {
  readonly kind: 'picture';
  readonly source: Source;
}

export interface DocumentPart {
  readonly kind: 'document';
  readonly source: Source;
  readonly name: string | undefined;
}

/** What a model thought, with the proof that its provider wants to see again; where the proof is of what comes next, it stands before that. */
export interface ThoughtPart {
  readonly kind: 'thought';
  readonly text: string;
  readonly signature: string | undefined;
}

export interface CallPart {
  readonly kind: 'call';
  readonly id: string;
  readonly name: string;
  /** JSON text of an object. */
  readonly input: string;
}

export interface ResultPart {
  readonly kind: 'result';
  /** Of the call. */
  readonly id: string;
  readonly parts: readonly (TextPart | PicturePart | DocumentPart)[];
  readonly failed: boolean;
}

export interface Tool {
  readonly name: string;
  readonly description: string | undefined;
  /** JSON Schema of an object. */
  readonly schema: JsonObject;
  /** How its client knows it, where that is not as a function of this name. */
  readonly form?: ToolForm;
}

/** `freeform`: it takes a text and no object. `search`: its client finds more tools by it. */
export interface ToolForm {
  readonly kind: 'function' | 'freeform' | 'search';
  readonly namespace: string | undefined;
  readonly name: string;
}

export type ToolChoice =
  | { readonly kind: 'auto' | 'any' | 'none' }
  | { readonly kind: 'one'; readonly name: string };

export type Thinking =
  | { readonly kind: 'off' }
  /** `budget`: tokens at the most. Neither: as much as the model likes. */
  | { readonly kind: 'on'; readonly effort: Effort | undefined; readonly budget: number | undefined };

export type AnswerFormat =
  | { readonly kind: 'object' }
  /** `strict`: the client has written the schema so that OpenAI's models keep to it, and wants that. */
  | {
      readonly kind: 'schema';
      readonly name: string;
      readonly schema: JsonObject;
      readonly strict?: boolean;
    };

/** Why a model stopped. */
export type Reason = 'end' | 'limit' | 'tools' | 'stop' | 'refused' | 'paused';

export interface Finish {
  readonly reason: Reason;
  /** The text it stopped at, where upstream names it. */
  readonly stopText?: string | undefined;
}

/** A whole answer. Usage is not in it: what clients are shown is what they are charged. */
export interface CanonicalAnswer {
  readonly id: string | undefined;
  readonly model: string | undefined;
  readonly parts: readonly (TextPart | ThoughtPart | CallPart)[];
  readonly finish: Finish;
}

/**
 * An answer in pieces. Blocks have numbers of their own and may run side by side; of a call the pieces are JSON text. `finish` comes once and
 * last, and blocks that are still open end with it.
 */
export type CanonicalEvent =
  | { readonly type: 'start'; readonly id: string | undefined; readonly model: string | undefined }
  | { readonly type: 'open'; readonly block: number; readonly of: OpenedBlock }
  /** `json`: the text as JSON, where that is known. */
  | { readonly type: 'piece'; readonly block: number; readonly text: string; readonly json?: string }
  | { readonly type: 'signature'; readonly block: number; readonly text: string }
  | { readonly type: 'close'; readonly block: number }
  | { readonly type: 'ping' }
  | ({ readonly type: 'finish' } & Finish);

export type OpenedBlock =
  | { readonly kind: 'text' | 'thought' }
  | { readonly kind: 'call'; readonly id: string; readonly name: string };

export type Piece = Extract<CanonicalEvent, { type: 'piece' }>;

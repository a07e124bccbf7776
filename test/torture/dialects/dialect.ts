import type { UpstreamScript } from '../upstream-script.js';

/** A call as a client makes it. */
export interface Spoken {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Counts = NonNullable<UpstreamScript['usage']>;

/** One way to speak to a model: how a client asks, and how an upstream of it answers. Written by hand here, without a line of the service's. */
export interface SpokenDialect {
  /** Of the channel that speaks it. */
  readonly channel: 'openai' | 'anthropic' | 'gemini';
  /** Below the origin of the channel's address. */
  readonly base: string;
  /** Authority of a client. */
  headers(accessKey: string): Readonly<Record<string, string>>;
  ask(model: string, streamed: boolean, content: string, mostOutputTokens: number): Spoken;
  /** At upstream: what the client wrote, and the limit of its output where it was sent one. */
  asked(body: never): { readonly content: string; readonly limit: number | undefined };
  whole(id: string, words: string, usage: Counts | null): object;
  /** The frames of a stream: before the words, one for each of them, and after the last. */
  opening(id: string): readonly string[];
  word(id: string, word: string): string;
  closing(id: string, words: string, usage: Counts | null): readonly string[];
  /** Is in every stream that came to its end. */
  readonly end: string;
}

export const bearer = (accessKey: string): Record<string, string> => ({
  authorization: `Bearer ${accessKey}`,
});

/** A frame of server-sent events, with the name of its event where the dialect names it. */
export const frame = (data: object | string, event?: string): string =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

import { z } from 'zod';

/** What a call asks of the scripted upstream; it travels as the text of the call's message. */
export const upstreamScript = z.strictObject({
  requestId: z.string(),
  /** `via-relay-1`: readable on the way, for crash points. */
  via: z.string(),
  words: z.int().min(1),
  /** Before each word but the first, and before an answer in JSON. */
  pauseMs: z.int().min(0),
  /** `cut`: the connection breaks in the middle; `error`: 500 with an error object; `garbage`: HTML with 200. */
  end: z.enum(['whole', 'cut', 'error', 'garbage']),
  /** Tokens reported; null: none are. */
  usage: z.strictObject({ prompt: z.int(), completion: z.int() }).nullable(),
});
export type UpstreamScript = z.infer<typeof upstreamScript>;

/** A line of the upstream's books. `answered`: all of the answer was written. */
export interface UpstreamEntry {
  readonly atMs: number;
  /** Upstream's own id of the call, in its `x-request-id`. */
  readonly id: string;
  readonly requestId: string;
  readonly what: 'asked' | 'answered' | 'broken';
}

import type { Form } from '../multipart/form.js';

/** A form is read from where it is stored, anew for each attempt. */
export type RequestBytes = Buffer | Form;

/** What an endpoint wants to send, wherever the channel is. */
export interface UpstreamRequest<Body extends RequestBytes = Buffer> {
  /** Absent: POST. */
  readonly method?: 'GET' | 'POST' | 'DELETE' | undefined;
  /** Below the dialect's base, which ends before it: `/chat/completions`, `/messages`, `/models/gemini-pro:generateContent`. */
  readonly path: string;
  /** With its question mark; empty for none. Never a client's key. */
  readonly query: string;
  /** The model's name at the channel, for upstreams that have it in the address. */
  readonly model: string;
  /** Beyond what the upstream type sets; `content-type` is JSON unless it is here. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly body: Body;
}

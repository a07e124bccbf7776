import type { Price } from '../../../../src/domain/pricing/price.js';

/** What a client asks, byte for byte, and what becomes of it. Nothing of it may reach upstream but what was charged as it says. */
export interface OddRequest {
  readonly what: string;
  readonly path: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly price?: Partial<Price>;
  /** 200: it goes on, and is charged as any other call. */
  readonly status: number;
  /** What the refusal names. */
  readonly names?: string;
}

const turns = [{ role: 'user', content: 'hi' }];
/** The smallest calls. */
export const asked = {
  chat: ['/v1/chat/completions', { model: 'm', messages: turns, max_tokens: 100 }],
  responses: ['/v1/responses', { model: 'm', input: 'hi', max_output_tokens: 100 }],
  messages: ['/v1/messages', { model: 'm', messages: turns, max_tokens: 100 }],
  generate: ['/v1beta/models/m:generateContent', { contents: [{ parts: [{ text: 'hi' }] }] }],
  completions: ['/v1/completions', { model: 'm', prompt: 'hi', max_tokens: 100 }],
  embeddings: ['/v1/embeddings', { model: 'm', input: 'hi' }],
  batch: ['/v1beta/models/m:batchEmbedContents', {}],
  compact: ['/v1/responses/compact', { model: 'm', input: 'hi' }],
} as const;
export type Asked = keyof typeof asked;

/** What another account has left at each channel, by its id there. */
export const theirs = [
  ...['resp_theirs', 'item_theirs', 'conv_theirs', 'file_theirs', 'cntr_theirs', 'vs_theirs', 'audio_theirs'],
  'files/theirs',
];

type More = readonly [status: number, names?: string, rest?: Pick<OddRequest, 'headers' | 'price'>];

/** A call with these members, or with a text behind its own ones. */
export function odd(
  what: string,
  call: Asked,
  members: object | string,
  ...[status, names, rest]: More
): OddRequest {
  const [path, body] = asked[call];
  const text =
    typeof members === 'string'
      ? `${JSON.stringify(body).slice(0, -1)},${members}}`
      : JSON.stringify({ ...body, ...members });
  return {
    what: `${what}: ${call}`,
    path,
    body: text,
    status,
    ...(names !== undefined && { names }),
    ...rest,
  };
}

/** The same of a chat’s bytes. */
export const sent = (
  what: string,
  body: OddRequest['body'],
  status: number,
  names: string,
  headers: OddRequest['headers'] = {},
): OddRequest => ({ what, path: asked.chat[0], body, headers, status, names });

import { messages } from './anthropic.js';
import type { SpokenDialect } from './dialect.js';
import { generate } from './gemini.js';
import { chat, completions, embeddings, responses } from './openai.js';

/** Every way in which clients of a run speak to models. */
export const dialects = { chat, completions, responses, embeddings, messages, generate };
export type DialectName = keyof typeof dialects;

export const dialectOf = (name: DialectName): SpokenDialect => dialects[name];

/** At upstream: by the path of the request, and whether a stream was asked for. */
export function spokenAt(path: string, body: { readonly stream?: boolean }) {
  const found: DialectName | undefined = path.startsWith('/v1/chat/')
    ? 'chat'
    : path.startsWith('/v1/completions')
      ? 'completions'
      : path.startsWith('/v1/responses')
        ? 'responses'
        : path.startsWith('/v1/embeddings')
          ? 'embeddings'
          : path.startsWith('/v1/messages')
            ? 'messages'
            : path.includes('enerateContent')
              ? 'generate'
              : undefined;
  if (!found) throw new Error(`nobody speaks at ${path}`);
  return { dialect: dialectOf(found), streamed: body.stream === true || path.includes(':streamGenerate') };
}

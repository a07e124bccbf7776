import { textAt } from './members.ts';

/** How a model is spoken to: the names of `supported_endpoint_types`. */
export const dialects = ['openai', 'anthropic', 'gemini'] as const;
export type Dialect = (typeof dialects)[number];

export interface Said {
  readonly by: 'user' | 'assistant';
  readonly text: string;
}

/** A conversation to go on with. */
export interface Asked {
  readonly model: string;
  /** Empty: none. */
  readonly system: string;
  readonly said: readonly Said[];
  readonly mostTokens: number;
  /** Absent: what the model does by itself. */
  readonly temperature?: number | undefined;
  readonly streams: boolean;
}

export interface Request {
  readonly path: string;
  /** Names the key; what it is in is told by the dialect. */
  readonly headers: (secret: string) => Readonly<Record<string, string>>;
  readonly body: object;
}

interface Speaking {
  readonly request: (asked: Asked) => Request;
  /** The text of a whole answer. */
  readonly whole: (answer: unknown) => string;
  /** The text of one event of a stream. */
  readonly piece: (event: unknown) => string;
}

const warmth = ({ temperature }: Asked) => (temperature === undefined ? {} : { temperature });
const messages = ({ said }: Asked) => said.map(({ by, text }) => ({ role: by, content: text }));

const openai: Speaking = {
  request: (asked) => ({
    path: '/v1/chat/completions',
    headers: (secret) => ({ authorization: `Bearer ${secret}` }),
    body: {
      model: asked.model,
      max_tokens: asked.mostTokens,
      ...warmth(asked),
      ...(asked.streams && { stream: true }),
      messages: [
        ...(asked.system === '' ? [] : [{ role: 'system', content: asked.system }]),
        ...messages(asked),
      ],
    },
  }),
  whole: (answer) => textAt(answer, 'choices', 0, 'message', 'content'),
  piece: (event) => textAt(event, 'choices', 0, 'delta', 'content'),
};

const anthropic: Speaking = {
  request: (asked) => ({
    path: '/v1/messages',
    headers: (secret) => ({ 'x-api-key': secret, 'anthropic-version': '2023-06-01' }),
    body: {
      model: asked.model,
      max_tokens: asked.mostTokens,
      ...warmth(asked),
      ...(asked.streams && { stream: true }),
      ...(asked.system !== '' && { system: asked.system }),
      messages: messages(asked),
    },
  }),
  whole: (answer) => textAt(answer, 'content', 0, 'text'),
  piece: (event) => textAt(event, 'delta', 'text'),
};

const gemini: Speaking = {
  request: (asked) => ({
    path: `/v1beta/models/${encodeURIComponent(asked.model)}:${asked.streams ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    headers: (secret) => ({ 'x-goog-api-key': secret }),
    body: {
      ...(asked.system !== '' && { systemInstruction: { parts: [{ text: asked.system }] } }),
      contents: asked.said.map(({ by, text }) => ({
        role: by === 'user' ? 'user' : 'model',
        parts: [{ text }],
      })),
      generationConfig: { maxOutputTokens: asked.mostTokens, ...warmth(asked) },
    },
  }),
  whole: (answer) => textAt(answer, 'candidates', 0, 'content', 'parts', 0, 'text'),
  piece: (event) => textAt(event, 'candidates', 0, 'content', 'parts', 0, 'text'),
};

export const speaking: Readonly<Record<Dialect, Speaking>> = { openai, anthropic, gemini };

/** The first that a model is served in. */
export const dialectOf = (served: readonly string[]): Dialect =>
  dialects.find((dialect) => served.includes(dialect)) ?? 'openai';

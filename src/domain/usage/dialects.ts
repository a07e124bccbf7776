/** The dialects in which calls are made. A name is in stored events for ever. */
export const dialectNames = ['openai', 'anthropic', 'gemini'] as const;
export type DialectName = (typeof dialectNames)[number];

/** A way of speaking to models; also as recorded in usage events. */
export type DialectName = 'openai' | 'anthropic' | 'gemini';

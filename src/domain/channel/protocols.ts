/** The protocols that an upstream can be spoken to in: families of paths that a provider has, or has not. A name is in stored events for ever. */
export const protocolNames = [
  ...(['messages', 'chat', 'responses', 'generate'] as const),
  ...(['embeddings', 'images', 'audio', 'rerank'] as const),
] as const;
export type Protocol = (typeof protocolNames)[number];

/** How a key is shown to an upstream; `own`: as the clients of the protocol do. */
export const keyPlaces = ['own', 'bearer', 'x-api-key', 'api-key', 'x-goog-api-key'] as const;
export type KeyPlace = (typeof keyPlaces)[number];

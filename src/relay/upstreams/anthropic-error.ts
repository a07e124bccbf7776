/** The body of an error as Anthropic writes it. */
export const errorText = (type: string, message: string): string =>
  JSON.stringify({ type: 'error', error: { type, message } });

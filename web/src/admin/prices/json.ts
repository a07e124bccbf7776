/** The object that a text says; nothing where it says none. */
export function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = text.trim() === '' ? {} : JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a text is no object; what is in one is the API's to judge. */
export const isNoObject = (text: string): boolean => objectOf(text) === undefined;

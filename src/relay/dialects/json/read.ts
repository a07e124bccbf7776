export type JsonObject = Readonly<Record<string, unknown>>;

/** Undefined for whatever is no JSON object. */
export function objectAt(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

export function listAt(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Undefined for whatever is no text with something in it. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A count as reported, also an impossible one; what is no number is NaN, so that it is refused later and not guessed. */
export function countAt(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

/** The same where nothing means none. */
export function optionalCountAt(value: unknown): number {
  return value === undefined || value === null ? 0 : countAt(value);
}

/** A total as reported; undefined where there is none to go by. */
export function totalAt(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

/** The JSON object in an answer's bytes; undefined for anything else. */
export function parseAnswer(body: Buffer): JsonObject | undefined {
  try {
    return objectAt(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}

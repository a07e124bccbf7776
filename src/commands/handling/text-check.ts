// With the u flag a surrogate matches only where its other half is missing.
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Whether any text of a command's input, at any depth, holds what PostgreSQL cannot store as text: it would stop the projections. */
export function holdsUnstorableText(input: unknown): boolean {
  if (typeof input === 'string') return UNSTORABLE.test(input);
  if (typeof input !== 'object' || input === null) return false;
  return Object.entries(input).some(([key, value]) => UNSTORABLE.test(key) || holdsUnstorableText(value));
}

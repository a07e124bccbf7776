import type { z } from 'zod';

/** One variable of the environment: what it means, what it is when absent, and how its text is read. */
export interface Variable<Schema extends z.ZodType> {
  readonly description: string;
  /** As a person would write it; null: no default. */
  readonly fallback: string | null;
  readonly schema: Schema;
}

export const variable = <Schema extends z.ZodType>(
  description: string,
  fallback: string | null,
  schema: Schema,
): Variable<Schema> => ({ description, fallback, schema });

import { z } from 'zod';
import type { AppliedEvent } from './applied-event.js';

const integer = z
  .string()
  .regex(/^\d{1,19}$/)
  .transform(BigInt);

/** An applied event as it is kept outside tables: numbers are texts. */
export const appliedEventJson = z.object({
  id: z.string().max(64),
  stream: z.string().max(256),
  revision: integer,
  position: integer,
});

/** What the schema reads. */
export const toAppliedEventJson = ({ id, stream, revision, position }: AppliedEvent) => ({
  ...{ id, stream },
  revision: revision.toString(),
  position: position.toString(),
});

/** For whoever keeps a text, and does not know what it says. */
export const appliedEventText = (event: AppliedEvent): string => JSON.stringify(toAppliedEventJson(event));

/** Undefined where it is none: whoever kept it knows no event then. */
export function readAppliedEventText(text: string | undefined): AppliedEvent | undefined {
  if (text === undefined) return undefined;
  try {
    return appliedEventJson.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

import { z } from 'zod';
import type { Message } from './message.js';

/** Longest payload as JSON, in characters. What is longer belongs behind an address that the payload names. */
const MAX_PAYLOAD_CHARACTERS = 65_536;

const name = z.string().regex(/^[a-z][a-z0-9-]{0,99}$/, 'a name of small letters, digits and hyphens');

const message = z.strictObject({
  id: z.uuid(),
  receiver: name,
  kind: name,
  orderKey: z.string().min(1).max(500).optional(),
  payload: z
    .record(z.string(), z.json())
    .refine(
      (payload) => JSON.stringify(payload).length <= MAX_PAYLOAD_CHARACTERS,
      'the payload is too long to be kept',
    ),
  dueAt: z.date().optional(),
});

/** The message, if it can be kept and sent. @throws ZodError: a bug of whoever made it */
export function checkMessage(made: Message): Message {
  message.parse(made);
  return made;
}

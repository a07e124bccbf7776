import { type JsonObject, listAt, objectAt } from '../json/read.js';
import { hasWritten, isWritten, writingOf } from './chat/texts.js';

/** Reasons to finish that are none of the model's: OpenRouter, Zhipu, DeepSeek tell there that what they had asked has failed. */
const FAILURES: ReadonlySet<unknown> = new Set(['error', 'network_error', 'insufficient_system_resource']);

/** Whether a choice, whole or in a chunk, finished because upstream failed. OpenRouter may say so under the name of its own upstream's reason alone. */
export const endsInFailure = (choice: JsonObject | undefined): boolean =>
  FAILURES.has(choice?.['finish_reason']) || FAILURES.has(choice?.['native_finish_reason']);

/** What OpenRouter says of a choice that failed. */
export const errorOfChoice = (choice: JsonObject | undefined): JsonObject | undefined =>
  objectAt(choice?.['error']);

/** Something is in it: text, calls, sound, pictures, thoughts. A chunk that only opens an answer names its role and writes nothing. */
export const choiceWrites = (choice: JsonObject | undefined): boolean =>
  isWritten(choice?.['text']) || hasWritten(writingOf(choice));

/** A whole answer of which a choice says that it failed, and no choice has anything. */
export function haveFailed(payload: JsonObject): boolean {
  const choices = listAt(payload['choices']).map((choice) => objectAt(choice));
  const failed = choices.some((choice) => errorOfChoice(choice) !== undefined || endsInFailure(choice));
  return failed && !choices.some(choiceWrites);
}

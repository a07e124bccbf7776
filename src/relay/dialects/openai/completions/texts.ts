import { type JsonObject, listAt, objectAt } from '../../json/read.js';

/** What the model wrote in a whole answer or in a chunk of a stream. */
export function completionText(payload: JsonObject): string {
  let text = '';
  for (const choice of listAt(payload['choices'])) {
    const written = objectAt(choice)?.['text'];
    if (typeof written === 'string') text += written;
  }
  return text;
}

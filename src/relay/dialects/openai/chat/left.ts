import { type JsonObject, listAt, objectAt } from '../../json/read.js';

/** What a chat, or a chunk of one, leaves at upstream: its sound, which a later turn refers to by its id. */
export function leftByChat(payload: JsonObject): readonly string[] {
  return listAt(payload['choices']).flatMap((choice) => {
    const { message, delta } = objectAt(choice) ?? {};
    const id = objectAt(objectAt(message ?? delta)?.['audio'])?.['id'];
    return typeof id === 'string' && id !== '' ? [id] : [];
  });
}

import { type JsonObject, listAt, objectAt } from '../../json/read.js';

/** What a message leaves at upstream: the container that its code ran in, and the files that the code made. */
export function leftByMessage(message: JsonObject): readonly string[] {
  return [...leftInContainer(message), ...listAt(message['content']).flatMap(leftByBlock)];
}

/** A container, as a message or the end of a streamed one names it. */
export function leftInContainer(message: JsonObject): readonly string[] {
  return idIn(objectAt(message['container'])?.['id']);
}

/** The files of a result of code: what is only uploaded or cited there has been there before. */
export function leftByBlock(value: unknown): readonly string[] {
  const block = objectAt(value);
  const type = block?.['type'];
  if (typeof type !== 'string' || !type.endsWith('code_execution_tool_result')) return [];
  return listAt(objectAt(block?.['content'])?.['content']).flatMap((made) =>
    idIn(objectAt(made)?.['file_id']),
  );
}

const idIn = (id: unknown): readonly string[] => (typeof id === 'string' && id !== '' ? [id] : []);

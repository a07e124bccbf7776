import { type JsonObject, listAt, objectAt } from '../../json/read.js';

const MAX_ID = 2_048;

/** What a response leaves at upstream: itself, its conversation, its items and what they were made in. Nothing where it is not stored. */
export function leftByResponse(response: JsonObject): readonly string[] {
  const ids: unknown[] = [];
  if (response['store'] !== false) {
    ids.push(response['id'], objectAt(response['conversation'])?.['id']);
    for (const item of listAt(response['output'])) ids.push(objectAt(item)?.['id']);
  }
  for (const element of listAt(response['output'])) {
    const item = objectAt(element);
    ids.push(item?.['container_id']);
    for (const part of listAt(item?.['content']))
      for (const note of listAt(objectAt(part)?.['annotations'])) {
        const annotation = objectAt(note);
        // A page or a file that was only read has been there before.
        if (annotation?.['type'] === 'container_file_citation')
          ids.push(annotation['container_id'], annotation['file_id']);
      }
  }
  return ids.filter((id): id is string => typeof id === 'string' && id !== '' && id.length <= MAX_ID);
}

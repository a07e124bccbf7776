import { invalidRequest } from '../json/body.js';
import type { JsonObject } from '../json/read.js';

/** What tools, models and ids are found by inside of members, in the spellings in which it is read. */
const FOUND_BY = [
  ...['type', 'role', 'content', 'output', 'tools', 'tool', 'definition', 'tool_changes', 'edits', 'source'],
  ...['model', 'svg', 'speed', 'bill_to', 'output_format', 'environment', 'container', 'container_id'],
  ...[
    'id',
    'url',
    'text',
    'audio',
    'file',
    'file_id',
    'file_ids',
    'file_url',
    'image_url',
    'input_image_mask',
  ],
  ...['video_url', 'audio_url', 'document_url', 'input_audio'],
  ...['skills', 'skill_id', 'vector_store_ids', 'tunnel_id', 'comparison_response_id', 'variables'],
  ...['parts', 'fileData', 'file_data', 'fileUri', 'file_uri', 'functionResponse', 'function_response'],
  ...['routingConfig', 'routing_config', 'modelSelectionConfig', 'model_selection_config'],
  ...['manualMode', 'manual_mode', 'modelName', 'model_name', 'cached_content', 'cachedContent'],
];
const SPELLED: ReadonlySet<string> = new Set(FOUND_BY);
const IN_LOWER_CASE: ReadonlySet<string> = new Set(FOUND_BY.map((name) => name.toLowerCase()));

/**
 * The object, in which nothing that it is judged by is spelled in another case: some upstreams would take it all the same.
 * @throws CallRefused `invalid_request`
 */
export function asSpelled(object: JsonObject, member: string): JsonObject {
  for (const name in object)
    if (!SPELLED.has(name) && IN_LOWER_CASE.has(name.toLowerCase())) {
      const [param = member] = member.split(':');
      throw invalidRequest(`"${member}": "${name}" must be spelled in the documented way.`, param);
    }
  return object;
}

import { type JsonObject, objectAt } from '../../json/read.js';
import { invalidRequest } from '../../json/body.js';
import type { Asks } from '../../request-members/asks.js';
import {
  allowed,
  decides,
  type MemberRow,
  type Reading,
  priced,
  readBy,
  shapes,
} from '../../request-members/rows.js';
import { type MemberTable, MemberJudge } from '../../request-members/table.js';
import { asSpelled } from '../../request-members/spelled.js';
import { toolsBy, typeOfNamedTool } from '../../request-members/tools.js';
import {
  elementAt,
  listIn,
  listOrText,
  nameModel,
  objectIn,
  refer,
  referEach,
  referFile,
  textIn,
} from '../../request-members/values.js';
import { isFetched } from '../media.js';
import { CACHE_CHARGE, cacheOptionsRow, sharedRows } from '../members.js';

/** A container that is made for the call, or one that was. */
function container(value: unknown, asks: Asks): void {
  if (typeof value === 'string') {
    refer('tools: container', value, asks);
    return;
  }
  const auto = objectIn(value, 'tools: container');
  refer('tools: container', auto?.['container_id'], asks);
  referEach('tools: file_ids', auto?.['file_ids'], asks);
  for (const skill of listIn(auto?.['skills'], 'tools: skills'))
    refer('tools: skill_id', objectIn(skill, 'tools: skills')?.['skill_id'], asks);
}

/** Frames of a moving picture, and the tokens of the model that writes a drawn one, are beside the price of a picture. */
const PRICELESS_FORMATS: readonly unknown[] = ['gif', 'svg'];

function picture(tool: unknown, asks: Asks): void {
  const { model, svg, input_image_mask: mask, output_format: format } = objectAt(tool) ?? {};
  nameModel(model, asks, 'tools: model');
  nameModel(objectIn(svg, 'tools: svg')?.['model'], asks, 'tools: svg');
  if (PRICELESS_FORMATS.includes(textIn(format, 'tools: output_format')?.toLowerCase()))
    asks.needs.push({ member: 'tools: output_format', allowance: 'images' });
  referFile('tools: file_id', objectIn(mask, 'tools: input_image_mask')?.['file_id'], asks);
}

const toolRows: readonly MemberRow[] = [
  shapes('run by the client', 'function', 'custom', 'local_shell', 'apply_patch'),
  shapes('run by the client', 'computer', 'computer_use_preview', 'computer_use'),
  shapes('its tokens are reported', 'tool_search'),
  readBy('mcp', 'owned', 'its tokens are reported; `tunnel_id` must be the account’s own', (tool, asks) => {
    asks.readsMore = true;
    refer('tools: tunnel_id', objectAt(tool)?.['tunnel_id'], asks);
  }),
  priced(['web_search', 'web_search_2025_08_26', 'web_search_preview', 'web_search_preview_2025_03_11'], {
    how: 'each search at `per_search_usd`',
    unit: 'per_search_usd',
    allowance: 'searches',
  }),
  priced(['image_generation'], {
    how: 'each picture at `per_image_usd`; the models that make and write it must be on the key’s list; `gif` and `svg` have no price (`images`)',
    unit: 'per_image_usd',
    allowance: 'images',
    then: picture,
  }),
  priced(['file_search'], {
    how: 'each search at `per_file_search_usd`; its vector stores must be the account’s own as well',
    unit: 'per_file_search_usd',
    allowance: 'file_search',
    then: (tool, asks) => referEach('tools: vector_store_ids', objectAt(tool)?.['vector_store_ids'], asks),
  }),
  priced(['code_interpreter'], {
    how: 'each container at `per_code_session_usd`',
    unit: 'per_code_session_usd',
    allowance: 'code',
    then: (tool, asks) => container(objectAt(tool)?.['container'], asks),
  }),
  allowed(['programmatic_tool_calling'], { how: 'code that upstream runs', allowance: 'code' }),
  readBy(
    'shell',
    'allowed',
    'in a container as `code_interpreter`; where the client runs it, it goes on',
    (value, asks, member) => {
      const environment = objectIn(objectAt(value)?.['environment'], 'tools: environment');
      if (environment?.['type'] === 'local') return;
      asks.needs.push({ member, allowance: 'code' });
      container(environment, asks);
    },
  ),
  readBy('namespace', 'priced', 'as the tools in it', (value, asks) =>
    readTools(objectAt(value)?.['tools'] ?? [], asks, 'tools'),
  ),
];

const readTools: Reading = toolsBy(toolRows, typeOfNamedTool('function'));

/** Items that upstream looks up by their id: those that do not carry what they are. */
function isLookedUp({ type, encrypted_content, result }: JsonObject): boolean {
  if (type === 'item_reference') return true;
  if (type === 'reasoning') return typeof encrypted_content !== 'string';
  return type === 'image_generation_call' && typeof result !== 'string';
}

/** What the items of an input refer to, and the tools that some bring with them. */
function inputItems(value: unknown, asks: Asks): void {
  for (const element of listOrText(value, 'input')) {
    const item = elementAt(element, 'input');
    if (!item) continue;
    // Without a type, or with null for one, an item that is nothing but an id is a reference.
    const isBare = [item['type'], item['role']].every((value) => textIn(value, 'input: type') === undefined);
    if (isBare || isLookedUp(item)) refer('input: id', item['id'], asks);
    if ((item['tools'] ?? null) !== null) readTools(item['tools'], asks, 'tools');
    refer('input: container_id', item['container_id'], asks);
    filesIn(item['content'], asks);
    const { output } = item;
    filesIn(objectAt(output) ? [output] : output, asks);
  }
}

/** Members in which upstream is told where to fetch what it reads; the size of a picture is known, wherever it is. */
const FETCHED = ['file_url', 'input_audio', 'audio_url', 'video_url', 'document_url'];

function filesIn(parts: unknown, asks: Asks): void {
  for (const element of listOrText(parts, 'input')) {
    const part = elementAt(element, 'input');
    referFile('input: file_id', part?.['file_id'], asks);
    if (part && FETCHED.some((name) => isFetched(part[name]))) asks.readsMore = true;
  }
}

/** An id, or an object that has it. */
const byItself = (member: string, inside: string) => (value: unknown, asks: Asks) => {
  const object = objectAt(value);
  const id = object ? asSpelled(object, member)[inside] : value;
  if (id === undefined) throw invalidRequest(`"${member}" must have an "${inside}".`, member);
  refer(member, id, asks);
};

function storedPrompt(value: unknown, asks: Asks): void {
  const object = objectAt(value);
  const prompt = object && asSpelled(object, 'prompt');
  refer('prompt', prompt ? prompt['id'] : value, asks);
  const { variables } = prompt ?? {};
  // Their names are the client's own.
  const given = objectAt(variables) ?? objectIn(variables, 'prompt: variables') ?? {};
  for (const variable of Object.values(given))
    referFile('prompt: file_id', elementAt(variable, 'prompt: variables')?.['file_id'], asks);
}

/** What becomes of the members of a response’s request. */
export const responsesMembers: MemberTable = {
  endpoint: '/v1/responses',
  source: 'types of the npm package openai 7.59.0 (2026-11-17)',
  rows: [
    decides('whose price it is', 'model'),
    readBy(
      'input',
      'owned',
      'the prompt; items that are only referred to, `file_id` and `container_id` in it must be the account’s own; tools in it count as `tools`',
      inputItems,
    ),
    decides('bounds the hold', 'max_output_tokens'),
    decides('how the answer comes', 'stream', 'stream_options'),
    readBy(
      'previous_response_id',
      'owned',
      'must be a response of the account; its prompt is charged as reported',
      byItself('previous_response_id', 'id'),
    ),
    readBy(
      'conversation',
      'owned',
      'must be a conversation of the account; its prompt is charged as reported',
      byItself('conversation', 'id'),
    ),
    readBy(
      'prompt',
      'owned',
      'a prompt that is kept at upstream; `file_id` in its `variables` must be the account’s own',
      storedPrompt,
    ),
    readBy('tools', 'priced', 'by its type, see below', readTools),
    cacheOptionsRow,
    shapes(CACHE_CHARGE, 'prompt_cache_key', 'prompt_cache_retention'),
    shapes('what compaction costs is in the usage that upstream reports', 'context_management'),
    shapes('what is kept belongs to the account, see `previous_response_id`', 'store'),
    shapes(
      '',
      'access_programs',
      'image',
      'include',
      'instructions',
      'metadata',
      'parallel_tool_calls',
      'reasoning',
      'safety_identifier',
    ),
    shapes(
      '',
      'temperature',
      'text',
      'tool_choice',
      'top_logprobs',
      'top_p',
      'truncation',
      'user',
      'max_tool_calls',
    ),
    ...sharedRows,
  ],
  inside: [{ of: 'tools', rows: toolRows }],
};

export const judgeResponse = new MemberJudge(responsesMembers);

import { objectAt } from '../../json/read.js';
import { invalidRequest } from '../../json/body.js';
import type { Asks } from '../../request-members/asks.js';
import {
  allowed,
  decides,
  type MemberRow,
  priced,
  readBy,
  readsMore,
  refused,
  shapes,
} from '../../request-members/rows.js';
import { type MemberTable, MemberJudge } from '../../request-members/table.js';
import { backgroundRows, gatewayRows } from '../../request-members/gateways.js';
import { serviceTierRow } from '../../request-members/service-tier.js';
import { asSpelled } from '../../request-members/spelled.js';
import { toolsBy, typeOfNamedTool, typeOfTool } from '../../request-members/tools.js';
import { toolsBroughtBy } from './brought-tools.js';
import {
  elementAt,
  listIn,
  listOrText,
  nameModel,
  objectIn,
  refer,
  referFile,
} from '../../request-members/values.js';

const tools: readonly MemberRow[] = [
  shapes('run by the client', 'custom', 'bash_20241022', 'bash_20250124', 'memory_20250818'),
  shapes(
    'run by the client',
    'text_editor_20241022',
    'text_editor_20250124',
    'text_editor_20250429',
    'text_editor_20250728',
  ),
  shapes(
    'run by the client',
    'computer_20241022',
    'computer_20250124',
    'computer_20251124',
    'computer_toolset_20260801',
  ),
  shapes('run by the client', 'browser_toolset_20260801'),
  readsMore(
    'its tokens are reported',
    'web_fetch_20250910',
    'web_fetch_20260209',
    'web_fetch_20260309',
    'web_fetch_20260318',
    'mcp_toolset',
  ),
  shapes('its tokens are reported', 'tool_search_tool_bm25', 'tool_search_tool_bm25_20251119'),
  shapes('its tokens are reported', 'tool_search_tool_regex', 'tool_search_tool_regex_20251119'),
  priced(['web_search_20250305', 'web_search_20260209', 'web_search_20260318'], {
    how: 'each search at `per_search_usd`',
    unit: 'per_search_usd',
    allowance: 'searches',
  }),
  allowed(
    [
      'code_execution_20250522',
      'code_execution_20250825',
      'code_execution_20260120',
      'code_execution_20260521',
    ],
    { how: 'a container is billed by the time it is used', allowance: 'code' },
  ),
  allowed(['advisor_20260301'], {
    how: 'another model is asked for advice; it must be on the key’s list',
    allowance: 'other_models',
    then: (tool, asks) => nameModel(objectAt(tool)?.['model'], asks, 'tools: model'),
  }),
];

/** It reads the whole conversation once more. */
const compaction = (name: string): MemberRow => ({
  ...readsMore('a turn of the same model, charged by its tokens in `usage.iterations`', name),
  treatment: 'priced',
});

/** Edits of a conversation before it reaches the model. */
const edits: readonly MemberRow[] = [
  shapes('', 'clear_tool_uses_20250919', 'clear_thinking_20251015'),
  compaction('compact_20260112'),
];
const readEdits = toolsBy(edits, typeOfTool('an edit without a type'));

const readTools = toolsBy(tools, typeOfNamedTool('custom'));

/** `member`: where the content stands. */
function contentOf(content: unknown, asks: Asks, member: string): void {
  for (const element of listOrText(content, member)) {
    const block = elementAt(element, member);
    if (!block) continue;
    const { source, content: inner } = block;
    readTools(toolsBroughtBy(block), asks, 'tools');
    referFile(`${member}: file_id`, block['file_id'], asks);
    // The source of what a search found is an address.
    const from = typeof source === 'string' ? undefined : objectIn(source, `${member}: source`);
    referFile(`${member}: file_id`, from?.['file_id'], asks);
    contentOf(from?.['content'], asks, member);
    // What a tool gave may be one block.
    contentOf(objectAt(inner) ? [inner] : inner, asks, member);
  }
}

/** A container of an earlier call, and the skills of the organization that are put into a new one. */
function container(value: unknown, asks: Asks): void {
  const object = objectAt(value);
  const given = object && asSpelled(object, 'container');
  refer('container', given ? given['id'] : value, asks);
  const skills = listIn(given?.['skills'], 'container: skills');
  // They are code that upstream runs.
  if (skills.length > 0) asks.needs.push({ member: 'container: skills', allowance: 'code' });
  for (const element of skills) {
    const skill = objectIn(element, 'container: skills');
    if (skill?.['type'] !== 'anthropic') refer('container: skill_id', skill?.['skill_id'], asks);
  }
}

/** `default`: models that nobody here knows. Each may ask for a speed of its own. */
function fallbacks(value: unknown, asks: Asks, member: string): void {
  asks.needs.push({ member, allowance: 'other_models' });
  for (const element of value === 'default' ? [] : listIn(value, member)) {
    const fallback = objectIn(element, member);
    nameModel(fallback?.['model'], asks, member);
    speed(fallback?.['speed'], asks);
  }
}

function speed(value: unknown, asks: Asks): void {
  if (value !== undefined && value !== null && value !== 'standard')
    asks.needs.push({ member: 'speed', allowance: 'service_tier' });
}

/** What becomes of the members of a message’s request. */
export const messagesMembers: MemberTable = {
  endpoint: '/v1/messages',
  source: 'types of the npm package @anthropic-ai/sdk 1.14.0 (2026-11-24), with those of its beta',
  rows: [
    decides('whose price it is', 'model'),
    readBy(
      'messages',
      'owned',
      'the prompt; `file_id` in it must be the account’s own; tools that a turn brings with it (`tool_addition`, `tool_changes`) count as `tools`',
      (value, asks) => {
        for (const turn of listIn(value, 'messages'))
          contentOf(objectIn(turn, 'messages')?.['content'], asks, 'messages');
      },
    ),
    readBy('system', 'owned', 'as `messages`', contentOf),
    decides('bounds the hold', 'max_tokens', 'thinking'),
    decides('how the answer comes', 'stream'),
    readBy('tools', 'priced', 'by its type, see below', readTools),
    readBy(
      'container',
      'owned',
      'must be one of an earlier call of the account; `skills` in it are code that upstream runs (`code`)',
      container,
    ),
    readBy('context_management', 'allowed', 'by the type of its edits, see below', (value, asks, member) =>
      readEdits(objectIn(value, member)?.['edits'] ?? [], asks, member),
    ),
    compaction('compaction'),
    ...gatewayRows,
    ...backgroundRows,
    allowed(['web_search_options'], {
      how: 'of gateways: searches that a message does not report',
      allowance: 'plugins',
    }),
    readBy('fallbacks', 'allowed', 'models that may answer instead, at prices of their own', fallbacks),
    readBy('speed', 'allowed', '`fast` has a price of its own; `standard` costs what the list says', speed),
    allowed(['inference_geo'], {
      how: 'a region may have a price of its own; `global` costs what the list says',
      allowance: 'inference_geo',
      harmless: ['global'],
    }),
    serviceTierRow(
      'service_tier',
      ['auto', 'standard_only', 'standard'],
      '`auto` by the ratio in `service_tier_ratios` of what upstream reports; `standard_only` costs what the list says',
    ),
    readBy('billing_policy', 'refused', 'whom upstream bills is not a client’s to say', (value) => {
      const policy = objectAt(value) ?? {};
      if (asSpelled(policy, 'billing_policy')['bill_to'] !== 'self')
        throw invalidRequest(
          '"billing_policy": whom upstream bills is not for a request to say. Leave it out.',
          'billing_policy',
        );
    }),
    refused(
      ['thread'],
      'conversations are not kept at upstream for clients of this service: send all of it in "messages".',
    ),
    refused(
      ['fallback_credit_token'],
      'it belongs to an earlier call that others may have made: leave it out.',
    ),
    shapes('what is written to the cache is charged as reported', 'cache_control'),
    readsMore('tools of the client’s servers; their tokens are reported', 'mcp_servers'),
    shapes('', 'metadata', 'output_config', 'output_format', 'stop_sequences', 'tool_choice', 'diagnostics'),
    shapes('', 'temperature', 'top_k', 'top_p'),
    refused(
      ['user_profile_id', 'workspace_id'],
      'as whom upstream is asked, and whom it bills, is said by its channel: leave it out.',
    ),
  ],
  inside: [
    { of: 'tools', rows: tools },
    { of: 'context_management.edits', rows: edits },
  ],
};

export const judgeMessages = new MemberJudge(messagesMembers);

import type { Asks } from './asks.js';
import { type MemberRow, shapes } from './rows.js';
import { listOrText, textIn } from './values.js';

/*
 * Trials of Anthropic's API, which a request asks for by `anthropic-beta`. Most only let a member be said, and that is judged where it stands.
 * One is the same trial whatever date it has.
 */

const leftOut = (how: string, ...names: readonly string[]): MemberRow => ({
  names,
  treatment: 'left-out',
  how,
});

export const trialRows: readonly MemberRow[] = [
  {
    names: ['context-1m'],
    treatment: 'priced',
    how: 'prompts beyond 200,000 tokens, which some models charge more for: by the `tiers` of the price, or where its `context_window` is longer than that',
    allowance: 'service_tier',
    read: (_, asks, member) => {
      asks.needs.push({ member, allowance: 'service_tier', isLongContext: true });
    },
  },
  shapes(
    'what it lets be said is judged where it stands: tools by their type, `container`, `mcp_servers`, `fallbacks`, `speed`, edits, files',
    ...['advisor-tool', 'code-execution', 'compact', 'context-management', 'fast-mode', 'files-api'],
    ...['inline-tools', 'mcp-client', 'mid-conversation-tool-changes', 'server-side-fallback', 'skills'],
    ...['computer-use', 'web-fetch', 'web-search', 'advanced-tool-use', 'tool-search-tool', 'tool-examples'],
  ),
  shapes(
    'shapes the answer; its tokens are reported',
    ...['adaptive-thinking', 'claude-code', 'dev-full-thinking', 'effort', 'fine-grained-tool-streaming'],
    ...['interleaved-thinking', 'max-tokens-3-5-sonnet', 'mid-conversation-output-config', 'output-128k'],
    ...['mid-conversation-system-clear-at', 'model-context-window-exceeded', 'output-300k', 'pdfs'],
    ...['redact-thinking', 'search-results', 'structured-outputs', 'task-budgets', 'thinking-token-count'],
    ...['thinking-binding-controls', 'thinking-display-updates', 'token-counting', 'token-efficient-tools'],
  ),
  shapes(
    'what is written to the cache and read from it is charged as reported',
    ...['cache-diagnosis', 'extended-cache-ttl', 'prompt-caching', 'prompt-caching-scope'],
  ),
  leftOut(
    'whom upstream bills, or as whom it is asked, is not a client’s to say',
    ...['fallback-credit', 'oauth', 'user-profiles', 'user-profiles-billing'],
  ),
  leftOut(
    'conversations and tunnels that upstream keeps for the organization behind the channel',
    ...['agent-memory', 'mcp-tunnels', 'message-threads'],
  ),
  leftOut(
    'of endpoints that are not served',
    ...['admin-user-sign-out', 'analytics-usage-cost', 'ce-claude-code-managed-settings', 'ce-plugins'],
    ...['ce-user-management', 'dreaming', 'experimental-claude-tag', 'managed-agents', 'message-batches'],
    ...['spend-limit-reads', 'telemetry-destinations', 'webhooks'],
  ),
];

const byStem = new Map(trialRows.flatMap((row) => row.names.map((name) => [name, row] as const)));
const DATE = /-(\d{4}-\d{2}-\d{2}|\d{8})$/;

/** Its row, whatever its date and letter case; undefined for one that is not known. */
export const rowOfTrial = (trial: string): MemberRow | undefined =>
  byStem.get(trial.toLowerCase().replace(DATE, ''));

/** The header's values. */
export const trialsIn = (header: string | string[] | undefined): readonly string[] =>
  (Array.isArray(header) ? header : [header ?? ''])
    .flatMap((value) => value.split(','))
    .map((trial) => trial.trim())
    .filter((trial) => trial !== '');

const goesOn = ({ treatment }: MemberRow): boolean => treatment !== 'left-out';

/** Of what a client asks for in the header, what upstream may see of it: nothing that is not known. */
export const trialsToForward = (header: string | string[] | undefined): readonly string[] =>
  trialsIn(header).filter((trial) => {
    const row = rowOfTrial(trial);
    return row && goesOn(row);
  });

/** The same where the channel's operator lets the header go on as it came: what is not known goes on too, and nothing that a row keeps back. */
export const trialsAllowed = (
  header: string | string[] | undefined,
  judged: readonly string[],
): readonly string[] =>
  trialsIn(header).filter((trial) => judged.includes(trial) || rowOfTrial(trial) === undefined);

const HEADER = 'anthropic-beta';

/** What the header asks for that must be paid for. */
export function judgeTrials(header: string | string[] | undefined, asks: Asks): void {
  for (const trial of trialsIn(header))
    rowOfTrial(trial)?.read?.(trial, asks, `${HEADER}: ${trial.slice(0, 100)}`);
}

/** Trials that a member of the body asks for, as clouds and gateways take them. It goes on as it came, so nothing in it can be left out. */
export function judgeTrialMember(value: unknown, asks: Asks, member: string): void {
  const named = typeof value === 'string' ? trialsIn(value) : listOrText(value, member);
  for (const element of named) {
    const trial = textIn(element, member) ?? '';
    const row = rowOfTrial(trial);
    const where = `${member}: ${trial.slice(0, 100)}`;
    if (!row || !goesOn(row)) asks.needs.push({ member: where, allowance: 'unknown_tools' });
    else row.read?.(trial, asks, where);
  }
}

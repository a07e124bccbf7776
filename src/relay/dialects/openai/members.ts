import { backgroundRows, fallbackRow, gatewayRows } from '../request-members/gateways.js';
import { allowed, type MemberRow, readBy } from '../request-members/rows.js';
import { serviceTierRow } from '../request-members/service-tier.js';
import { type MemberTable, MemberJudge } from '../request-members/table.js';
import { toolsBy, typeOfTool } from '../request-members/tools.js';
import { nameModel, objectIn, refer } from '../request-members/values.js';

/** Tiers that cost what the price list says. */
const LIST_TIERS = ['auto', 'default', 'standard', 'on_demand'];

/** What is true of every endpoint. */
const everywhere: readonly MemberRow[] = [
  serviceTierRow(
    'service_tier',
    LIST_TIERS,
    '`priority` (also called `fast`), `flex`, `batch` and `scale` by their ratio in `service_tier_ratios`; any other by none; `auto` and `default` as upstream reports',
  ),
  ...gatewayRows,
  fallbackRow,
];

export const CACHE_CHARGE = 'what is read from the cache, and written to it, is charged as reported';

/** How the prompt is kept in the cache; a response that is compared with says what was in the prompt of whoever made it. */
export const cacheOptionsRow: MemberRow = readBy(
  'prompt_cache_options',
  'owned',
  `${CACHE_CHARGE}; \`comparison_response_id\` must be a response of the account`,
  (value, asks, member) =>
    refer(`${member}: comparison_response_id`, objectIn(value, member)?.['comparison_response_id'], asks),
);

/** Members that chat and responses have in common, and those of services that speak their dialect. */
export const sharedRows: readonly MemberRow[] = [
  ...everywhere,
  ...backgroundRows,
  allowed(['moderation'], {
    how: 'upstream judges prompt and answer with a model that it names',
    allowance: 'moderation',
    then: (value, asks, member) => nameModel(objectIn(value, member)?.['model'], asks, member),
  }),
];

/** What becomes of the members of a call that is no conversation: embeddings, pictures, sound and the like. */
export const plainMembers: MemberTable = {
  endpoint: 'the other endpoints of /v1',
  source: 'the same, and the references of services that speak the dialect (read 2026-11-28)',
  rows: [
    ...everywhere,
    readBy(
      'tools',
      'allowed',
      'of Doubao: what upstream runs for a picture; no such tool has a price',
      toolsBy([], typeOfTool('a tool without a type')),
    ),
  ],
  inside: [],
};

export const judgePlain = new MemberJudge(plainMembers);

import { EPHEMERAL_SECONDS } from '../../../../domain/token/ephemeral.js';
import { accepted, endpoint, ownAccount } from '../../../endpoint.js';
import { groupOfOwnKey } from '../../../people/groups.js';
import { DEFAULT_EXPIRY_DAYS } from '../../external/token/issue.js';
import { tokenTexts } from '../../external/token/present.js';
import { groupNotAllowed, suspendedRow } from '../failures.js';
import { presentIssued } from './present.js';
import { ephemeralInput, exampleIssued, issuedKey, issueInput } from './schema.js';

const issue = {
  method: 'post',
  area: 'user',
  access: 'person',
  data: issuedKey,
  messages: [tokenTexts.created],
  refusals: ['account_not_found', 'account_suspended', 'account_erased', 'idempotency_conflict'],
} as const;

export const issueKey = endpoint({
  ...issue,
  path: '/keys',
  operationId: 'issueKey',
  summary: 'Create an access key',
  description:
    'The key is shown in this answer and never again. With an `Idempotency-Key` a repetition within a day shows the same one.',
  input: issueInput,
  failures: [suspendedRow, groupNotAllowed],
  example: { request: { name: 'laptop', expires_in_days: 365 }, data: exampleIssued },
  handle: async (input, context) => {
    const { commands, reads } = ownAccount(context);
    const { value, position, replayed } = accepted(
      await commands.issueToken(
        {
          tokenName: input.name,
          expiresInDays: input.expires_in_days || DEFAULT_EXPIRY_DAYS,
          quotaLimit: input.quota_limit === undefined ? null : BigInt(input.quota_limit),
          models: input.models ?? [],
          allowIps: input.allow_ips ?? [],
          group: groupOfOwnKey(await reads.account(), input.group),
        },
        context.meta,
      ),
    );
    // A slow projection must not cost the caller the key: it is durable, and nobody could show it again.
    await context.readModels.waitFor(position, context.settings.projectionWaitMs);
    return { message: tokenTexts.created, data: presentIssued(value), replayed };
  },
});

const EPHEMERAL_NAME = 'Playground';

export const issueEphemeralKey = endpoint({
  ...issue,
  path: '/keys/ephemeral',
  operationId: 'issueEphemeralKey',
  summary: 'Create a key for ten minutes',
  description:
    'For the Playground, which keeps it in memory alone. It may call what your group may, spends $1 at most, and is in no list of keys.',
  input: ephemeralInput,
  bodyOptional: true,
  failures: [suspendedRow],
  example: {
    request: {},
    data: { ...exampleIssued, name: EPHEMERAL_NAME, expires_at: 1795219800, quota_limit: 500000 },
  },
  handle: async ({ quota_limit: quotaLimit }, context) => {
    const { value, position, replayed } = accepted(
      await ownAccount(context).commands.issueToken(
        {
          tokenName: EPHEMERAL_NAME,
          expiresInDays: null,
          expiresInSeconds: EPHEMERAL_SECONDS,
          quotaLimit: BigInt(quotaLimit),
          models: [],
          allowIps: [],
          group: null,
        },
        context.meta,
      ),
    );
    await context.readModels.waitFor(position, context.settings.projectionWaitMs);
    return { message: tokenTexts.created, data: presentIssued(value), replayed };
  },
});

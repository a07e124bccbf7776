import type { LogRow } from '../../../projections/usage/log-row.js';
import type { Dialect } from '../dialect.js';
import { openai } from '../openai/dialect.js';
import { errorHeaders, messageOf, publicCode, statusOf } from '../../errors.js';
import { seconds, units } from './amounts.js';
import { newApiDocument } from './document.js';
import { question } from './question.js';

/** Errors as clients of One API and New API read them. */
export const newApi: Dialect = {
  ...openai,
  document: newApiDocument,
  errorAnswer: (error) => ({
    status: statusOf(error),
    headers: { 'content-type': 'application/json', ...errorHeaders(error) },
    body: Buffer.from(
      JSON.stringify({
        success: false,
        message: messageOf(error, '"Authorization: Bearer sk-…"'),
        code: publicCode(error),
      }),
    ),
  }),
};

/** Query tools of One API put the key into the address; it goes no further than here. */
const newApiWithKeyInAddress: Dialect = {
  ...newApi,
  accessKey: (facts) => newApi.accessKey(facts) ?? facts.query.get('key') ?? undefined,
};

/** `GET /api/usage/token`: the key's own limit, or the account's balance where it has none. Quota. */
export const tokenUsage = question(
  {
    dialect: newApi,
    path: '/api/usage/token',
    operationId: 'readTokenUsage',
    summary: 'What the key has used and has left, in quota (New API)',
  },
  async (holder) => {
    const { available, key, keyLimit, used } = await holder.wallet();
    const { expires_at: until, models } = key.limits;
    return {
      code: true,
      message: 'ok',
      data: {
        object: 'token_usage',
        name: key.tokenName,
        total_granted: units(used + available),
        total_used: units(used),
        total_available: units(available),
        unlimited_quota: keyLimit === null,
        model_limits: Object.fromEntries(models.map((model) => [model, true])),
        model_limits_enabled: models.length > 0,
        expires_at: until ?? 0,
      },
    };
  },
);

const NEWEST = 100;
/** New API's numbers. */
const TYPES: Readonly<Record<LogRow['type'], number>> = {
  topup: 1,
  consume: 2,
  adjust: 3,
  grant: 4,
  error: 5,
  refund: 6,
};

/** `GET /api/log/token`: the newest calls of the key. */
export const tokenLogs = question(
  {
    dialect: newApiWithKeyInAddress,
    path: '/api/log/token',
    operationId: 'listTokenLogs',
    summary: `The newest ${NEWEST} calls of the key (New API)`,
  },
  async (holder) => ({
    success: true,
    message: '',
    data: (await holder.calls(NEWEST)).map((row) => ({
      id: units(row.id),
      created_at: seconds(row.at),
      type: TYPES[row.type],
      content: row.note ?? '',
      token_name: row.tokenName,
      model_name: row.model,
      quota: units(row.spendQuota),
      prompt_tokens: row.promptTokens,
      completion_tokens: row.completionTokens,
      request_id: row.requestId ?? '',
    })),
  }),
);

/** `GET /api/user/self`: the account that the key spends, with nothing personal, since who has a key need not be its user. */
export const userSelf = question(
  {
    dialect: newApi,
    path: '/api/user/self',
    operationId: 'readWalletUser',
    summary: "The key's account: quota left and used (New API)",
  },
  async (holder) => {
    const { balance, key, totalRequests, usedQuota } = await holder.wallet();
    return {
      success: true,
      message: '',
      data: {
        id: key.userId,
        username: String(key.userId),
        display_name: String(key.userId),
        role: 1,
        status: 1,
        group: key.accountGroup,
        quota: units(balance),
        used_quota: units(usedQuota),
        request_count: totalRequests,
      },
    };
  },
);

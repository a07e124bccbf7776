import { usdOfQuota } from '../../../domain/money/quota.js';
import { openai } from '../openai/dialect.js';
import { dollars } from './amounts.js';
import { question } from './question.js';

/** `GET /user/balance`: DeepSeek's answer, and beside it the two members that cc-switch reads of any provider. */
export const userBalance = question(
  {
    dialect: openai,
    path: '/user/balance',
    operationId: 'readBalance',
    summary: 'What can be spent with the key, in US dollars (DeepSeek, cc-switch)',
  },
  async (holder) => {
    const { available } = await holder.wallet();
    const total = usdOfQuota(available);
    return {
      is_active: true,
      is_available: available > 0n,
      balance: dollars(available),
      balance_infos: [
        { currency: 'USD', total_balance: total, granted_balance: '0', topped_up_balance: total },
      ],
    };
  },
);

/** `GET /v1/usage`: what is left, used, and was used today. */
export const keyUsage = question(
  {
    dialect: openai,
    path: '/v1/usage',
    operationId: 'readKeyUsage',
    summary: 'What can be spent with the key and was spent with it, in US dollars',
  },
  async (holder) => {
    const { available, balance, key, keyLimit, keyUsed, keyUsedSince } = await holder.wallet();
    return {
      isValid: true,
      mode: keyLimit === null ? 'unrestricted' : 'quota_limited',
      planName: key.accountGroup,
      unit: 'USD',
      remaining: dollars(available),
      balance: dollars(balance),
      ...(keyLimit !== null && {
        quota: {
          limit: dollars(keyLimit),
          used: dollars(keyUsed),
          remaining: dollars(available),
          unit: 'USD',
        },
      }),
      usage: {
        today: { cost: dollars(keyUsedSince.day) },
        month: { cost: dollars(keyUsedSince.month) },
        total: { cost: dollars(keyUsed) },
      },
    };
  },
);

import { z } from 'zod';
import type { BalanceQuery } from '../../../domain/channel/balance-queries.js';

/** What is left with a provider; in its own currency, to be shown and not to be counted with. */
export interface ProviderBalance {
  readonly amount: number;
  readonly currency: string;
}

/** Where a provider is asked, below its host, and what its answers say; undefined: nothing. */
interface BalanceQuestion {
  readonly paths: readonly string[];
  readonly read: (answers: readonly unknown[], host: string) => ProviderBalance | undefined;
}

const amount = z.coerce.number().refine(Number.isFinite);
const currencyOf = (host: string): string => (host.endsWith('.cn') ? 'CNY' : 'USD');

const deepseek = z.object({
  balance_infos: z
    .array(z.object({ currency: z.string().regex(/^[A-Z]{3}$/), total_balance: amount }))
    .min(1),
});
const kimi = z.object({ data: z.object({ available_balance: amount }) });
const siliconflow = z.object({ data: z.object({ totalBalance: amount }) });
const openrouter = z.object({ data: z.object({ total_credits: amount, total_usage: amount }) });
const subscription = z.object({ hard_limit_usd: amount });
const usage = z.object({ total_usage: amount });

/**
 * https://api-docs.deepseek.com/api/get-user-balance, https://platform.moonshot.ai/docs/api/balance,
 * https://docs.siliconflow.cn/en/api-reference/userinfo/get-user-info, https://openrouter.ai/docs/api-reference/credits,
 * and New API's billing, which is OpenAI's of old: a limit in dollars, and what was used in cents.
 */
export const balanceQuestions: Readonly<Record<BalanceQuery, BalanceQuestion>> = {
  deepseek: {
    paths: ['/user/balance'],
    read: ([answer]) => {
      const info = deepseek.safeParse(answer).data?.balance_infos[0];
      return info && { amount: info.total_balance, currency: info.currency };
    },
  },
  kimi: {
    paths: ['/v1/users/me/balance'],
    read: ([answer], host) => {
      const said = kimi.safeParse(answer).data;
      return said && { amount: said.data.available_balance, currency: currencyOf(host) };
    },
  },
  siliconflow: {
    paths: ['/v1/user/info'],
    read: ([answer], host) => {
      const said = siliconflow.safeParse(answer).data;
      return said && { amount: said.data.totalBalance, currency: currencyOf(host) };
    },
  },
  openrouter: {
    paths: ['/api/v1/credits'],
    read: ([answer]) => {
      const said = openrouter.safeParse(answer).data;
      return said && { amount: said.data.total_credits - said.data.total_usage, currency: 'USD' };
    },
  },
  'new-api': {
    paths: ['/v1/dashboard/billing/subscription', '/v1/dashboard/billing/usage'],
    read: ([limit, used]) => {
      const most = subscription.safeParse(limit).data;
      const spent = usage.safeParse(used).data;
      return most && spent && { amount: most.hard_limit_usd - spent.total_usage / 100, currency: 'USD' };
    },
  },
};

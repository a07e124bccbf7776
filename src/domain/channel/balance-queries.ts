/** Providers that say what is left, each at an address of its own. A name is in stored events for ever. */
export const balanceQueries = ['deepseek', 'kimi', 'siliconflow', 'openrouter', 'new-api'] as const;
export type BalanceQuery = (typeof balanceQueries)[number];

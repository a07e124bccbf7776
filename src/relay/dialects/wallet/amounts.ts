import { usdOfQuota } from '../../../domain/money/quota.js';

/** US dollars as a JSON number, for clients that know no other: to be shown, never to be counted with. */
export const dollars = (quota: bigint): number => Number(usdOfQuota(quota));

/** Exact: amounts stay below 2^53. */
export const units = (quota: bigint): number => Number(quota);

/** Seconds since 1970. */
export const seconds = (at: Date): number => Math.floor(at.getTime() / 1_000);

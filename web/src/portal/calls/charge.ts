import { QUOTA_PER_USD } from '../../format/money.ts';
import { at } from './members.ts';

/** A call that has just ended is charged within moments; one that was broken off, when upstream is done. */
const WAITS_MS = [0, 300, 700, 1_500, 3_000, 5_000] as const;

/**
 * What a call was charged, in quota, as the ledger has it; undefined where that is not known in time.
 * @param secret of the key that called
 */
export async function chargeOf(requestId: string, secret: string): Promise<number | undefined> {
  for (const wait of WAITS_MS) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const reply = await fetch(`/api/v1/generation?id=${encodeURIComponent(requestId)}`, {
      credentials: 'omit',
      headers: { authorization: `Bearer ${secret}` },
    }).catch(() => undefined);
    if (!reply?.ok) continue;
    const usd = at(await reply.json(), 'data', 'total_cost');
    if (typeof usd === 'number') return Math.round(usd * QUOTA_PER_USD);
  }
  return undefined;
}

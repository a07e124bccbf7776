import { SERVICE_KEY } from '../cluster/cluster.js';
import type { Reading } from './observations.js';

const ANSWER_WITHIN_MS = 10_000;

/** The balance of a user, as a front end is told it; undefined where no answer came, or it could not be as fresh as it was to be. */
export async function readBalance(
  url: string,
  user: string,
  minPosition: bigint | undefined,
): Promise<Reading | undefined> {
  const begunMs = Date.now();
  const query = minPosition === undefined ? '' : `?min_position=${minPosition}`;
  try {
    const response = await fetch(`${url}/api/user/external/${user}${query}`, {
      headers: { authorization: `Bearer ${SERVICE_KEY}` },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (!response.ok) return undefined;
    const { data } = (await response.json()) as { data: { current_quota: number } };
    return { user, begunMs, endedMs: Date.now(), minPosition, quota: BigInt(data.current_quota) };
  } catch {
    return undefined;
  }
}

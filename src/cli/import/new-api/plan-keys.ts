import type { CarryOverToken } from '../../../commands/token/commands.js';
import { isCarriedAccessKey } from '../../../domain/token/access-key.js';
import { issueInput } from '../../../http/routes/external/token/schema.js';
import type { TokenRow } from './rows.js';

/** A key that comes along, for the user whose it is. */
export interface KeyPlan {
  /** Its number in the system that is left. */
  readonly id: number;
  readonly token: CarryOverToken;
}

export interface KeyPlans {
  /** By the number of the user in the system that is left. */
  readonly byUser: ReadonlyMap<number, readonly KeyPlan[]>;
  /** How many stay behind, by why. */
  readonly left: ReadonlyMap<string, number>;
}

const ENABLED = 1;

/**
 * What becomes of the keys of the users that come along. Here a key is found by its keyed hash, which is made of the key as it stands in the
 * file, so that its owner goes on with it.
 * @param userIds the `external_user_id` of those users, by their number in the file
 * @param nowSeconds since 1970: what has expired stays behind
 */
export function planKeys(
  rows: readonly TokenRow[],
  userIds: ReadonlyMap<number, string>,
  nowSeconds: number,
): KeyPlans {
  const byUser = new Map<number, KeyPlan[]>();
  const left = new Map<string, number>();
  const seen = new Set<string>();
  for (const row of rows) {
    const externalUserId = userIds.get(row.user_id);
    const planned =
      externalUserId === undefined
        ? 'their users stay behind'
        : seen.has(row.key)
          ? 'are in the file already'
          : planKey(row, externalUserId, nowSeconds);
    if (typeof planned === 'string') {
      left.set(planned, (left.get(planned) ?? 0) + 1);
      continue;
    }
    seen.add(row.key);
    byUser.set(row.user_id, [...(byUser.get(row.user_id) ?? []), { id: row.id, token: planned }]);
  }
  return { byUser, left };
}

/** @returns why it stays behind, where it does */
function planKey(row: TokenRow, externalUserId: string, nowSeconds: number): CarryOverToken | string {
  // -1 says never; so does what an older version left out.
  const expiresAt = row.expired_time !== null && row.expired_time > 0 ? row.expired_time : null;
  if (row.deleted_at || row.status !== ENABLED || (expiresAt !== null && expiresAt <= nowSeconds))
    return 'are of no use there: deleted, disabled, expired or used up';
  if (row.key === '') return 'stand in the file without their key; their owners get new ones (POST /token)';
  const accessKey = `sk-${row.key.replace(/^sk-/, '')}`;
  if (!isCarriedAccessKey(accessKey))
    return 'are not as New API makes them (48 letters and digits); their owners get new ones (POST /token)';
  // What has no end of its own spends the balance, as a key without a limit does here.
  const limited = row.unlimited_quota === false;
  if (limited && !row.remain_quota) return 'have nothing left to spend';
  const parsed = issueInput.safeParse({
    external_user_id: externalUserId,
    token_name: row.name || `New API ${row.id}`,
    models: row.model_limits_enabled ? partsOf(row.model_limits, ',') : [],
    allow_ips: partsOf(row.allow_ips, '\n'),
    group: row.group,
    quota_limit: limited ? Number(row.remain_quota) : undefined,
  });
  if (!parsed.success)
    return `unfit: ${[...new Set(parsed.error.issues.map(({ path }) => path[0]))].join(', ')}`;
  const { token_name: tokenName, models = [], allow_ips: allowIps = [], group } = parsed.data;
  return {
    externalUserId,
    accessKey,
    tokenName,
    expiresAt,
    quotaLimit: limited ? (row.remain_quota ?? null) : null,
    models,
    allowIps,
    group: group || null,
  };
}

const partsOf = (text: string, separator: string): string[] =>
  text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');

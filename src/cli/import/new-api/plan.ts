import type { SyncAccount } from '../../../commands/account/commands.js';
import { usdOfQuota } from '../../../domain/money/quota.js';
import { syncInput } from '../../../http/routes/external/sync/schema.js';
import { type KeyPlan, planKeys } from './plan-keys.js';
import type { TokenRow, UserRow } from './rows.js';

/** What becomes of one user. */
export interface UserPlan {
  readonly sync: SyncAccount;
  /** The balance as a payment of its own, credited once however often the import is run. */
  readonly opening:
    | { readonly paymentId: string; readonly amountUsd: string; readonly quota: bigint }
    | undefined;
  readonly group: string;
  readonly suspended: boolean;
  readonly keys: readonly KeyPlan[];
}

/** What stays behind, and why, in words for who moves. */
export interface LeftBehind {
  readonly what: string;
  readonly why: string;
  /** Of the balance in the file, where that stays behind with it; may be negative. */
  readonly quota?: bigint | undefined;
}

export interface ImportPlan {
  readonly users: readonly UserPlan[];
  readonly left: readonly LeftBehind[];
  /** Of all rows of the file: what is credited and what stays behind is this, to the quota. */
  readonly quotaInFile: bigint;
}

const ENABLED = 1;
const COMMON_USER = 1;
const FIRST_GROUP = 'default';
const LOGIN_TYPES = ['email', 'wechat', 'alipay', 'sms'] as const;

/**
 * What an import would do, from the rows alone.
 * @param source names the database that is left: ids of payments and of users without one begin with it
 * @param nowSeconds since 1970
 */
export function planImport(
  users: readonly UserRow[],
  tokens: readonly TokenRow[],
  source: string,
  nowSeconds: number,
): ImportPlan {
  const planned = new Map<number, Omit<UserPlan, 'keys'>>();
  const left: LeftBehind[] = [];
  const seen = new Map<string, number>();
  for (const row of users) {
    const stays = (why: string, quota?: bigint) => left.push({ what: `user ${row.id}`, why, quota });
    if (row.deleted_at) {
      stays('deleted', row.quota);
      continue;
    }
    const plan = planUser(row, source);
    if ('faults' in plan) {
      stays(plan.faults, row.quota);
      continue;
    }
    const { externalUserId } = plan.sync;
    const before = seen.get(externalUserId);
    if (before !== undefined) {
      stays(`its external_user_id is that of user ${before}`, row.quota);
      continue;
    }
    seen.set(externalUserId, row.id);
    planned.set(row.id, plan);
    if (row.quota < 0n) stays('a balance below nothing: it begins here with nothing', row.quota);
    if ((row.role ?? COMMON_USER) > COMMON_USER)
      stays(
        'is an administrator there, and a user here; operators are made with `counterfoil operator create`',
      );
  }
  const quotaInFile = users.reduce((sum, { quota }) => sum + quota, 0n);
  const keys = planKeys(
    tokens,
    new Map([...planned].map(([id, { sync }]) => [id, sync.externalUserId])),
    nowSeconds,
  );
  for (const [why, count] of keys.left) left.push({ what: `${count} access keys`, why });
  return {
    users: [...planned].map(([id, plan]) => ({ ...plan, keys: keys.byUser.get(id) ?? [] })),
    left,
    quotaInFile,
  };
}

function planUser(row: UserRow, source: string): Omit<UserPlan, 'keys'> | { readonly faults: string } {
  const { login_type } = row;
  const said = {
    external_user_id: row.external_user_id || `${source}-${row.id}`,
    username: row.username,
    login_type: LOGIN_TYPES.find((each) => each === login_type),
    ...present(row, ['display_name', 'email', 'phone', 'aff_code', 'external_data']),
    ...present(row, ['wechat_openid', 'wechat_unionid', 'alipay_userid']),
  };
  // The rules of the external API: who could not be synced there could not be asked for afterwards.
  const parsed = syncInput.safeParse(said);
  if (!parsed.success)
    return {
      faults: `unfit: ${[...new Set(parsed.error.issues.map(({ path }) => path.join('.')))].join(', ')}`,
    };
  const { external_user_id, login_type: loginType, aff_code, ...rest } = parsed.data;
  return {
    sync: { ...rest, externalUserId: external_user_id, loginType, affCode: aff_code },
    opening:
      row.quota > 0n
        ? { paymentId: `${source}-opening-${row.id}`, amountUsd: usdOfQuota(row.quota), quota: row.quota }
        : undefined,
    group: row.group || FIRST_GROUP,
    suspended: row.status !== ENABLED,
  };
}

function present<Name extends keyof UserRow>(
  row: UserRow,
  names: readonly Name[],
): Partial<Pick<UserRow, Name>> {
  return Object.fromEntries(names.flatMap((name) => (row[name] ? [[name, row[name]]] : []))) as Partial<
    Pick<UserRow, Name>
  >;
}

import type { SettingKey } from '../setting/settings.js';

/** Who may do what. A permission is granted by role only; there are no permissions of single operators. */
export const roles = ['admin', 'finance', 'auditor', 'operator'] as const;
export type Role = (typeof roles)[number];

const all: readonly Role[] = roles;
const runs: readonly Role[] = ['admin', 'operator'];
const money: readonly Role[] = ['admin', 'finance'];
const reads: readonly Role[] = ['admin', 'auditor', 'operator'];
const admin: readonly Role[] = ['admin'];

/** The whole table: permission -> the roles that have it. */
export const permissions = {
  'operators:read': ['admin', 'auditor'],
  'operators:write': admin,
  'settings:read': all,
  'settings:write': runs,
  /** Who gets in, by what, and for how long. */
  'sign-in:write': admin,
  'channels:read': reads,
  'channels:write': runs,
  'prices:read': all,
  'prices:write': money,
  'users:read': all,
  /** E-mail, telephone and display name of a user. */
  'users:personal': runs,
  'users:write': runs,
  'users:adjust': money,
  'users:erase': admin,
  /** Charges whose report could not be believed. */
  'doubts:read': all,
  'doubts:settle': money,
  'keys:read': all,
  'keys:write': runs,
  'service-keys:read': reads,
  'service-keys:write': admin,
  /** Mails that were sent, and to whom. */
  'mail:read': runs,
  'mail:write': runs,
  /** Making nothing, for good, of what stops the ledger. */
  'log:skip': admin,
  'audit:read': ['admin', 'finance', 'auditor'],
  /** States that somebody must be told of. */
  'alerts:read': all,
  'alerts:write': runs,
  /** What operators did. */
  'acts:read': ['admin', 'auditor'],
  /** Calls and what they cost, of everybody. */
  'usage:read': all,
  /** Verifying, rebuilding, exporting, reconciling. */
  'jobs:run': money,
  /** What runs, how it is and how it was started. */
  'system:read': reads,
  'payments:read': ['admin', 'finance', 'auditor'],
  'payments:write': money,
  /** Who takes money, and their secrets. */
  'providers:write': admin,
} as const satisfies Readonly<Record<string, readonly Role[]>>;
export type Permission = keyof typeof permissions;

/**
 * What a change of a setting wants beside `settings:write`: what a dollar costs and where money is sent to is for who may move money, how
 * operators log in for who says who they are, and how people do for who answers for what they have here. `null`: nothing more.
 */
export const permissionOfSetting: Readonly<Record<SettingKey, Permission | null>> = {
  limits: null,
  hold_policy: null,
  portal: null,
  alerts: 'alerts:write',
  payments: 'payments:write',
  referrals: 'payments:write',
  operator_second_factor: 'operators:write',
  registration: 'sign-in:write',
  sign_in: 'sign-in:write',
  identity_providers: 'sign-in:write',
  sessions: 'sign-in:write',
};

export function mayDo(role: Role, permission: Permission): boolean {
  return (permissions[permission] as readonly Role[]).includes(role);
}

/** Everything a role may do, in the order of the table. */
export const permissionsOf = (role: Role): readonly Permission[] =>
  (Object.keys(permissions) as Permission[]).filter((permission) => mayDo(role, permission));

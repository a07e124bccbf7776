import { permissionsOf } from '../../../../domain/operator/roles.js';
import type { FailureRow } from '../../../endpoint.js';
import type { SignedIn } from '../../../operators/ports.js';

export const present = ({ name, role, owesFactor = false }: SignedIn) => ({
  name,
  role,
  owes_second_factor: owesFactor,
  permissions: permissionsOf(role),
});

export const auditor = { name: 'alice', role: 'auditor', session: 1n, since: 1795219200 } as const;

export const loginFailures: readonly FailureRow[] = [
  [401, 'login_failed', '用户名或密码错误'],
  [429, 'too_many_logins', '登录尝试过多，请稍后重试'],
];

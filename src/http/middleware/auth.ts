import type { Context } from 'koa';
import { mayDo, type Permission, permissions } from '../../domain/operator/roles.js';
import { isBearer, keyOfAuthorization } from '../../support/authorization.js';
import { looksLikeLoginToken } from '../../support/login-tokens.js';
import type { Area } from '../areas.js';
import { HttpFailure } from '../failure.js';
import type { OperatorAuth, SignedIn } from '../operators/ports.js';
import type { SignedInPerson } from '../people/ports/person.js';
import type { SigningIn } from '../people/ports/signing-in.js';
import type { ExternalAuth, Scope } from '../ports.js';
import type { CookieKind, SessionCookies } from '../sessions/cookies.js';
import { requireSameSite } from './same-site.js';
import { requireLoopback } from './loopback-only.js';

/** Who may call: a service key with the scope, an operator with the permission, any operator, the person of an account, or anybody. */
export type Access = Scope | Permission | 'signed-in' | 'person' | 'anybody';

/** Who asks: the actor recorded with every event, and what the rate limit counts by. */
export interface Caller {
  readonly actor: string;
  readonly operator?: SignedIn;
  readonly person?: SignedInPerson;
  /** Where a front end's people may be led back to. */
  readonly returnOrigins?: readonly string[];
}

/** How browsers say who they are. */
export interface Browsers {
  readonly cookies: SessionCookies;
  readonly publicUrl: string | undefined;
}

const LONGEST_KEY = 2048;

const unauthorized = (zh: string, en: string) =>
  new HttpFailure({
    status: 401,
    code: 'unauthorized',
    text: { zh, en },
    headers: { 'WWW-Authenticate': 'Bearer' },
  });

const noKey = () =>
  unauthorized('未授权：服务密钥缺失或无效', 'Unauthorized: the service key is missing or not valid');

const noLogin = () => unauthorized('未登录或登录已失效', 'Unauthorized: log in, or log in again');

const suspended = () =>
  new HttpFailure({
    status: 403,
    code: 'account_suspended',
    text: { zh: '用户已被停用', en: 'The user is suspended' },
  });

const owesFactor = () =>
  new HttpFailure({
    status: 403,
    code: 'second_factor_setup_required',
    text: { zh: '请先为您的账户启用两步验证', en: 'Set up a second factor for your account first' },
  });

const lacksScope = (scope: Scope) =>
  new HttpFailure({
    status: 403,
    code: 'forbidden',
    text: { zh: '服务密钥没有所需的权限', en: 'The service key lacks the scope this needs' },
    details: { scope },
  });

export const lacksPermission = (permission: Permission) =>
  new HttpFailure({
    status: 403,
    code: 'forbidden',
    text: { zh: '当前角色没有所需的权限', en: 'Your role lacks the permission this needs' },
    details: { permission },
  });

/** Checks the service key of `Authorization` or `x-api-key` and its scope; in open mode, where the request comes from. Throws 401 or 403. */
export async function authorizeKey(ctx: Context, auth: ExternalAuth, scope: Scope): Promise<Caller> {
  if (auth.mode === 'open') {
    if (auth.loopbackOnly) requireLoopback(ctx);
    return { actor: 'open' };
  }
  const key = presentedKey(ctx);
  const found = key === undefined ? undefined : await auth.keys.find(key);
  if (!found) throw noKey();
  if (!found.scopes.includes(scope)) throw lacksScope(scope);
  return { actor: `service-key:${found.id}`, returnOrigins: found.returnOrigins ?? [] };
}

/** Checks the login of an operator and what the role may do. Throws 401 or 403. */
export async function authorizeOperator(
  ctx: Context,
  auth: Pick<OperatorAuth, 'find' | 'findSession'>,
  browsers: Browsers,
  permission: Permission | 'signed-in',
): Promise<Caller> {
  const token = bearerOf(ctx);
  const operator =
    token === undefined
      ? await inBrowser(ctx, browsers, 'operator', auth.findSession)
      : await auth.find(token);
  if (!operator) throw noLogin();
  ctx.state.operatorName = operator.name;
  if (permission !== 'signed-in' && operator.owesFactor) throw owesFactor();
  if (permission !== 'signed-in' && !mayDo(operator.role, permission)) throw lacksPermission(permission);
  return { actor: `operator:${operator.name}`, operator };
}

/** Checks the sign-in of an account's person. Throws 401; 403 for a suspended one, who may look and sign out, and do nothing else. */
export async function authorizePerson(
  ctx: Context,
  people: Pick<SigningIn, 'findToken' | 'findSession'>,
  browsers: Browsers,
  area: Area,
): Promise<Caller> {
  const token = bearerOf(ctx);
  const person =
    token === undefined
      ? await inBrowser(ctx, browsers, 'person', people.findSession)
      : await people.findToken(token);
  if (!person) throw noLogin();
  if (person.suspended && area === 'user' && ctx.method !== 'GET') throw suspended();
  return { actor: `account:${person.accountId}`, person };
}

/** A bearer goes before a cookie. What a cookie vouches for must have been asked by a page of ours. */
async function inBrowser<Who>(
  ctx: Context,
  { cookies, publicUrl }: Browsers,
  kind: CookieKind,
  find: (secret: string) => Promise<Who | undefined>,
): Promise<Who | undefined> {
  const secret = cookies.read(ctx, kind);
  if (secret === undefined) return undefined;
  requireSameSite(ctx, publicUrl, true);
  return find(secret);
}

/** Auditors come with a service key or as operators. */
export const comesAsOperator = (ctx: Context, { cookies }: Browsers): boolean =>
  looksLikeLoginToken(bearerOf(ctx) ?? '') ||
  (presentedKey(ctx) === undefined && cookies.read(ctx, 'operator') !== undefined);

export const isPermission = (access: Access): access is Permission => Object.hasOwn(permissions, access);

function bearerOf(ctx: Context): string | undefined {
  const bearer = keyOfAuthorization(ctx.get('Authorization'));
  return bearer !== undefined && bearer.length <= LONGEST_KEY ? bearer : undefined;
}

function presentedKey(ctx: Context): string | undefined {
  const own = ctx.get('x-api-key').trim();
  // One word without `Bearer` may be of anybody before us: a key in a header of its own says more.
  const key = own.length > 0 && !isBearer(ctx.get('Authorization')) ? own : (bearerOf(ctx) ?? own);
  return key.length > 0 && key.length <= LONGEST_KEY ? key : undefined;
}

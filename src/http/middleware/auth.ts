import type { Context } from 'koa';
import { HttpFailure } from '../failure.js';
import type { ExternalAuth, Scope } from '../ports.js';

/** Who asks: the actor recorded with every event, and what the rate limit counts by. */
export interface Caller {
  readonly actor: string;
}

const LONGEST_KEY = 512;

const unauthorized = () =>
  new HttpFailure({
    status: 401,
    code: 'unauthorized',
    text: { zh: '未授权：服务密钥缺失或无效', en: 'Unauthorized: the service key is missing or not valid' },
    headers: { 'WWW-Authenticate': 'Bearer' },
  });

const forbidden = (scope: Scope) =>
  new HttpFailure({
    status: 403,
    code: 'forbidden',
    text: { zh: '服务密钥没有所需的权限', en: 'The service key lacks the scope this needs' },
    details: { scope },
  });

/** Checks the service key of `Authorization: Bearer` or `x-api-key` and its scope. Throws 401 or 403. */
export async function authorize(ctx: Context, auth: ExternalAuth, scope: Scope): Promise<Caller> {
  if (auth.mode === 'open') return { actor: 'open' };
  const key = presentedKey(ctx);
  const found = key === undefined ? undefined : await auth.keys.find(key);
  if (!found) throw unauthorized();
  if (!found.scopes.includes(scope)) throw forbidden(scope);
  return { actor: `service-key:${found.id}` };
}

function presentedKey(ctx: Context): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(ctx.get('Authorization').trim())?.[1];
  const key = bearer ?? ctx.get('x-api-key').trim();
  return key.length > 0 && key.length <= LONGEST_KEY ? key : undefined;
}

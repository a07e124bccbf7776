import type { Context } from 'koa';
import { OPERATORS_STAY, PEOPLE_STAY } from './browser-sessions.js';

/** Whose session a cookie holds: each has one of its own, so that somebody can be both in one browser. */
export type CookieKind = 'person' | 'operator';

export interface SessionCookies {
  read(ctx: Context, kind: CookieKind): string | undefined;
  set(ctx: Context, kind: CookieKind, secret: string): void;
  clear(ctx: Context, kind: CookieKind): void;
}

const NAMES = { person: 'counterfoil_session', operator: 'counterfoil_operator' } as const;
const LIVES = { person: PEOPLE_STAY, operator: OPERATORS_STAY } as const;

/** @param publicUrl where browsers reach the service; behind https a cookie is bound to it (`__Host-`, RFC 6265bis) */
export function createSessionCookies(publicUrl: string | undefined): SessionCookies {
  const secure = publicUrl?.startsWith('https:') ?? false;
  const nameOf = (kind: CookieKind) => (secure ? `__Host-${NAMES[kind]}` : NAMES[kind]);
  const write = (ctx: Context, kind: CookieKind, value: string, seconds: number) =>
    ctx.append(
      'Set-Cookie',
      [
        `${nameOf(kind)}=${value}`,
        'Path=/',
        'HttpOnly',
        'SameSite=Strict',
        `Max-Age=${seconds}`,
        ...(secure ? ['Secure'] : []),
      ].join('; '),
    );
  return {
    read: (ctx, kind) => ctx.cookies.get(nameOf(kind)) || undefined,
    set: (ctx, kind, secret) => write(ctx, kind, secret, LIVES[kind].atMostMs / 1_000),
    clear: (ctx, kind) => write(ctx, kind, '', 0),
  };
}

import type { Context } from 'koa';
import { OPERATORS_STAY, PEOPLE_STAY } from './browser-sessions.js';

/**
 * Whose session a cookie holds: each has one of its own, so that somebody can be both in one browser. `provider`: what ties the way back from
 * another service to the way there.
 */
export type CookieKind = 'person' | 'operator' | 'provider';

export interface SessionCookies {
  read(ctx: Context, kind: CookieKind): string | undefined;
  set(ctx: Context, kind: CookieKind, secret: string): void;
  clear(ctx: Context, kind: CookieKind): void;
}

const NAMES = {
  person: 'counterfoil_session',
  operator: 'counterfoil_operator',
  provider: 'counterfoil_provider',
} as const;
const MINUTE = 60;
const LIVES = {
  person: PEOPLE_STAY.atMostMs / 1_000,
  operator: OPERATORS_STAY.atMostMs / 1_000,
  provider: 10 * MINUTE,
} as const;
/** Whoever comes back from another service comes by a link of that one. */
const SITES = { person: 'Strict', operator: 'Strict', provider: 'Lax' } as const;

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
        `SameSite=${SITES[kind]}`,
        `Max-Age=${seconds}`,
        ...(secure ? ['Secure'] : []),
      ].join('; '),
    );
  return {
    read: (ctx, kind) => ctx.cookies.get(nameOf(kind)) || undefined,
    set: (ctx, kind, secret) => write(ctx, kind, secret, LIVES[kind]),
    clear: (ctx, kind) => write(ctx, kind, '', 0),
  };
}

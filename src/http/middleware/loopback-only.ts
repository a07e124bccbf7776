import type { Context } from 'koa';
import { isLoopback } from '../../support/loopback.js';
import { HttpFailure } from '../failure.js';

/**
 * Nobody is asked for a key on loopback because only this machine gets there; a page in its browser does too, once a name of the page's own
 * points here. So the name that was asked for, and the page that asks, must be this machine's. Throws 403.
 */
export function requireLoopback(ctx: Context): void {
  const origin = ctx.get('Origin');
  if (isLoopback(hostOf(`http://${ctx.get('Host')}`)) && (origin === '' || isLoopback(hostOf(origin))))
    return;
  throw new HttpFailure({
    status: 403,
    code: 'loopback_only',
    text: {
      zh: '未启用鉴权时仅接受以本机名称（localhost、127.0.0.1）发出的请求',
      en: 'Without authentication only requests to, and from pages of, this machine (localhost, 127.0.0.1) are answered',
    },
  });
}

/** Empty where there is none, as in `null`, which pages without an origin send. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}

import type { Context } from 'koa';
import { HttpFailure } from '../failure.js';
import { hasBody } from './body.js';

const crossSite = () =>
  new HttpFailure({
    status: 403,
    code: 'cross_site',
    text: {
      zh: '请求不是由本站页面发出的',
      en: 'The request does not come from a page of this site',
    },
  });

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * What a browser's cookie vouches for must have been asked by a page of ours, as JSON: whoever can make the browser send something else can
 * make it act. Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in `Origin`. Throws 403 `cross_site`.
 *
 * @param mustSay whether a request that says nothing is refused: one with a cookie. Programs say nothing
 */
export function requireSameSite(ctx: Context, publicUrl: string | undefined, mustSay: boolean): void {
  if (SAFE.has(ctx.method)) return;
  const site = ctx.get('Sec-Fetch-Site');
  const origin = ctx.get('Origin');
  const isOurs = site === '' ? origin !== '' && isOwnOrigin(ctx, origin, publicUrl) : site === 'same-origin';
  const saysNothing = site === '' && origin === '';
  if (!isOurs && (mustSay || !saysNothing)) throw crossSite();
  if (mustSay && hasBody(ctx) && !/^(application\/json|text\/csv)\b/i.test(ctx.get('Content-Type')))
    throw crossSite();
}

function isOwnOrigin(ctx: Context, origin: string, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  return publicUrl === undefined
    ? new URL(origin).host === ctx.get('Host')
    : new URL(origin).origin === new URL(publicUrl).origin;
}

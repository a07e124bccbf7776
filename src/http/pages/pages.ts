import type { Context, Middleware } from 'koa';
import { installed } from '../../support/installed.js';
import { methodNotAllowed, routeNotFound } from '../failure.js';
import { type BuiltFile, type BuiltPages, readBuiltPages } from './built-pages.js';

/** Where the build of `web` lies. */
export const PAGES_FOLDER = installed('dist/web');

/** All comes from this host, nothing runs that is not a file of it, and nobody frames it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const YEAR_SECONDS = 31_536_000;
const PAGE_PATH = /^\/(portal|admin)(\/|$)/;
const ASSET_PATH = /^\/assets\//;

/**
 * Serves Portal and Admin: the one page under `/portal` and `/admin`, whatever follows, and the files it loads under `/assets`.
 * `/` leads to the Portal.
 * @param folder what `npm run build` made of `web`; read once it is there
 */
export function pages(folder: string = PAGES_FOLDER): Middleware {
  let built: BuiltPages | undefined;
  return async (ctx, next) => {
    const { path } = ctx;
    const console = PAGE_PATH.exec(path)?.[1];
    const isAsset = ASSET_PATH.test(path);
    if (console === undefined && !isAsset && path !== '/') {
      await next();
      return;
    }
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw methodNotAllowed(['GET', 'HEAD']);
    ctx.state.route = isAsset ? '/assets' : `/${console ?? ''}`;
    if (path === '/') return ctx.redirect('/portal');
    built ??= await readBuiltPages(folder);
    ctx.vary('Accept-Encoding');
    if (isAsset) sendAsset(ctx, built?.assets.get(path));
    else sendPage(ctx, built?.page);
  };
}

function sendPage(ctx: Context, page: BuiltFile | undefined): void {
  ctx.set('Content-Security-Policy', POLICY);
  ctx.set('Cache-Control', 'no-cache');
  if (page) return send(ctx, page);
  ctx.status = 503;
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = NOT_BUILT;
}

function sendAsset(ctx: Context, asset: BuiltFile | undefined): void {
  if (!asset) throw routeNotFound();
  ctx.set('Cache-Control', `public, max-age=${YEAR_SECONDS}, immutable`);
  send(ctx, asset);
}

function send(ctx: Context, { encodings, etag, type }: BuiltFile): void {
  ctx.status = 200;
  ctx.set('ETag', etag);
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  // The best of ours that is accepted: browsers accept all of them alike, gzip first.
  const encoding = [...encodings.keys()].find((each) => ctx.acceptsEncodings(each) === each) ?? 'identity';
  if (encoding !== 'identity') ctx.set('Content-Encoding', encoding);
  ctx.type = type;
  ctx.body = encodings.get(encoding);
}

/** For whoever runs the service from its source. */
const NOT_BUILT = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Counterfoil</title>
  </head>
  <body>
    <h1>The pages are not built</h1>
    <p>The service runs, its API too. Run <code>npm run build</code> and load this page again.</p>
    <p lang="zh-CN">服务和接口都在运行，只是页面还没有构建。请执行 <code>npm run build</code>，然后刷新本页。</p>
  </body>
</html>
`;

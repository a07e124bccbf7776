import type { Middleware } from 'koa';
import type { BoundEndpoint } from '../endpoint.js';
import { methodNotAllowed } from '../failure.js';
import { documentationAssets } from './assets.js';
import { openApiDocument } from './document.js';

/** Everything from this host and no inline script; Swagger UI sets styles from its own script and draws with data: images. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Serves `/openapi.json` and the page at `/docs`. */
export function documentation(endpoints: readonly BoundEndpoint[]): Middleware {
  // Few processes are ever asked for it, and all would start later.
  let document: Promise<string> | undefined;
  const documentOnce = () => (document ??= openApiDocument(endpoints).then((made) => JSON.stringify(made)));
  return async (ctx, next) => {
    const { path } = ctx;
    const asset = documentationAssets.get(path);
    if (!asset && path !== '/openapi.json') {
      await next();
      return;
    }
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw methodNotAllowed(['GET', 'HEAD']);
    ctx.state.route = path;
    ctx.set('Cache-Control', 'no-cache');
    ctx.set('Content-Security-Policy', POLICY);
    ctx.body = asset ? await asset.load() : await documentOnce();
    ctx.type = asset ? asset.type : 'application/json; charset=utf-8';
  };
}

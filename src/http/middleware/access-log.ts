import type { Middleware } from 'koa';
import type { Log } from '../../support/log.js';

/** One line a request. It names the route, not the path: paths and queries carry ids of people. */
export function accessLog(log: Log): Middleware<{ requestId: string; route?: string; actor?: string }> {
  return async (ctx, next) => {
    const startedAt = performance.now();
    await next();
    log.info(
      {
        request_id: ctx.state.requestId,
        method: ctx.method,
        route: ctx.state.route ?? null,
        actor: ctx.state.actor ?? null,
        status: ctx.status,
        duration_ms: Math.round(performance.now() - startedAt),
      },
      'request',
    );
  };
}

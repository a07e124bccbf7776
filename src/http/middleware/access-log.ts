import type { Middleware } from 'koa';
import type { HttpLog } from '../ports.js';

/** One line a request. It names the route, not the path: paths and queries carry ids of people. */
export function accessLog(log: HttpLog): Middleware<{ requestId: string; route?: string; actor?: string }> {
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

import type { Middleware } from 'koa';
import { addressBlock } from '../../support/address-block.js';
import type { Log } from '../../support/log.js';
import type { ClientAddress } from '../edge/client-address.js';

/** One line a request. It names the route, not the path: paths and queries carry ids of people. Of an address the block is what counts. */
export function accessLog(
  log: Log,
  addressOf: ClientAddress,
): Middleware<{ requestId: string; route?: string; actor?: string }> {
  return async (ctx, next) => {
    const startedAt = performance.now();
    // A request that was given up has no connection any more.
    const address = addressBlock(addressOf(ctx.req));
    await next();
    log.info(
      {
        request_id: ctx.state.requestId,
        method: ctx.method,
        route: ctx.state.route ?? null,
        actor: ctx.state.actor ?? null,
        address,
        status: ctx.status,
        duration_ms: Math.round(performance.now() - startedAt),
      },
      'request',
    );
  };
}

import { randomUUID } from 'node:crypto';
import type { Middleware } from 'koa';

const SANE = /^[\x21-\x7e]{1,128}$/;

/** The id under which a request is found again: the caller's own where it is short printable ASCII, else a new one. On every response. */
export const requestId: Middleware<{ requestId: string }> = async (ctx, next) => {
  const sent = ctx.get('X-Request-Id');
  ctx.state.requestId = SANE.test(sent) ? sent : randomUUID();
  ctx.set('X-Request-Id', ctx.state.requestId);
  await next();
};

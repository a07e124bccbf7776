import Koa, { type Middleware } from 'koa';
import type { Log } from '../support/log.js';
import { invalidRequest, routeNotFound } from './failure.js';
import { accessLog } from './middleware/access-log.js';
import { errors } from './middleware/errors.js';
import { requestId } from './middleware/request-id.js';
import { securityHeaders } from './middleware/security-headers.js';
import { documentation } from './openapi/documentation.js';
import { pages } from './pages/pages.js';
import { type PaymentRoutesParts, paymentRoutes } from './payments/payment-routes.js';
import { apiRouter, type RouterParts } from './router.js';
import { apiEndpoints } from './routes/endpoints.js';

/** The HTTP shell: the external API, the audit's questions, their OpenAPI document, the page to browse it, Portal and Admin. Everything else is a 404 in the failure shape. */
export function createHttpApp(
  parts: RouterParts & Pick<PaymentRoutesParts, 'testPayments'> & { readonly log: Log },
): Koa {
  const app = new Koa();
  // Errors after the headers have gone (a caller that hung up) have no answer left to become.
  app.on('error', (error: unknown) => parts.log.error({ err: error }, 'response not finished'));
  const endpoints = apiEndpoints(parts.settings.topupLimits);
  const middleware: Middleware[] = [
    requestId as Middleware,
    accessLog(parts.log, parts.addressOf) as Middleware,
    securityHeaders,
    errors(parts.log) as Middleware,
    wellFormedPath,
    documentation(endpoints),
    pages(),
    paymentRoutes(parts),
    ...apiRouter(endpoints, parts),
    () => {
      throw routeNotFound();
    },
  ];
  for (const each of middleware) app.use(each);
  return app;
}

/** `%zz` and percent-encoded bytes that are no UTF-8 are refused before any route sees them. */
const wellFormedPath: Middleware = async (ctx, next) => {
  try {
    decodeURIComponent(ctx.path);
  } catch {
    throw invalidRequest([
      { field: 'path', rule: 'type', text: { zh: '百分号编码无效', en: 'has malformed percent-encoding' } },
    ]);
  }
  await next();
};

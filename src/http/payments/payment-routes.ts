import type { Context, Middleware } from 'koa';
import type { TablesGuard } from '../../commands/ledger/tables-guard.js';
import type { PaymentDesk } from '../../reactions/payments/ports.js';
import type { HttpAnswer, RawRequest } from '../../reactions/payments/provider.js';
import { withDeadline } from '../../support/deadline.js';
import { methodNotAllowed, routeNotFound } from '../failure.js';
import { readBytes } from '../middleware/body.js';
import { testPage } from './test-page.js';

/** What the page of the test provider does; undefined where there is no such provider. */
export interface TestPayments {
  readonly acts: readonly string[];
  /** What is to be paid, in words; undefined where there is no such order of its own. */
  describe(orderId: string): Promise<string | undefined>;
  /** @returns false where there is no such order, or no such act */
  act(orderId: string, act: string): Promise<boolean>;
}

export interface PaymentRoutesParts {
  readonly payments: Pick<PaymentDesk, 'notify' | 'probe' | 'returned'>;
  readonly testPayments: TestPayments | undefined;
  /** A provider whose notification is refused notifies again. */
  readonly tables: Pick<TablesGuard, 'reading'>;
}

const LIMITS = { limitBytes: 1024 * 1024, timeoutMs: 30_000 };
const PATH = /^\/api\/payments\/(notify|return|test|self-test)\/([\w-]{1,64})$/;
/** Somebody who comes back waits so long for what the provider says; the page goes on asking. */
const RETURN_WAIT_MS = 2_000;

/** What providers and the browsers of payers ask for: nobody signs in, and nothing is believed that is not signed or asked for. */
export function paymentRoutes({ payments, tables, testPayments }: PaymentRoutesParts): Middleware {
  return async (ctx, next) => {
    const [, what, id = ''] = PATH.exec(ctx.path) ?? [];
    if (what === undefined) {
      await next();
      return;
    }
    ctx.state.route = `/api/payments/${what}/{id}`;
    if (what === 'notify') return tables.reading(() => notified(ctx, payments, id));
    if (what === 'return') return cameBack(ctx, payments, id);
    if (what === 'self-test')
      return respond(ctx, { status: 200, type: 'text/plain', body: payments.probe(id) });
    if (!testPayments) throw routeNotFound();
    return tables.reading(() => tested(ctx, testPayments, id));
  };
}

async function notified(ctx: Context, payments: PaymentRoutesParts['payments'], id: string): Promise<void> {
  requireMethod(ctx, 'GET', 'POST');
  const answer = await payments.notify(id, await rawRequest(ctx));
  if (!answer) throw routeNotFound();
  respond(ctx, answer);
}

/** It says nothing of money, whatever its query says: the provider is asked. */
async function cameBack(ctx: Context, payments: PaymentRoutesParts['payments'], id: string): Promise<void> {
  requireMethod(ctx, 'GET', 'POST');
  await withDeadline(payments.returned(id), RETURN_WAIT_MS).catch(() => undefined);
  ctx.status = 303;
  ctx.set('Location', `/portal/topup/${id}`);
}

async function tested(ctx: Context, test: TestPayments, id: string): Promise<void> {
  requireMethod(ctx, 'GET', 'POST');
  if (ctx.method === 'POST') {
    const form = new URLSearchParams((await readBytes(ctx, LIMITS)).toString('utf8'));
    if (!(await test.act(id, form.get('act') ?? ''))) throw routeNotFound();
    ctx.status = 303;
    ctx.set('Location', `/api/payments/return/${id}`);
    return;
  }
  const price = await test.describe(id);
  if (price === undefined) throw routeNotFound();
  const page = testPage(id, price, test.acts);
  ctx.set('Content-Security-Policy', page.policy);
  respond(ctx, { status: 200, type: 'text/html; charset=utf-8', body: page.html });
}

async function rawRequest(ctx: Context): Promise<RawRequest> {
  const headers = Object.entries(ctx.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return {
    method: ctx.method,
    query: ctx.querystring,
    headers: Object.fromEntries(headers),
    body: ctx.method === 'POST' ? await readBytes(ctx, LIMITS) : Buffer.alloc(0),
  };
}

function respond(ctx: Context, { status, type, body }: HttpAnswer): void {
  ctx.status = status;
  ctx.type = type;
  ctx.body = body;
}

function requireMethod(ctx: Context, ...allowed: readonly string[]): void {
  if (!allowed.includes(ctx.method)) throw methodNotAllowed(allowed);
}

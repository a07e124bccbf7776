import { Readable } from 'node:stream';
import { Router } from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { TablesGuard } from '../commands/ledger/tables-guard.js';
import { fullPath } from './areas.js';
import type { ApiParts, Asked, Contexts, OpenParts } from './area-contexts.js';
import { contextsOf } from './contexts-of.js';
import type { ClientAddress } from './edge/client-address.js';
import type { Answer, BoundEndpoint } from './endpoint.js';
import { invalidRequest, methodNotAllowed } from './failure.js';
import {
  authorizeKey,
  authorizeOperator,
  authorizePerson,
  type Browsers,
  type Caller,
  comesAsOperator,
  isPermission,
} from './middleware/auth.js';
import { requireAddress } from './middleware/admin-addresses.js';
import { hasBody, readJsonBody } from './middleware/body.js';
import { language, respondJson } from './middleware/errors.js';
import { RateLimiter } from './middleware/rate-limit.js';
import { receiveFile } from './middleware/upload.js';
import { type NotedPosition, POSITION_HEADER } from './noted-positions.js';
import { openParts } from './open-parts.js';
import { noteRefusal } from './operators/tracing.js';
import type { ExternalAuth } from './ports.js';
import { requireSameSite } from './middleware/same-site.js';
import { createSessionCookies, type SessionCookies } from './sessions/cookies.js';
import { validate } from './validation.js';

export interface RouterParts extends Omit<ApiParts, 'open'>, Partial<Pick<OpenParts, 'outbox'>> {
  readonly auth: ExternalAuth;
  /** Of the audit's endpoints: they show what is of all users. */
  readonly auditAuth: ExternalAuth;
  /** Whether every part that is needed answers. */
  readonly isWell: () => Promise<boolean>;
  /** By which the tables are read: refuses while they may be another ledger's or older. */
  readonly tables: Pick<TablesGuard, 'reading'>;
  readonly addressOf: ClientAddress;
  /** Where browsers reach the service; undefined: wherever they say. */
  readonly publicUrl: string | undefined;
  /** From where operators may come. */
  readonly adminAddresses: (address: string | undefined) => boolean;
  readonly now: () => Date;
}

/** Routes of the API. Order of checks: key and scope, rate, shape; existence and rules are the handler's. */
export function apiRouter(endpoints: readonly BoundEndpoint[], given: RouterParts): Middleware[] {
  const parts = { ...given, cookies: createSessionCookies(given.publicUrl) };
  const { settings } = parts;
  const contexts = contextsOf({ ...parts, open: openParts(parts) });
  // One spelling of a path: a rule that a front proxy has for it must not be walked around by another.
  const router = new Router({ sensitive: true, strict: true });
  const limiter = settings.rateLimit && new RateLimiter(settings.rateLimit, () => performance.now());
  const limits = { limitBytes: settings.bodyLimitBytes, timeoutMs: settings.bodyTimeoutMs };
  for (const bound of endpoints) {
    const documented = fullPath(bound);
    const path = documented.replace(/\{(\w+)\}/g, ':$1');
    const route = `${bound.method.toUpperCase()} ${documented}`;
    const answered = async (ctx: Context) => {
      const receivedAt = parts.now();
      ctx.state.route = documented;
      if (bound.area === 'admin') requireAddress(parts.adminAddresses, parts.addressOf(ctx.req));
      const caller = await callerOf(ctx, bound, parts);
      ctx.state.actor = caller?.actor;
      if (caller) limiter?.take(caller.actor);
      // A body may be held back until who sent its head has lost the right to act: what was presented is judged again.
      const noted: NotedPosition = { last: undefined };
      const asked = async (receives: boolean) => ({
        ...askedBy(ctx, receives ? await callerOf(ctx, bound, parts) : caller, receivedAt, parts),
        noted,
        authorize: () => callerOf(ctx, bound, parts),
      });
      let answer: Answer;
      if (bound.takesFile) answer = await runWithFile(ctx, bound, () => asked(true), contexts);
      else {
        const receives = bound.method !== 'get' && (!bound.bodyOptional || hasBody(ctx));
        const unsent = bound.method === 'get' ? queryOf(ctx) : {};
        const sent = receives ? await readJsonBody(ctx, limits, bound.exactNumbers ?? []) : unsent;
        answer = await bound.run({ ...sent, ...paramsOf(ctx) }, await asked(receives), contexts);
      }
      if (bound.freshSeconds !== undefined) {
        ctx.set('Cache-Control', `public, max-age=${bound.freshSeconds}`);
        ctx.set('Access-Control-Allow-Origin', '*');
      }
      if (noted.last !== undefined) ctx.set(POSITION_HEADER, noted.last.toString());
      respond(ctx, bound, answer, parts.cookies);
    };
    router.register(path, [bound.method], async (ctx) => {
      try {
        await (bound.inDoubt ? answered(ctx) : parts.tables.reading(() => answered(ctx)));
      } catch (error) {
        if (isOfOperators(ctx, bound, parts)) {
          const request = { route, address: parts.addressOf(ctx.req) };
          await noteRefusal(parts.admin.noteTrace, ctx, request, error);
        }
        throw error;
      }
    });
  }
  return [router.routes() as Middleware, refuseOtherMethods(router)];
}

const UPLOADS_MS = 300_000;
/** A month of a large provider; the rows are kept while they are matched. */
const UPLOAD_BYTES = 64 * 1024 * 1024;

/** The parameters are checked before the file is taken in. */
async function runWithFile(
  ctx: Context,
  bound: BoundEndpoint,
  asked: () => Promise<Asked>,
  contexts: Contexts,
): Promise<Answer> {
  const raw = { ...queryOf(ctx), ...paramsOf(ctx) };
  const { file: name } = validate(bound.input, raw) as { readonly file: string };
  const file = await receiveFile(ctx, { limitBytes: UPLOAD_BYTES, timeoutMs: UPLOADS_MS }, name);
  try {
    return await bound.run(raw, { ...(await asked()), file }, contexts);
  } finally {
    await file.remove();
  }
}

function respond(ctx: Context, { further }: BoundEndpoint, answer: Answer, cookies: SessionCookies): void {
  const { cookie, text } = answer;
  if (cookie?.secret) cookies.set(ctx, cookie.kind, cookie.secret);
  else if (cookie) cookies.clear(ctx, cookie.kind);
  if (text) {
    ctx.set(text.headers ?? {});
    ctx.type = text.mediaType;
    const body = Readable.from(text.pieces);
    if (text.onClose) body.once('close', text.onClose);
    ctx.body = body;
    return;
  }
  if (answer.replayed) ctx.set('Idempotency-Replayed', 'true');
  const goesOn = answer.further && further;
  const message = goesOn ? further.message : answer.message;
  respondJson(ctx, goesOn ? 202 : 200, {
    success: true,
    message: message?.[language(ctx)],
    ...(goesOn && { code: further.code }),
    data: answer.data,
    ...answer.beside,
  });
}

const isOfOperators = (ctx: Context, { area }: BoundEndpoint, browsers: Browsers): boolean =>
  area === 'admin' || (area === 'audit' && comesAsOperator(ctx, browsers));

/** Undefined where anybody may ask. */
async function callerOf(
  ctx: Context,
  { access, area }: BoundEndpoint,
  parts: RouterParts & Browsers,
): Promise<Caller | undefined> {
  if (access === 'anybody') {
    // Nobody is signed in here by a page of somebody else.
    if (area !== undefined && area !== 'open') requireSameSite(ctx, parts.publicUrl, false);
    return undefined;
  }
  const { auth } = parts.admin;
  if (access === 'signed-in' || isPermission(access)) return authorizeOperator(ctx, auth, parts, access);
  if (access === 'person') return authorizePerson(ctx, parts.people, parts, area ?? 'user');
  if (area !== 'audit') return authorizeKey(ctx, parts.auth, access);
  return comesAsOperator(ctx, parts)
    ? authorizeOperator(ctx, auth, parts, 'audit:read')
    : authorizeKey(ctx, parts.auditAuth, access);
}

function askedBy(
  ctx: Context,
  caller: Caller | undefined,
  receivedAt: Date,
  { addressOf, now, cookies }: Pick<RouterParts, 'addressOf' | 'now'> & Pick<Browsers, 'cookies'>,
): Omit<Asked, 'noted' | 'authorize'> {
  const requestId = ctx.state.requestId as string;
  const idempotencyKey = idempotencyKeyOf(ctx);
  return {
    file: undefined,
    meta: { actor: caller?.actor ?? 'anybody', requestId, idempotencyKey, receivedAt },
    now: now(),
    operator: caller?.operator,
    person: caller?.person,
    returnOrigins: caller?.returnOrigins ?? [],
    address: addressOf(ctx.req),
    agent: ctx.get('User-Agent'),
    language: language(ctx),
    visitSecret: cookies.read(ctx, 'provider'),
  };
}

const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,200}$/;

function idempotencyKeyOf(ctx: Context): string | undefined {
  const key = ctx.get('Idempotency-Key');
  if (key === '') return undefined;
  if (IDEMPOTENCY_KEY.test(key)) return key;
  throw invalidRequest([
    {
      field: 'Idempotency-Key',
      rule: key.length > 200 ? 'max' : 'type',
      text: { zh: '应为 1 到 200 个可打印 ASCII 字符', en: 'must be 1 to 200 printable ASCII characters' },
    },
  ]);
}

/** Of the path, decoded; put there by the router. */
const paramsOf = (ctx: Context & { readonly params?: unknown }) =>
  ctx.params as Readonly<Record<string, string>>;

/** Empty parameters count as absent: forms send them. */
function queryOf(ctx: Context): Record<string, unknown> {
  return Object.fromEntries(Object.entries(ctx.query).filter(([, value]) => value !== ''));
}

/** 405 with Allow where the path exists under other methods; HEAD is answered wherever GET is. */
function refuseOtherMethods(router: Router): Middleware {
  return async (ctx, next) => {
    const layers = router.match(ctx.path, ctx.method);
    const allowed = new Set(layers.path.flatMap((layer) => layer.methods));
    if (allowed.size > 0 && !layers.route) throw methodNotAllowed([...allowed].sort());
    await next();
  };
}

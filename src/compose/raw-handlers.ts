import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ClientAddress } from '../http/edge/client-address.js';
import type { RawHandler, RelayHandler } from '../http/listener.js';
import { isRelayPath } from '../relay/dialects/near-misses.js';
import type { Relay } from '../relay/relay.js';
import { keyOfAuthorization } from '../support/authorization.js';
import { looksLikeLoginToken } from '../support/login-tokens.js';
import { type HealthCheck, readiness } from './health.js';
import type { MetricsPage } from './workers.js';

const SANE_REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/** The request id is the caller's where that can be repeated in a header and a log, else ours. */
export function relayHandler(relay: Relay, addressOf: ClientAddress): RelayHandler {
  const handle: RawHandler = (request, response) => {
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && SANE_REQUEST_ID.test(given) ? given : randomUUID();
    void relay.handle(request, response, requestId, addressOf(request));
  };
  return {
    takes: (path, request) => isRelayPath(path) && (!isOfPeople(path) || asksWithKey(request)),
    handle,
  };
}

/** `/api/user/self` is asked by desktop clients with an access key, and by the Portal with a cookie or a token. */
const isOfPeople = (path: string): boolean => path.startsWith('/api/user/');

function asksWithKey({ method, headers }: Parameters<RelayHandler['takes']>[1]): boolean {
  const key = keyOfAuthorization(headers.authorization);
  return method === 'GET' && key !== undefined && !looksLikeLoginToken(key);
}

/** Alive: the process answers. */
export const healthzHandler: RawHandler = (_request, response) => sendJson(response, 200, { status: 'ok' });

/** Ready: every part this process needs works; says which one does not, and why. */
export function readyzHandler(checks: readonly HealthCheck[]): RawHandler {
  return (_request, response) => {
    void readiness(checks).then((state) => sendJson(response, state.ready ? 200 : 503, state));
  };
}

/** @param token asked for as a bearer, where there is one */
export function metricsHandler({ contentType, read }: MetricsPage, token: string | undefined): RawHandler {
  const isAllowed = bearerCheck(token);
  return (request, response) => {
    if (!isAllowed(request.headers.authorization)) {
      response.setHeader('www-authenticate', 'Bearer');
      sendJson(response, 401, { status: 'the token is missing or not valid' });
      return;
    }
    read().then(
      (text) => response.writeHead(200, { 'content-type': contentType }).end(text),
      () => sendJson(response, 500, { status: 'metrics could not be read' }),
    );
  };
}

/** Compared by digest: how long it takes says nothing of the token. */
function bearerCheck(token: string | undefined): (authorization: string | undefined) => boolean {
  if (token === undefined) return () => true;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const wanted = digest(token);
  return (authorization) => timingSafeEqual(digest(keyOfAuthorization(authorization) ?? ''), wanted);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}

import type { IncomingHttpHeaders } from 'node:http';
import { otherWalletRoutes, walletRoutes } from './wallet/routes.js';
import { dialectRoutes, routes } from './all.js';
import type { AnyEndpoint } from './endpoint.js';

/** What a client wanted whose base address is not quite ours. */
export interface NearMiss {
  readonly endpoint: AnyEndpoint;
  /** The path at which it is served. */
  readonly served: string;
}

const VERSIONS = ['/v1', '/v1beta'];
/** What gateways and providers put before the version: it is in base addresses that people bring along. */
const OTHERS_PREFIX = /^(?:\/v1beta)?\/(?:openai|anthropic|gemini)(?=\/)/;
const ANY_VERSION = /^\/v\d+(?:alpha|beta)?(?=\/)/;
/** The last part of a path that begins with a version of ours: what precedes it was in the base address. */
const BEHIND_A_BASE = /^\/.*(\/v1(?:beta)?\/.*)$/;

/**
 * Where a path that nobody knows would be served: without a version, with two, with another one, with an endpoint in the base address, or
 * behind a prefix of somebody else's. It is told and not served there, so that a path keeps its one spelling.
 */
export function nearMissOf(method: string, path: string, headers: IncomingHttpHeaders): NearMiss | undefined {
  for (const served of candidates(path)) {
    const found = routes.find(method, served, headers);
    if (found) return { endpoint: found.endpoint, served };
  }
  return undefined;
}

function* candidates(path: string): Generator<string> {
  const plain = path.replace(/\/+$/, '');
  if (plain !== path) yield plain;
  const behind = BEHIND_A_BASE.exec(plain)?.[1];
  if (behind !== undefined) yield behind;
  const own = plain.replace(OTHERS_PREFIX, '');
  const tails = [own.replace(ANY_VERSION, ''), own];
  const doubled = tails.flatMap((tail) => onceOf(tail) ?? []);
  for (const tail of [...doubled, ...tails]) for (const version of VERSIONS) yield version + tail;
}

/** Of an endpoint said twice, `/messages/messages`, one. */
function onceOf(path: string): string | undefined {
  const half = path.length / 2;
  return path.slice(0, half) === path.slice(half) ? path.slice(half) : undefined;
}

/** What stands first in paths that belong to the relay, ours and those that are nearly ours. */
const firstParts = new Set([
  ...['v1', 'v1beta', 'v1alpha', 'upload', 'openai', 'anthropic', 'gemini'],
  ...dialectRoutes.map(({ path }) => path.split('/')[2] ?? ''),
]);

const walletPaths = new Set([...walletRoutes, ...otherWalletRoutes].map(({ path }) => path));

/** Whether a path is the relay's to answer. `path` without its query. */
export function isRelayPath(path: string): boolean {
  const end = path.indexOf('/', 1);
  const first = path.slice(1, end === -1 ? undefined : end);
  return firstParts.has(first) || walletPaths.has(path) || path.startsWith('/api/v1/');
}

import type { IncomingHttpHeaders } from 'node:http';
import type { AnyEndpoint } from './endpoint.js';

/** Where an endpoint is found. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `{name}` stands for one or more characters of any kind, also slashes: models have them in their names. */
  readonly path: string;
  readonly endpoint: AnyEndpoint;
  /** For paths that two dialects share: whether the request is of this one. */
  readonly when?: (headers: IncomingHttpHeaders) => boolean;
}

export interface FoundRoute {
  readonly endpoint: AnyEndpoint;
  /** Of the path's pattern, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

const NO_PARAMETERS = {};

/** Finds a request's endpoint: exact paths by one look-up, then patterns in their order. The first that fits counts. */
export class RouteTable {
  private readonly exact = new Map<string, Route[]>();
  private readonly patterns: { readonly route: Route; readonly matcher: RegExp }[] = [];

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      if (route.path.includes('{')) this.patterns.push({ route, matcher: matcherOf(route.path) });
      else {
        const key = `${route.method} ${route.path}`;
        this.exact.set(key, [...(this.exact.get(key) ?? []), route]);
      }
    }
  }

  /** `path` without its query. */
  find(method: string, path: string, headers: IncomingHttpHeaders): FoundRoute | undefined {
    for (const { endpoint, when } of this.exact.get(`${method} ${path}`) ?? []) {
      if (!when || when(headers)) return { endpoint, parameters: NO_PARAMETERS };
    }
    for (const { route, matcher } of this.patterns) {
      if (route.method !== method || route.when?.(headers) === false) continue;
      const groups = matcher.exec(path)?.groups;
      if (groups) return { endpoint: route.endpoint, parameters: decoded(groups) };
    }
    return undefined;
  }
}

function matcherOf(path: string): RegExp {
  const source = path
    .split(/\{(\w+)\}/)
    .map((part, index) => (index % 2 === 1 ? `(?<${part}>.+)` : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${source.join('')}$`);
}

function decoded(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decode(text)]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

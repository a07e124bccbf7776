import type { IncomingHttpHeaders } from 'node:http';
import { anthropic } from './anthropic/dialect.js';
import { anthropicRoutes } from './anthropic/routes.js';
import type { DialectName } from '../../domain/usage/dialects.js';
import type { Dialect } from './dialect.js';
import { gemini } from './gemini/dialect.js';
import { geminiRoutes } from './gemini/routes.js';
import { openai } from './openai/dialect.js';
import { openaiRoutes } from './openai/routes.js';
import { otherWalletRoutes, walletRoutes } from './wallet/routes.js';
import { RouteTable } from './route.js';

/** In the order in which they are asked whether an unknown path is theirs; the last one takes what is left. */
const dialects: readonly Dialect[] = [gemini, anthropic, openai];

/** Where models are called and listed. A path that two dialects share is first the one's that asks for a header. */
export const dialectRoutes = [...geminiRoutes, ...anthropicRoutes, ...openaiRoutes];

/** Every endpoint of the relay. */
export const relayRoutes = [...dialectRoutes, ...walletRoutes];

/** Patterns come last, so that no model's name is taken for one of these. */
export const routes = new RouteTable([...relayRoutes, ...otherWalletRoutes]);

/** The dialect of a name. */
export const dialectNamed = (name: DialectName): Dialect =>
  dialects.find((dialect) => dialect.name === name) ?? openai;

/** The dialect in which a request for an unknown path is answered. */
export function dialectOf(path: string, headers: IncomingHttpHeaders): Dialect {
  return dialects.find((dialect) => dialect.claims(path, headers)) ?? openai;
}

import type { Role } from '../../../src/domain/operator/roles.js';
import { createRealAdministration, type RealAdministration } from './administration.js';
import { type HttpServer, type HttpServerParts, type Reply, startHttpServer } from './http-server.js';
import { createRealLedger, type RealLedger } from './real-ledger.js';

export interface AdminServer {
  readonly ledger: RealLedger;
  readonly administration: RealAdministration;
  readonly server: HttpServer;
  /** An operator of the role, named like it; made the first time. @returns the bearer token */
  as(role: Role): Promise<string>;
  /** A request to /api/admin, with a token or as nobody. */
  call(
    token: string | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply>;
  close(): Promise<void>;
}

/** The shell on a real ledger, with its administration. */
export async function startAdminServer(
  now = () => new Date(),
  edge: Pick<HttpServerParts, 'addressOf' | 'adminAddresses'> = {},
): Promise<AdminServer> {
  const ledger = await createRealLedger();
  const administration = createRealAdministration(ledger, now);
  const server = await startHttpServer({
    commands: ledger.commands,
    readModels: ledger.readModels,
    audit: ledger.audit,
    auth: { mode: 'key', keys: ledger.serviceKeys },
    admin: administration,
    now,
    ...edge,
  });
  const tokens = new Map<Role, Promise<string>>();
  return {
    ledger,
    administration,
    server,
    as: (role) => {
      let token = tokens.get(role);
      if (!token) tokens.set(role, (token = administration.signIn(role, role)));
      return token;
    },
    call: (token, method, path, body, headers) =>
      server.raw(`/api/admin${path}`, {
        method,
        headers: {
          'Accept-Language': 'en',
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    close: async () => {
      await server.close();
      await administration.close();
      await ledger.close();
    },
  };
}

import { createServer } from 'node:http';
import type { OpenParts } from '../../../src/http/area-contexts.js';
import type { AddressInfo } from 'node:net';
import type { Commands } from '../../../src/commands/commands.js';
import type { FinanceReports } from '../../../src/books/finance-reports.js';
import type { Receipts } from '../../../src/books/receipts.js';
import { createHttpApp } from '../../../src/http/app.js';
import { type ClientAddress, connectionAddress } from '../../../src/http/edge/client-address.js';
import { ClosingResponse } from '../../../src/http/edge/closing-response.js';
import { createListener, type RawHandlers } from '../../../src/http/listener.js';
import { defaultHttpSettings, type ExternalAuth, type HttpSettings } from '../../../src/http/ports.js';
import type { Audit } from '../../../src/books/audit/audit.js';
import type { Administration } from '../../../src/http/operators/ports.js';
import type { Own, OwnOf } from '../../../src/http/people/own.js';
import type { TestPayments } from '../../../src/http/payments/payment-routes.js';
import type { PaymentDesk } from '../../../src/reactions/payments/ports.js';
import type { OwnAlerts } from '../../../src/http/people/own-alerts.js';
import type { RouterParts } from '../../../src/http/router.js';
import type { People } from '../../../src/http/people/ports/people.js';
import type { ReadModels } from '../../../src/projections/read-models.js';
import type { ParsedJson } from '../../support/parsed-json.js';

export interface HttpServerParts {
  readonly commands?: Commands;
  readonly readModels?: ReadModels;
  readonly audit?: Audit;
  readonly finance?: FinanceReports;
  readonly receipts?: Receipts;
  readonly admin?: Administration;
  readonly people?: People;
  readonly outbox?: OpenParts['outbox'];
  readonly own?: OwnOf;
  readonly payments?: PaymentDesk;
  readonly testPayments?: TestPayments | undefined;
  readonly ownAlerts?: RouterParts['ownAlerts'];
  readonly publicUrl?: string;
  readonly isWell?: () => Promise<boolean>;
  readonly tables?: RouterParts['tables'];
  readonly auth?: ExternalAuth;
  readonly settings?: Partial<HttpSettings>;
  readonly raw?: RawHandlers;
  readonly addressOf?: ClientAddress;
  readonly adminAddresses?: (address: string | undefined) => boolean;
  readonly now?: () => Date;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The body as sent, and parsed. */
  readonly text: string;
  readonly body: ParsedJson;
}

export interface HttpServer {
  readonly url: string;
  readonly logged: { readonly fields: Record<string, unknown>; readonly message: string }[];
  /** A request to the external API; `body` is sent as JSON unless it is text or bytes already. */
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Reply>;
  readonly raw: (path: string, init?: RequestInit) => Promise<Reply>;
  readonly close: () => Promise<void>;
}

/** The real shell on a real port. */
export async function startHttpServer(parts: HttpServerParts): Promise<HttpServer> {
  const logged: HttpServer['logged'] = [];
  const write = (fields: object, message: string) =>
    void logged.push({ fields: fields as Record<string, unknown>, message });
  const app = createHttpApp({
    commands: parts.commands ?? ({} as Commands),
    readModels: parts.readModels ?? ({} as ReadModels),
    audit: parts.audit ?? ({} as Audit),
    outbox: parts.outbox,
    isWell: parts.isWell ?? (() => Promise.resolve(true)),
    tables: parts.tables ?? { reading: (read) => read() },
    finance: parts.finance ?? ({} as FinanceReports),
    receipts: parts.receipts ?? ({} as Receipts),
    admin:
      parts.admin ?? ({ noteTrace: () => Promise.resolve() } as Partial<Administration> as Administration),
    people: parts.people ?? ({} as People),
    own: parts.own ?? (() => ({}) as Own),
    payments:
      parts.payments ??
      ({
        of: () => ({ commands: {} }),
        refunds: { commands: {} },
        operators: { commands: {}, find: () => Promise.resolve(undefined) },
      } as never),
    testPayments: parts.testPayments,
    ownAlerts: parts.ownAlerts ?? (() => ({}) as OwnAlerts),
    publicUrl: parts.publicUrl,
    auth: parts.auth ?? { mode: 'open' },
    auditAuth: parts.auth ?? { mode: 'open' },
    settings: { ...defaultHttpSettings, rateLimit: null, ...parts.settings },
    addressOf: parts.addressOf ?? connectionAddress,
    adminAddresses: parts.adminAddresses ?? (() => true),
    now: parts.now ?? (() => new Date()),
    log: { debug: write, info: write, warn: write, error: write },
  });
  // As in the service: after the five seconds of the platform a client that was held up would find its connection closed.
  const options = { ServerResponse: ClosingResponse, keepAliveTimeout: 75_000 };
  const server = createServer(options, createListener(app, parts.raw ?? {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const raw = async (path: string, init?: RequestInit): Promise<Reply> => {
    const response = await fetch(url + path, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text ? JSON.parse(text) : undefined,
    };
  };
  return {
    url,
    logged,
    raw,
    call: (method, path, body, headers = {}) =>
      raw(`/api/user/external${path}`, {
        method,
        headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: encode(body) }),
      }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function encode(body: unknown): string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' || body instanceof Uint8Array
    ? (body as string | Uint8Array<ArrayBuffer>)
    : JSON.stringify(body);
}

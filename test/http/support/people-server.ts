import { openOwn } from '../../../src/compose/own.js';
import { openPayments, type Payments } from '../../../src/compose/payments.js';
import { openPeople } from '../../../src/compose/people.js';
import { openOwnAlerts, type UserAlertParts } from '../../../src/compose/user-alerts.js';
import { firstSettings } from '../../../src/domain/setting/settings.js';
import type { Receipts } from '../../../src/books/receipts.js';
import type { People } from '../../../src/http/people/ports/people.js';
import { defaultHttpSettings } from '../../../src/http/ports.js';
import { createMails, type MailStore } from '../../../src/stores/mails.js';
import { createIdentityServices } from '../../../src/providers/sign-in/identity-services.js';
import { mayReach } from '../../../src/support/reach.js';
import { createPasswords } from '../../../src/support/passwords.js';
import { createRealAdministration, type RealAdministration } from './administration.js';
import { type HttpServer, type HttpServerParts, type Reply, startHttpServer } from './http-server.js';
import { createRealLedger, type RealLedger } from './real-ledger.js';

/** A browser: it keeps its cookies and says where its requests come from. */
export interface Browser {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  readonly cookies: Map<string, string>;
}

export interface PeopleServer {
  readonly ledger: RealLedger;
  readonly administration: RealAdministration;
  readonly people: People;
  readonly mails: MailStore;
  readonly payments: Payments;
  /** What alerts of people are sent with. */
  readonly alerting: UserAlertParts;
  readonly server: HttpServer;
  /** What services that people sign in with did wrong. */
  readonly faults: readonly Error[];
  browser(): Browser;
  /** What the newest mail to an address says of a link: what stands behind `#`. */
  linkTo(email: string): Promise<string>;
  /** An account of one's own, with its link used. */
  registered(username: string, email?: string): Promise<Browser>;
  close(): Promise<void>;
}

export const PASSWORD = 'correct horse battery';

/** The shell on a real ledger, with people; only the passwords are hashed for less, and nothing waits to be equal. */
export async function startPeopleServer(
  now = () => new Date(),
  options: { readonly canMail?: boolean; readonly publicUrl?: string } & Pick<
    HttpServerParts,
    'addressOf'
  > = {},
): Promise<PeopleServer> {
  const { canMail = true, publicUrl, ...edge } = options;
  const ledger = await createRealLedger();
  const administration = createRealAdministration(ledger, now);
  const mails = createMails(ledger.pool, ledger.keyring, { delivers: false });
  const faults: Error[] = [];
  const people = openPeople({
    pool: ledger.pool,
    dependencies: ledger.dependencies,
    readModels: ledger.readModels,
    defaultSettings: { ...firstSettings, hold_policy: 'clamp', limits: {} },
    passwords: createPasswords({ ln: 4, r: 8, p: 1 }),
    mails,
    canMail,
    publicUrl: () => 'https://portal.example.com',
    equalMs: 0,
    now,
    services: createIdentityServices(mayReach(['127.0.0.1']), now),
    onProviderFault: (_, error) => faults.push(error),
  });
  const payments = openPayments({
    ...ledger,
    openTexts: ledger.vault.openTexts,
    defaultSettings: firstSettings,
    isTest: true,
    givesGrants: true,
    mayReachFrom: () => () => true,
    baseUrl: () => 'https://portal.example.com',
    now,
    onVerdict: () => undefined,
    onFault: (error) => {
      throw error;
    },
  });
  const alerting: UserAlertParts = {
    config: { webhookAllowPrivate: ['127.0.0.1'] },
    database: { pool: ledger.pool },
    keyring: ledger.keyring,
    readModels: ledger.readModels,
    vault: ledger.vault,
    mails,
    publicUrl: () => 'https://portal.example.com',
  };
  // What a proof is, is tried elsewhere: here it matters whose is asked for.
  const receipts: Receipts = {
    of: ({ figure }) => Promise.resolve(`a receipt of ${figure}`),
    ofBalance: ({ externalUserId }) => Promise.resolve(`a proof of ${externalUserId}`),
  };
  const server = await startHttpServer({
    commands: ledger.commands,
    readModels: ledger.readModels,
    audit: ledger.audit,
    auth: { mode: 'key', keys: ledger.serviceKeys },
    admin: administration,
    people,
    payments: payments.desk,
    testPayments: payments.testPayments,
    own: openOwn({
      ...ledger,
      receipts,
      offeredProofs: () => Promise.resolve({ receipts: true, balances: true, keys: [] }),
      openTexts: ledger.vault.openTexts,
      settings: defaultHttpSettings,
    }),
    ownAlerts: openOwnAlerts(alerting),
    now,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...edge,
  });
  const browser = () => openBrowser(server);
  const linkTo = async (email: string): Promise<string> => {
    const mail = (await mails.list({ limit: 200 })).find(({ to }) => to === email);
    return /#([\w-]{43})/.exec(mail?.text ?? '')?.[1] ?? '';
  };
  return {
    ledger,
    administration,
    people,
    mails,
    payments,
    alerting,
    server,
    faults,
    browser,
    linkTo,
    registered: async (username, email = `${username}@example.com`) => {
      const one = browser();
      await one.call('POST', '/api/user/register', { username, email, password: PASSWORD });
      const token = await linkTo(email);
      const verified = await one.call('POST', '/api/user/verify-email', { token });
      const entered = await one.call('POST', '/api/auth/login', { login: username, password: PASSWORD });
      if (verified.status !== 200 || entered.status !== 200) throw new Error(verified.text + entered.text);
      return one;
    },
    close: async () => {
      await server.close();
      await administration.close();
      await ledger.close();
    },
  };
}

function openBrowser(server: HttpServer): Browser {
  const cookies = new Map<string, string>();
  return {
    cookies,
    call: async (method, path, body, headers = {}) => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const reply = await server.raw(path, {
        method,
        headers: {
          'Accept-Language': 'en',
          'Sec-Fetch-Site': 'same-origin',
          ...(cookie && { Cookie: cookie }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      for (const set of reply.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      return reply;
    },
  };
}

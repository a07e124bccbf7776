import { readFileSync } from 'node:fs';
import { flat, parseOptions } from './connection-options.js';
import { assertNoProxyBefore } from './proxies.js';
import type { WireSettings } from './wire/wire-session.js';

/** What is known of a connection string before the client sees it. */
export interface ConnectionSettings {
  /** Without TLS names and passwords are never sent, and the server asks nobody. */
  readonly encrypted: boolean;
  readonly credentials: { readonly username: string; readonly password: string };
  /** As the client is to have it, which looks for the leader. */
  readonly connectionString: string;
  /** How a connection is made to a server that was found. */
  readonly wire: WireSettings;
}

const FORM = /^esdb(\+discover)?:\/\/(?:([^:@/?]+):([^@/?]+)@)?([^@/?]+)\/?(?:\?(.*))?$/;

/**
 * What the client is told where the operator says nothing. It would look for a node of the cluster ten times and wait five
 * seconds for each, in the background, long after the caller gave up; a failed search is repeated by a new client anyway.
 */
const DEFAULTS = { maxDiscoverAttempts: 1, gossipTimeout: 1 } as const;

const DEFAULT_KEEP_ALIVE_MS = 10_000;

/**
 * Checks an `esdb://` connection string more strictly than the client does, which prints the whole of it, password
 * included, when an option is unknown.
 *
 * @throws Error that says what is wrong, without a secret
 */
export function parseConnectionString(connectionString: string): ConnectionSettings {
  // The server's later name for the same; the client knows the former one only.
  const text = connectionString.trim().replace(/^kurrentdb/, 'esdb');
  const match = FORM.exec(text);
  if (match === null) {
    throw new Error(
      'not an EventStoreDB connection string: esdb://[user:password@]host:port[,host:port]?tls=true|false',
    );
  }
  const [, discover, username, password, servers = '', query = ''] = match;
  const options = parseOptions(query);
  const hosts = servers.split(',').map((server) => server.replace(/:\d+$/, ''));
  if (discover || hosts.length > 1) assertNoProxyBefore(hosts, process.env);
  const encrypted = options.get('tls') !== 'false';
  const byCertificate = options.has('usercertfile');
  if (encrypted && !byCertificate && (username === undefined || password === undefined)) {
    throw new Error(
      'the EventStoreDB connection string needs user:password@, or tls=false for a server without security',
    );
  }
  // Without TLS they are never sent.
  const credentials = {
    username: decodeURIComponent(username ?? 'admin'),
    password: decodeURIComponent(password ?? 'changeit'),
  };
  const separator = text.includes('?') ? '&' : '?';
  const defaults = Object.entries(DEFAULTS).filter(([name]) => !options.has(flat(name)));
  return {
    encrypted,
    credentials,
    connectionString: text + separator + defaults.map(([name, value]) => `${name}=${value}`).join('&'),
    wire: wireSettings({ encrypted, credentials, named: username !== undefined }, options),
  };
}

function wireSettings(
  {
    encrypted,
    credentials,
    named,
  }: Pick<ConnectionSettings, 'encrypted' | 'credentials'> & { named: boolean },
  options: ReadonlyMap<string, string>,
): WireSettings {
  const ca = options.get('tlscafile');
  const [cert, key] = [options.get('usercertfile'), options.get('userkeyfile')];
  const login = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
  return {
    encrypted,
    ca: encrypted ? contentOf(ca) : undefined,
    cert: encrypted ? contentOf(cert) : undefined,
    key: encrypted ? contentOf(key) : undefined,
    headers: {
      'requires-leader': 'true',
      'connection-name': options.get('connectionname') ?? 'counterfoil',
      ...(encrypted && named && { authorization: `Basic ${login}` }),
    },
    keepAliveMs: Number(options.get('keepaliveinterval') ?? DEFAULT_KEEP_ALIVE_MS),
    keepAliveTimeoutMs: Number(options.get('keepalivetimeout') ?? DEFAULT_KEEP_ALIVE_MS),
  };
}

const contentOf = (path: string | undefined): Buffer | undefined =>
  path === undefined ? undefined : readFileSync(decodeURIComponent(path));

/** The same servers by another name and password. */
export function withCredentials(
  connectionString: string,
  { username, password }: ConnectionSettings['credentials'],
): string {
  const login = `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
  return connectionString.trim().replace(/:\/\/(?:[^@/?]+@)?/, `://${login}`);
}

import { Metadata, status, type ServerUnaryCall } from '@grpc/grpc-js';
import type { CallError } from './faults.js';
import type { StandInLog } from './log.js';

/** Names and passwords. Without any nobody is asked. */
export type Logins = Readonly<Record<string, string>>;

/** What a call wants to do. */
export type Act =
  | { readonly does: 'read' | 'write' | 'delete'; readonly stream: string }
  | { readonly does: 'read all' };

const ADMINS = '$admins';

interface Defaults {
  readonly $userStreamAcl?: Readonly<Record<'$r' | '$w' | '$d' | '$mr' | '$mw', string>>;
  readonly $systemStreamAcl?: { readonly $r: readonly string[] };
}

/**
 * Why a call is refused, undefined where it is not. As a server comes, whoever logs in may do all to a stream of users, and only
 * administrators see the server's own streams and the whole log; the last event of `$settings` says otherwise.
 */
export function refused(
  logins: Logins,
  log: StandInLog,
  call: Pick<ServerUnaryCall<unknown, unknown>, 'metadata'>,
  act: Act,
): CallError | undefined {
  if (Object.keys(logins).length === 0) return undefined;
  const given = String(call.metadata.get('authorization')[0] ?? '').replace(/^Basic /, '');
  const [name = '', password] = Buffer.from(given, 'base64').toString().split(':');
  if (password === undefined || logins[name] !== password)
    return { code: status.UNAUTHENTICATED, details: 'Unauthenticated', metadata: new Metadata() };
  if (name === 'admin' || may(name, act, log)) return undefined;
  const metadata = new Metadata();
  metadata.set('exception', 'access-denied');
  return { code: status.PERMISSION_DENIED, details: 'Access Denied', metadata };
}

function may(name: string, act: Act, log: StandInLog): boolean {
  const last = log.stream('$settings')?.at(-1);
  const defaults = JSON.parse(Buffer.from(last?.data ?? '{}').toString()) as Defaults;
  const readsSystem = defaults.$systemStreamAcl?.$r.includes(name) ?? false;
  if (act.does === 'read all') return readsSystem;
  const isMetadata = act.stream.startsWith('$$');
  const isSystem = act.stream.startsWith('$') && !isMetadata;
  if (isSystem) return act.does === 'read' && readsSystem;
  const { $d, $mw } = defaults.$userStreamAcl ?? {};
  if (act.does === 'delete') return $d !== ADMINS;
  return act.does === 'read' || !isMetadata || $mw !== ADMINS;
}

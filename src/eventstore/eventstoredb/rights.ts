import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { withDeadline } from '../../support/deadline.js';
import { EventStoreUnavailable, type ExpectedRevision, type JsonObject } from '../event-store.js';
import { type ConnectionSettings, parseConnectionString, withCredentials } from './connection-string.js';
import { isRefusedLogin, isStreamNotFound } from './failures.js';
import { LogClient } from './log-client.js';

/** Who may do what on a server, as far as the ledger depends on it. */
export interface Rights {
  /** Without TLS nobody is asked for a password, and no right holds. */
  readonly asksForPassword: boolean;
  /** The password that every new server has opens it. */
  readonly defaultPassword: boolean;
  /** Whether what holds for streams in general is what the ledger needs. */
  readonly defaults: 'right' | 'others' | 'none';
}

const SETTINGS = '$settings';
const DEFAULTS_CHANGED = 'update-default-acl';
const ADMINS = '$admins';

/**
 * What holds for every stream that says nothing itself: everybody who may log in reads and appends, only administrators delete a stream or
 * limit what it keeps, and `user` reads the whole log.
 */
const defaultsFor = (user: string) => ({
  $userStreamAcl: { $r: '$all', $w: '$all', $d: ADMINS, $mr: '$all', $mw: ADMINS },
  $systemStreamAcl: { $r: [ADMINS, user], $w: ADMINS, $d: ADMINS, $mr: ADMINS, $mw: ADMINS },
});

interface RightsOptions {
  /** With the name and password of an administrator. */
  readonly connectionString: string;
  /** What the ledger's processes log in as. */
  readonly user: string;
  readonly deadlineMs: number;
}

/** @throws EventStoreUnavailable */
export async function lookAtRights(options: RightsOptions): Promise<Rights> {
  const { connectionString, user } = options;
  if (!parseConnectionString(connectionString).encrypted)
    return { asksForPassword: false, defaultPassword: true, defaults: 'none' };
  const { found } = await lastSettings(options);
  const isRight = isDeepStrictEqual(found, defaultsFor(user));
  return {
    asksForPassword: true,
    defaultPassword: await hasDefaultPassword(options),
    defaults: isRight ? 'right' : found === undefined ? 'none' : 'others',
  };
}

/** Whether who may delete a stream is not what `writeRights` says. @throws EventStoreUnavailable, also where the login may not know */
export async function isOpenToDeletion(options: Omit<RightsOptions, 'user'>): Promise<boolean> {
  const { found } = await lastSettings(options);
  return !isDeepStrictEqual(found?.['$userStreamAcl'], defaultsFor('').$userStreamAcl);
}

/** Writes what holds for streams in general. Answers whether it had to. @throws EventStoreUnavailable, also when the login may not */
export async function writeRights(options: RightsOptions): Promise<boolean> {
  const { found, expected } = await lastSettings(options);
  const data = defaultsFor(options.user);
  if (isDeepStrictEqual(found, data)) return false;
  const events = [{ id: randomUUID(), type: DEFAULTS_CHANGED, data, metadata: {} }];
  await using(options, (client, signal) =>
    client.append({ stream: SETTINGS, expected, events }, { deadlineMs: options.deadlineMs, signal }),
  );
  return true;
}

/** Whether `admin` with the password that every new server has may log in. @throws EventStoreUnavailable when that is not known */
export async function hasDefaultPassword({
  connectionString,
  deadlineMs,
}: Pick<RightsOptions, 'connectionString' | 'deadlineMs'>): Promise<boolean> {
  const asAdmin = withCredentials(connectionString, { username: 'admin', password: 'changeit' });
  try {
    await using({ connectionString: asAdmin, deadlineMs }, (client, signal) =>
      client.readAll(undefined, { direction: 'backwards', limit: 1, signal }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && isRefusedLogin(error.cause)) return false;
    throw error;
  }
}

async function lastSettings(
  options: Omit<RightsOptions, 'user'>,
): Promise<{ readonly found: JsonObject | undefined; readonly expected: ExpectedRevision }> {
  const [last] = await using(options, async (client, signal) => {
    try {
      return await client.readStream(SETTINGS, undefined, { direction: 'backwards', limit: 1, signal });
    } catch (error) {
      if (isStreamNotFound(error)) return [];
      throw error;
    }
  });
  return { found: last?.data, expected: last?.revision ?? 'no-stream' };
}

/** A client for one call. */
async function using<T>(
  { connectionString, deadlineMs }: Pick<RightsOptions, 'connectionString' | 'deadlineMs'>,
  call: (client: LogClient, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const settings: ConnectionSettings = parseConnectionString(connectionString);
  const client = new LogClient(settings);
  const giveUp = new AbortController();
  try {
    return await withDeadline(call(client, giveUp.signal), deadlineMs, () => giveUp.abort());
  } catch (cause) {
    throw new EventStoreUnavailable('the rights of the event store cannot be looked at', { cause });
  } finally {
    client.retire();
  }
}

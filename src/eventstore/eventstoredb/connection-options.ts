import { accessSync, constants } from 'node:fs';

interface Kind {
  readonly is: (value: string) => boolean;
  /** In words. */
  readonly expected: string;
}

const text: Kind = { is: () => true, expected: 'a text' };
const truth: Kind = { is: (value) => value === 'true' || value === 'false', expected: 'true or false' };
const wholeNumber: Kind = { is: (value) => /^[1-9]\d{0,8}$/.test(value), expected: 'a whole number above 0' };
const numberOrNever: Kind = {
  is: (value) => value === '-1' || wholeNumber.is(value),
  expected: 'a whole number above 0, or -1 for never',
};
const leader: Kind = {
  is: (value) => value === 'leader',
  expected: 'leader, the only node that is asked: others lag behind it',
};
const readableFile: Kind = { is: isReadable, expected: 'a file that can be read' };

/** What has an effect. Of a value that it cannot use the client would complain only when it is used, the password in the error. */
const OPTIONS: ReadonlyMap<string, Kind> = new Map(
  Object.entries({
    connectionName: text,
    discoveryInterval: wholeNumber,
    gossipTimeout: wholeNumber,
    keepAliveInterval: numberOrNever,
    keepAliveTimeout: wholeNumber,
    maxDiscoverAttempts: wholeNumber,
    nodePreference: leader,
    tls: truth,
    tlsCAFile: readableFile,
    userCertFile: readableFile,
    userKeyFile: readableFile,
  }).map(([name, kind]) => [flat(name), kind]),
);

/** What the client knows and would be without effect here: better refused than believed. */
const WITHOUT_EFFECT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    defaultDeadline: 'the deadline of each call is the ledger’s own',
    dnsDiscover: 'write esdb+discover:// instead',
    throwOnAppendFailure: 'the ledger sees to each append itself',
    tlsVerifyCert: 'certificates are always verified; name the authority by tlsCAFile',
  }).map(([name, why]) => [flat(name), why]),
);

/** @throws Error that names the option, and never a value */
export function parseOptions(query: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const pair of query === '' ? [] : query.split('&')) {
    const [name = '', value = ''] = pair.split('=');
    const kind = OPTIONS.get(flat(name));
    const why = WITHOUT_EFFECT.get(flat(name));
    if (why !== undefined)
      throw new Error(
        `the EventStoreDB connection string has an option that would be without effect, ${name}: ${why}`,
      );
    if (!kind) throw new Error(`the EventStoreDB connection string has an unusable option: ${name}`);
    if (!kind.is(value.trim()))
      throw new Error(
        `the EventStoreDB connection string has an option that is not ${kind.expected}: ${name}`,
      );
    options.set(flat(name), value.trim());
  }
  if (options.has('usercertfile') !== options.has('userkeyfile'))
    throw new Error('the EventStoreDB connection string needs both userCertFile and userKeyFile, or neither');
  return options;
}

/** The client reads option names without regard to case, dashes and underscores. */
export function flat(name: string): string {
  return name.trim().toLowerCase().replace(/[_-]/g, '');
}

function isReadable(value: string): boolean {
  try {
    accessSync(decodeURIComponent(value), constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

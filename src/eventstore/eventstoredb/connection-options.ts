import { accessSync, constants } from 'node:fs';

interface Kind {
  readonly is: (value: string) => boolean;
  /** In words. */
  readonly expected: string;
}

const text: Kind = { is: () => true, expected: 'a text' };
const truth: Kind = { is: (value) => value === 'true' || value === 'false', expected: 'true or false' };
const wholeNumber: Kind = { is: (value) => /^-?\d{1,9}$/.test(value), expected: 'a whole number' };
const readableFile: Kind = { is: isReadable, expected: 'a file that can be read' };

/** What the client knows and has an effect. Of a value that it cannot use it would complain only when it is used, the password in the error. */
const OPTIONS: ReadonlyMap<string, Kind> = new Map(
  Object.entries({
    connectionName: text,
    defaultDeadline: wholeNumber,
    discoveryInterval: wholeNumber,
    gossipTimeout: wholeNumber,
    keepAliveInterval: wholeNumber,
    keepAliveTimeout: wholeNumber,
    maxDiscoverAttempts: wholeNumber,
    nodePreference: text,
    throwOnAppendFailure: truth,
    tls: truth,
    tlsCAFile: readableFile,
  }).map(([name, kind]) => [flat(name), kind]),
);

/** @throws Error that names the option, and never a value */
export function parseOptions(query: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const pair of query === '' ? [] : query.split('&')) {
    const [name = '', value = ''] = pair.split('=');
    const kind = OPTIONS.get(flat(name));
    if (!kind) throw new Error(`the EventStoreDB connection string has an unusable option: ${name}`);
    if (!kind.is(value.trim()))
      throw new Error(
        `the EventStoreDB connection string has an option that is not ${kind.expected}: ${name}`,
      );
    options.set(flat(name), value.trim());
  }
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

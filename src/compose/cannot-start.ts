/** Something that is needed could not be reached or used. Says where it is, why, and what to look at; never a password. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

interface NeededServer {
  readonly name: string;
  /** A connection string. */
  readonly url: string;
  readonly variable: string;
}

/** `PostgreSQL at db.example:5432 cannot be used: connect ECONNREFUSED …. Look at DATABASE_URL.` */
export const cannotStart = (what: NeededServer, cause: unknown): CannotStart =>
  unusable(
    `${what.name} at ${addressOf(what.url)}`,
    cause,
    `it runs and can be reached from here, and at ${what.variable}`,
  );

/** The same of a folder of this machine. `name`: what is in it. */
export const cannotWrite = (name: string, folder: string, cause: unknown): CannotStart =>
  unusable(
    `${name} in ${folder}`,
    cause,
    'it is a folder in which this user may write, whose disk has room, and at DATA_DIR',
  );

/** The same of an address to be reached at. */
export const cannotListen = (
  { host, port, variables }: { readonly host: string; readonly port: number; readonly variables: string },
  cause: unknown,
): CannotStart =>
  unusable(`the address ${host}:${port}`, cause, `another process has it, and at ${variables}`);

const unusable = (what: string, cause: unknown, look: string): CannotStart =>
  new CannotStart(`${what} cannot be used: ${reasonsOf(cause)}. Look whether ${look}.`, { cause });

/** Hosts and ports of a connection string: what stands before them is a password, and what stands behind them may be one. */
function addressOf(url: string): string {
  const [, authority = ''] = /^[^:]*:\/\/([^/?#]*)/.exec(url) ?? [];
  return authority.slice(authority.lastIndexOf('@') + 1) || 'an address that cannot be read';
}

/** What the error says, and what caused it, from the outside in, each once. */
export function reasonsOf(error: unknown): string {
  const reasons: string[] = [];
  for (let cause: unknown = error; cause !== undefined && cause !== null;) {
    const reason = messageOf(cause);
    if (reason !== '' && !reasons.some((known) => known.includes(reason))) reasons.push(reason);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return reasons.join(': ');
}

/** Of an attempt at several addresses (AggregateError) the message is empty and the reasons are inside. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '')
    return (error.errors as unknown[]).map(messageOf).join(', ');
  return (error instanceof Error ? error.message : String(error)).replace(/[.\s]+$/, '');
}

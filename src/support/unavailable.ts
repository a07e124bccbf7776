/** A server that the ledger needs cannot be reached now. Each port has its own, and whoever only wants to try later asks for this one. */
export abstract class Unavailable extends Error {}

/** Of Node's sockets; and of PostgreSQL: connection errors, too many connections, shutting down, cancelled by its timeout. */
const codes =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|08...|53300|57P0[123]|57014)$/;

/** What the PostgreSQL client says without a code. */
const messages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout)/;

/** Whether the error says that a server the ledger needs cannot be reached now, rather than that something is wrong with the program. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof Unavailable) return true;
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (typeof code === 'string' && codes.test(code)) || messages.test(error.message);
}

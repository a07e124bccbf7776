import type { Refusal } from '../../domain/refusal.js';
import { holdsUnstorableText } from './text-check.js';
import { isUnavailable, Unavailable } from '../../support/unavailable.js';

/** Who asks, under which request, and under which idempotency key where the caller gave one. */
export interface CommandMeta {
  /** `service-key:<id>`, `operator:<name>`, `bootstrap`, `system`, `open` */
  readonly actor: string;
  readonly requestId: string;
  readonly idempotencyKey?: string | undefined;
  /** When the service got the request, before its body, any queue and any retry. Default: when the command came to be handled. */
  readonly receivedAt?: Date | undefined;
}

/** `position`: wait for it before reading what the command changed. `replayed`: the command had come before; nothing was appended. */
export type CommandResult<Value> =
  | { readonly ok: true; readonly value: Value; readonly position: bigint; readonly replayed: boolean }
  | { readonly ok: false; readonly refusal: Refusal };

/** The log or the cache cannot be reached: nothing is known to have happened, and the same command may be sent again at will. */
export class LedgerUnavailable extends Unavailable {
  override readonly name = 'LedgerUnavailable';
}

type Run<Input, Value> = (input: Input, meta: CommandMeta) => Promise<CommandResult<Value>>;

function ledgerAway(error: unknown): never {
  if (!isUnavailable(error) || error instanceof LedgerUnavailable) throw error;
  throw new LedgerUnavailable('a server that the ledger needs cannot be reached', { cause: error });
}

declare const textIsChecked: unique symbol;

/**
 * A command as its callers have it: it may be retried at will, and rejects only with LedgerUnavailable. The mark is what `checked` alone
 * gives, so that no command reaches a caller without a look at its texts.
 */
export type Command<Input, Value> = Run<Input, Value> & { readonly [textIsChecked]: true };

/** What runs behind a command, before its texts are checked: `Handler<AccountCommands['eraseAccount']>`. */
export type Handler<C extends Command<never, unknown>> = (...given: Parameters<C>) => ReturnType<C>;

/**
 * Refuses what PostgreSQL could not store as text, wherever in the input it stands: it would stop the projections. A server that was away while
 * something was only read is the ledger's absence too.
 */
export function checked<Input, Value>(run: Run<Input, Value>): Command<Input, Value> {
  const command: Run<Input, Value> = async (input, meta) =>
    holdsUnstorableText([input, meta])
      ? { ok: false, refusal: { code: 'text_invalid' } }
      : run(input, meta).catch(ledgerAway);
  return command as Command<Input, Value>;
}

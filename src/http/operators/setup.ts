import type { CommandMeta } from '../../commands/handling/command.js';
import type { Refusal } from '../../domain/refusal.js';

/** How a ledger gets its first operator without the command line. */
export interface Setup {
  /** There is no operator yet. */
  isOpen(): Promise<boolean>;
  /**
   * Makes the first operator, an admin. `refused`: the token is another one, or there is an operator already; `busy`: somebody else is at
   * it, or what is in the log cannot be seen yet.
   */
  begin(
    token: string,
    operator: { readonly name: string; readonly password: string },
    meta: CommandMeta,
  ): Promise<
    { readonly kind: 'made' | 'refused' | 'busy' } | { readonly kind: 'unfit'; readonly refusal: Refusal }
  >;
}

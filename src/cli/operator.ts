import { openLedger, type Foundation } from '../compose/ledger.js';
import { openCommands, openWriteSide } from '../compose/write-side.js';
import type { Commands } from '../commands/commands.js';
import type { CommandMeta } from '../commands/handling/command.js';
import type { CommandDependencies } from '../commands/handling/ports.js';
import { UsageError } from './exit-codes.js';

/** Who asks and why, as the options of a command give it. @throws UsageError */
export function operatorMeta({ by, reason }: { readonly by: string; readonly reason: string }): CommandMeta {
  if (!/^[\w.@-]{1,100}$/.test(by)) throw new UsageError('--by is a name of letters, digits, . _ @ -');
  if (reason.length < 1 || reason.length > 500) throw new UsageError('--reason has 1 to 500 characters');
  return { actor: `operator:${by}`, requestId: 'cli' };
}

/** Commands that take nothing away, beside a running service: the projector raises the guards when it sees the event. */
export function commandsBesideService(foundation: Foundation): Commands {
  return openCommands(foundation, withoutCache);
}

/**
 * Commands that may take quota away hold it first, in the cache the calls are held in: the one in Redis or, where balances are in
 * the service's memory, our own while no service runs. Rejects when one does.
 */
export async function commandsThatHold(foundation: Foundation): Promise<Commands> {
  const { log } = foundation;
  const ledger = await openLedger(foundation, (error) => log.fatal({ err: error }, 'the balances were lost'));
  return openWriteSide(ledger).commands;
}

/**
 * Nothing can be held beside the service, so that nothing is free for whoever asks: what is left of a grant that is to be withdrawn is taken by the
 * service, which looks after it once that was written down.
 */
export const withoutCache: Pick<CommandDependencies, 'guards' | 'reservations'> = {
  guards: { raiseGuards: () => Promise.resolve() },
  reservations: {
    reserve: ({ quota: needed }) => Promise.resolve({ ok: false, needed, available: 0n }),
    settle: () => Promise.resolve(),
    release: () => Promise.resolve(),
    abandon: () => undefined,
  },
};

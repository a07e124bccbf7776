import { encodeHoldContext } from '../../domain/hold/hold-context.js';
import type { Refusal } from '../../domain/refusal.js';
import type { CommandResult } from './command.js';
import { holdIdOf } from './identifiers.js';
import type { CommandDependencies } from './ports.js';
import { whileAvailable } from './handle.js';

export interface TakeBack {
  readonly kind: 'refund' | 'adjustment' | 'grant';
  /** The stream in which the event will name the hold. */
  readonly stream: string;
  /**
   * Everything by which requests to the stream can differ. With the stream and the quota it makes the id of the hold: a retry repeats
   * the hold, and a request that is refused for its difference does not release the hold of the one that was recorded.
   */
  readonly reference: string;
  readonly accountId: string;
  /** What is to be taken back; positive. */
  readonly quota: bigint;
  /** The position of what credited it, where that is known. */
  readonly creditedAt?: bigint;
}

export type Reserve = (
  takeBack: TakeBack,
) => Promise<
  { readonly ok: true } | { readonly ok: false; readonly needed: bigint; readonly available: bigint }
>;

export const takeBackHoldId = ({ stream, reference, quota }: TakeBack): string =>
  holdIdOf(stream, reference, quota);

/**
 * Runs a command that takes quota back from an account. What `reserve` has held is settled at the position of the event that names
 * it, or given back when the command was refused. When the outcome is not known, the hold stays until its lease runs out and the sweeper looks for the event.
 *
 * @param settled the hold and the position of the event that names it, once the command was accepted
 */
export async function withReservation<Value>(
  { reservations, timings }: Pick<CommandDependencies, 'reservations' | 'timings'>,
  run: (reserve: Reserve) => Promise<CommandResult<Value>>,
  settled: () => string | undefined,
): Promise<CommandResult<Value>> {
  const held = new Map<string, bigint>();
  const reserve: Reserve = async (takeBack) => {
    const holdId = takeBackHoldId(takeBack);
    if (held.has(holdId)) return { ok: true };
    // Of a decision that was overtaken: nothing was recorded under it, and it may be what is missing now.
    for (const overtaken of held.keys()) {
      await reservations.release(overtaken);
      held.delete(overtaken);
    }
    const { kind, stream, accountId, quota, creditedAt } = takeBack;
    const context = encodeHoldContext({ kind, stream });
    const outcome = await reservations.reserve({ accountId, holdId, quota, context, creditedAt });
    if (!outcome.ok) return outcome;
    held.set(holdId, quota);
    return { ok: true };
  };
  const result = await run(reserve).catch((error: unknown) => {
    for (const holdId of held.keys()) reservations.abandon(holdId);
    throw error;
  });
  const kept = result.ok ? settled() : undefined;
  for (const [holdId, quota] of held) {
    if (result.ok && holdId === kept) {
      const { position } = result;
      await whileAvailable(timings, () => reservations.settle({ holdId, quota, position }));
    } else {
      await whileAvailable(timings, () => reservations.release(holdId));
    }
  }
  return result;
}

export const exceedsBalance = (
  code: 'refund_exceeds_balance' | 'adjustment_exceeds_balance',
  { needed, available }: { readonly needed: bigint; readonly available: bigint },
): Refusal => ({ code, needed, available });

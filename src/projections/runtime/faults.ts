import { DatabaseError } from 'pg';
import { UnreadableEvent } from '../../domain/events/codec.js';
import type { Place } from './projection.js';
import { MissingRow } from './rows.js';

/** The place of an event that cannot be projected, and why. `reason` carries no values of the event. */
export interface Poison {
  readonly stream: string;
  readonly revision: bigint;
  /** As it is stored. */
  readonly type: string;
  readonly position: bigint;
  readonly recordedAt: Date;
  readonly reason: string;
}

export const poison = (
  event: Place & { readonly type: string; readonly storedType?: string },
  reason: string,
): Poison => ({
  stream: event.stream,
  revision: event.revision,
  type: event.storedType ?? event.type,
  position: event.position,
  recordedAt: event.recordedAt,
  reason,
});

/** An event that the ledger can neither apply nor go past. Retried when the projector is started again. */
export class PoisonEvent extends Error {
  override readonly name = 'PoisonEvent';
  constructor(readonly poison: Poison) {
    const { type, stream, revision, position, reason } = poison;
    super(
      `${type} at revision ${revision} of ${stream}, position ${position}, cannot be projected: ${reason}`,
    );
  }
}

/** The tables were swapped for those of another version while this program ran. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** A batch that does not follow what has been applied. Nothing of it was applied. */
export class OutOfOrder extends Error {
  override readonly name = 'OutOfOrder';
}

/** Faults that no repetition cures. A wrong log is none: the right one may come back. */
export function isFinal(error: unknown): error is Error {
  return error instanceof PoisonEvent || error instanceof Superseded;
}

/**
 * Why the events of a batch, rather than the database or the way to it, made it fail; undefined when they did not.
 * SQLSTATE class 22 is data, 23 a constraint. Messages of the database may quote values, so only code and constraint are kept.
 */
export function faultOfEvents(error: unknown): string | undefined {
  if (error instanceof MissingRow || error instanceof UnreadableEvent) return error.message;
  if (error instanceof DatabaseError && /^2[23]/.test(error.code ?? '')) {
    return `SQLSTATE ${error.code}${error.constraint ? ` (${error.constraint})` : ''}`;
  }
  return undefined;
}

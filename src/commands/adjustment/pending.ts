import { adjustmentDecider } from '../../domain/adjustment/decide.js';
import { adjustmentStream } from '../../domain/streams.js';
import { openedText } from '../../support/opened.js';
import { adjustmentUuidOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import type { CommandDependencies } from '../handling/ports.js';

/** A correction that waits for a second operator. */
export interface PendingAdjustment {
  readonly adjustmentId: string;
  /** Signed. */
  readonly quota: bigint;
  /** Empty where the person was erased. */
  readonly reason: string;
  readonly requestedBy: string;
}

/** The correction of an id as the log has it, if it waits. */
export async function pendingAdjustment(
  { store, vault }: Pick<CommandDependencies, 'store' | 'vault'>,
  adjustmentId: string,
): Promise<PendingAdjustment | undefined> {
  const stream = adjustmentStream(adjustmentUuidOf(adjustmentId));
  const { state } = await load(store, stream, adjustmentDecider);
  if (state?.status !== 'requested') return undefined;
  const { quota, reason, requestedBy } = state;
  return { adjustmentId, quota, reason: await openedText(vault.openTexts, reason), requestedBy };
}

import { z } from 'zod';
import { accountIdOf } from '../commands/handling/identifiers.js';
import type { ReadModels } from '../projections/read-models.js';
import { HttpFailure } from './failure.js';
import type { HttpSettings } from './ports.js';
import { complaints } from './validation.js';

/** Within a log position there are at most so many digits. */
const POSITION = /^\d{1,19}$/;

/** The `x-counterfoil-position` of an answer, in the query of a read that is to show at least that. */
export const minPosition = z
  .string()
  .superRefine((value, context) => {
    if (!POSITION.test(value))
      context.addIssue({
        code: 'custom',
        params: { ...complaints.type('应为非负整数', 'must be a whole number') },
      });
  })
  .transform((text) => BigInt(text))
  .meta({
    type: 'integer',
    minimum: 0,
    description: 'the `x-counterfoil-position` of an answer: what is read contains it, or it is a 504',
  })
  .optional();

/** For the document: the failure of a read that was asked for a position. */
export const positionNotReached = [
  504,
  'position_not_reached',
  '数据尚未更新到所需位置，请稍后重试',
] as const;

interface Reading {
  readonly readModels: Pick<ReadModels, 'waitFor' | 'waitForSettled'>;
  readonly settings: Pick<HttpSettings, 'minPositionWaitMs' | 'settledWaitMs'>;
}

/**
 * Before a read: waits for the position that it asks for, and for what the user's calls are known to have settled, so that who has just
 * paid for a call sees it. The second is a courtesy: when its time runs out, what there is is shown.
 *
 * Throws a 504 `position_not_reached` when the position is not reached in time.
 */
export async function caughtUp(
  { readModels, settings }: Reading,
  { externalUserId, min }: { readonly externalUserId: string; readonly min: bigint | undefined },
): Promise<void> {
  if (min !== undefined && !(await readModels.waitFor(min, settings.minPositionWaitMs))) {
    const [status, code, zh] = positionNotReached;
    const en = 'The read models have not reached min_position yet, please retry';
    throw new HttpFailure({ status, code, text: { zh, en }, headers: { 'Retry-After': '1' } });
  }
  await readModels.waitForSettled(accountIdOf(externalUserId), settings.settledWaitMs);
}

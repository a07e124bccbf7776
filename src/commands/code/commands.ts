import type { GrantGiven } from '../grant/commands.js';
import type { Command } from '../handling/command.js';

export interface MakeCodes {
  /** Its natural key, for ever: one batch a reference. */
  readonly reference: string;
  /** What operators call it. */
  readonly name: string;
  readonly codes: number;
  /** What each of them gives. */
  readonly quota: bigint;
  /** From here on none of them is taken. */
  readonly endsAt: Date;
  /** What they give ends so many days after the code was used; undefined: never. */
  readonly grantDays?: number | undefined;
}

export interface CodesMade {
  readonly batchId: string;
  /** As they are given to people. Undefined where they were told before: to whoever made them they are told for a day. */
  readonly codes: readonly string[] | undefined;
}

export interface VoidCode {
  /** As somebody typed it. */
  readonly code: string;
  /** Recorded. */
  readonly reason: string;
}

export interface VoidCodeBatch {
  readonly batchId: string;
  /** Recorded. */
  readonly reason: string;
}

interface BatchNamed {
  readonly batchId: string;
}

export interface RedeemCode {
  readonly externalUserId: string;
  /** As somebody typed it. */
  readonly code: string;
}

export interface CodeCommands {
  /** Makes codes, once a reference; of the codes nothing is kept but what they are found by. */
  readonly makeCodes: Command<MakeCodes, CodesMade>;
  /** One that was not used is worth nothing any more. */
  readonly voidCode: Command<VoidCode, BatchNamed>;
  /** All of a batch that were not used. */
  readonly voidCodeBatch: Command<VoidCodeBatch, BatchNamed>;
  /** Gives what a code is worth, once: the grant is named by it. The same user again is answered as before. */
  readonly redeemCode: Command<RedeemCode, GrantGiven>;
}

const PREFIX = 'doubt:';

/** The adjustment that settles the doubt in a call's charge: one id a call, so that there is one settlement. */
export const doubtAdjustmentId = (callId: string): string => `${PREFIX}${callId}`;

/** The call whose doubt an adjustment settles; undefined for every other one. */
export const callOfDoubt = (adjustmentId: string): string | undefined =>
  adjustmentId.startsWith(PREFIX) ? adjustmentId.slice(PREFIX.length) : undefined;

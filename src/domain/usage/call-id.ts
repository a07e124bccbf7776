/** Processes whose charges of one account never wait for each other; more share. */
export const WRITER_LANES = 256;

/**
 * The id of a call that one process serves: a UUID of version 8, whose first two digits are the lane. Whoever resolves the call, now or
 * after a crash, finds its usage stream by the id alone.
 *
 * @param lane from 0, below WRITER_LANES
 * @param uuid random; in lower case
 */
export function callIdInLane(lane: number, uuid: string): string {
  return `${lane.toString(16).padStart(2, '0')}${uuid.slice(2, 14)}8${uuid.slice(15)}`;
}

/** Undefined: the call was made before there were lanes. */
export function laneOf(callId: string): string | undefined {
  return callId[14] === '8' ? callId.slice(0, 2) : undefined;
}

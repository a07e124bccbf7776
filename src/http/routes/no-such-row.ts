import type { FailureRow } from '../endpoint.js';
import { HttpFailure } from '../failure.js';

/** A row of the history that is not there, or is somebody else's. */
export const noSuchRow: FailureRow = [404, 'log_not_found', '记录不存在'];

export function rowNotFound(): HttpFailure {
  const [status, code, zh] = noSuchRow;
  return new HttpFailure({ status, code, text: { zh, en: 'No such row' } });
}

import { type JsonObject, listAt, objectAt } from '../../json/read.js';
import { candidateText, partsOf } from './texts.js';

/** A candidate in a chunk of a stream: whether it wrote something there, and whether it is finished by then. */
export interface CandidateNews {
  readonly index: unknown;
  readonly wrote: boolean;
  readonly finished: boolean;
}

export function candidatesOf(payload: JsonObject): readonly CandidateNews[] {
  return listAt(payload['candidates']).map((value) => {
    const candidate = objectAt(value);
    return {
      // The first candidate's index, 0, is often left out.
      index: candidate?.['index'] ?? 0,
      wrote: candidateText(candidate) !== '' || partsOf(candidate).some(isMedium),
      finished: isFinish(candidate?.['finishReason']),
    };
  });
}

/** The prompt was refused: an answer without candidates that is whole all the same, and that upstream may charge for. */
export function isBlocked(payload: JsonObject): boolean {
  return isFinish(objectAt(payload['promptFeedback'])?.['blockReason']);
}

/** A reason other than "unspecified"; a number where the client asked for enums as numbers. */
function isFinish(reason: unknown): boolean {
  if (typeof reason === 'number') return reason !== 0;
  return typeof reason === 'string' && reason !== '' && !reason.endsWith('_UNSPECIFIED');
}

function isMedium(part: JsonObject): boolean {
  return objectAt(part['inlineData']) !== undefined;
}

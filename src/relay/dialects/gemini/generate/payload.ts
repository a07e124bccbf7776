import { type JsonObject, listAt, objectAt } from '../../json/read.js';

/**
 * What the model wrote in an answer or in a chunk of a stream: text, thoughts, code it ran with its output, and the names and arguments
 * of calls. Pictures and audio have no text.
 */
export function outputTextOf(payload: JsonObject): string {
  let text = '';
  for (const candidate of listAt(payload['candidates'])) text += candidateText(objectAt(candidate));
  return text;
}

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

/** Upstream's error object; also out of a list, which is how streams of JSON arrays report one. */
export function errorOf(answer: unknown): JsonObject | undefined {
  const holder = Array.isArray(answer) ? (answer as readonly unknown[])[0] : answer;
  const error = objectAt(objectAt(holder)?.['error']);
  return typeof error?.['message'] === 'string' ? error : undefined;
}

/** The status that an error object names, 502 where it names none. */
export function statusOfError(error: JsonObject): number {
  const code = error['code'];
  return typeof code === 'number' && Number.isInteger(code) && code >= 400 && code <= 599 ? code : 502;
}

/** A reason other than "unspecified"; a number where the client asked for enums as numbers. */
function isFinish(reason: unknown): boolean {
  if (typeof reason === 'number') return reason !== 0;
  return typeof reason === 'string' && reason !== '' && !reason.endsWith('_UNSPECIFIED');
}

function candidateText(candidate: JsonObject | undefined): string {
  let text = '';
  for (const part of partsOf(candidate)) text += partText(part);
  return text;
}

function partsOf(candidate: JsonObject | undefined): readonly JsonObject[] {
  const parts = listAt(objectAt(candidate?.['content'])?.['parts']);
  return parts.map((part) => objectAt(part)).filter((part) => part !== undefined);
}

function partText(part: JsonObject): string {
  if (typeof part['text'] === 'string') return part['text'];
  const call = objectAt(part['functionCall']);
  if (call) return stringAt(call['name']) + (call['args'] === undefined ? '' : JSON.stringify(call['args']));
  return (
    stringAt(objectAt(part['executableCode'])?.['code']) +
    stringAt(objectAt(part['codeExecutionResult'])?.['output'])
  );
}

function isMedium(part: JsonObject): boolean {
  return objectAt(part['inlineData']) !== undefined;
}

function stringAt(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

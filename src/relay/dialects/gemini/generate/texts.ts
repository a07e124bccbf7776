import { type JsonObject, listAt, objectAt } from '../../json/read.js';
import { collectTexts } from '../../json/texts.js';
import { estimateMedia } from '../../../metering/estimate-nodes.js';
import { notText, written as WRITTEN } from '../media.js';

/** The text of the values that reach the model. */
export function promptTextOf(values: readonly unknown[]): string {
  const texts: string[] = [];
  for (const value of values) collectTexts(value, notText, texts);
  return texts.join('\n');
}

/**
 * What the model wrote in an answer or in a chunk of a stream: text, thoughts, code it ran with its output, and the names and arguments
 * of calls. Pictures and audio have no text.
 */
export function outputTextOf(payload: JsonObject): string {
  let text = '';
  for (const candidate of listAt(payload['candidates'])) text += candidateText(objectAt(candidate));
  return text;
}

/** The same of one candidate. */
export function candidateText(candidate: JsonObject | undefined): string {
  let text = '';
  for (const part of partsOf(candidate)) text += partText(part);
  return text;
}

export function partsOf(candidate: JsonObject | undefined): readonly JsonObject[] {
  const parts = listAt(objectAt(candidate?.['content'])?.['parts']);
  return parts.map((part) => objectAt(part)).filter((part) => part !== undefined);
}

/** Pictures and sound in an answer or in a chunk of a stream, in tokens from above. */
export function mediaTokensOf(payload: JsonObject): number {
  return estimateMedia(payload['candidates'], WRITTEN);
}

function partText(part: JsonObject): string {
  if (typeof part['text'] === 'string') return part['text'];
  const call = objectAt(part['functionCall']);
  if (call) return stringAt(call['name']) + argumentsText(call);
  return (
    stringAt(objectAt(part['executableCode'])?.['code']) +
    stringAt(objectAt(part['codeExecutionResult'])?.['output'])
  );
}

/** Vertex may send the arguments of a call piece by piece, each with where it belongs, which the model did not write. */
function argumentsText({ args, partialArgs }: JsonObject): string {
  let text = args === undefined ? '' : JSON.stringify(args);
  for (const piece of listAt(partialArgs)) text += stringAt(objectAt(piece)?.['stringValue']);
  return text;
}

function stringAt(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

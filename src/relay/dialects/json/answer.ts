import type { Usage } from '../../../domain/pricing/usage.js';
import type { ToolRuns } from '../../metering/tool-runs.js';
import type { UsageBeside } from '../../metering/usage-beside.js';
import { outputOf, promptOf } from '../../metering/usage.js';
import type { ReadAnswer } from '../read-answer.js';
import { type JsonObject, listAt, objectAt, textIn } from './read.js';

/** What an endpoint's whole answers look like. */
export interface AnswerShape {
  /** The payload as the others below read it, where upstreams spell it in several ways; absent: as it is. */
  readonly spelled?: (payload: JsonObject) => JsonObject;
  readonly isCompletion: (payload: JsonObject) => boolean;
  /** There is a place for answers, and none in it: only a usage makes that one. */
  readonly isEmpty?: (payload: JsonObject) => boolean;
  /** It says in a way of its own that something went wrong, and has nothing of an answer. */
  readonly hasFailed?: (payload: JsonObject) => boolean;
  readonly usageOf: (payload: JsonObject) => Usage | undefined;
  /** What was used and is not in that. */
  readonly besideOf?: (payload: JsonObject) => readonly UsageBeside[];
  /** What upstream ran and bills by the piece. */
  readonly runsOf?: (payload: JsonObject) => ToolRuns | undefined;
  /** The class of service, where it names one. */
  readonly serviceTierOf?: (payload: JsonObject) => string | undefined;
  /** Ids of what it leaves at upstream, where it leaves anything. */
  readonly leavesOf?: (payload: JsonObject) => readonly string[];
  /** What the model wrote, for counting. */
  readonly textOf: (payload: JsonObject) => string;
  /** The answer cut into what is counted each by itself (choices, items), each in the shape of an answer; absent: there is one. */
  readonly partsOf?: (payload: JsonObject) => readonly JsonObject[];
  /** What it made beside text, in tokens from above. */
  readonly mediaOf?: (payload: JsonObject) => number;
}

/** The answer's elements under `name`, each alone in the shape of the whole. */
export const eachOf =
  (name: string) =>
  (payload: JsonObject): readonly JsonObject[] =>
    listAt(payload[name]).map((element) => ({ [name]: [element] }));

/** The status of the error that an answer's JSON reports in a dialect; undefined where it reports none. */
export type ErrorStatus = (answer: unknown) => number | undefined;

/**
 * Reads a whole JSON answer of upstream: its one parse. An error is one also where it came with a 200; then its own status counts.
 * Never throws.
 */
export function readJsonAnswer(
  status: number,
  body: Buffer,
  shape: AnswerShape,
  errorStatusOf: ErrorStatus,
): ReadAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString('utf8'));
  } catch {
    return { kind: 'bad' };
  }
  const errorStatus = errorStatusOf(answer);
  if (errorStatus !== undefined) return { kind: 'error', status: status >= 400 ? status : errorStatus, body };
  const object = objectAt(answer);
  const payload = object && (shape.spelled?.(object) ?? object);
  if (!payload || status < 200 || status >= 300 || !shape.isCompletion(payload)) return { kind: 'bad' };
  const usage = shape.usageOf(payload);
  if (isNoAnswer(payload, usage, shape)) return { kind: 'bad' };
  return {
    kind: 'completion',
    usage,
    beside: shape.besideOf?.(payload),
    runs: shape.runsOf?.(payload),
    serviceTier: shape.serviceTierOf?.(payload),
    leaves: shape.leavesOf?.(payload),
    payload: object,
    outputText: () => shape.textOf(payload),
    outputTexts: () => (shape.partsOf?.(payload) ?? [payload]).map(shape.textOf),
    outputMedia: () => shape.mediaOf?.(payload) ?? 0,
  };
}

/** Some upstreams write an error with a 200 into the shape of an answer: what brought nothing is tried elsewhere, and costs nothing. */
function isNoAnswer(payload: JsonObject, usage: Usage | undefined, shape: AnswerShape): boolean {
  if (shape.hasFailed?.(payload)) return true;
  if (textIn(payload['error']) !== undefined)
    return shape.textOf(payload) === '' && (shape.mediaOf?.(payload) ?? 0) === 0;
  return shape.isEmpty?.(payload) === true && !(usage && saysAnything(usage));
}

const saysAnything = (usage: Usage): boolean => promptOf(usage) > 0 || outputOf(usage) > 0;

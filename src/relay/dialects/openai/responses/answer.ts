import { type AnswerShape, eachOf } from '../../json/answer.js';
import { type JsonObject, listAt, textIn } from '../../json/read.js';
import type { ReadAnswer } from '../../read-answer.js';
import { readWhole } from '../answer.js';
import { leftByResponse } from './left.js';
import { responseMediaTokens } from '../written-media.js';
import { responseText } from './texts.js';
import { toolRuns } from './tool-items.js';
import { responseUsage } from './usage.js';

const isEmpty = (payload: JsonObject): boolean => listAt(payload['output']).length === 0;

const shape: AnswerShape = {
  isCompletion: (payload) => Array.isArray(payload['output']),
  isEmpty,
  hasFailed: (payload) => payload['status'] === 'failed' && isEmpty(payload),
  usageOf: responseUsage,
  runsOf: toolRuns,
  textOf: responseText,
  partsOf: eachOf('output'),
  serviceTierOf: ({ service_tier }) => textIn(service_tier),
  leavesOf: leftByResponse,
  mediaOf: responseMediaTokens,
};

/** A whole response. Never throws. */
export const readResponse = (status: number, body: Buffer): ReadAnswer => readWhole(status, body, shape);
